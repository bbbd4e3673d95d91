import pytest

from ecr_constructs.model.iam.actions import Access
from ecr_constructs.model.repository.options import (
    check_access,
    check_construct,
    check_repository,
    check_repository_list,
    check_selection,
    offers,
)

from ..answers import only

ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"
HOST = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"


class Repository:
    """What every repository of CDK has."""

    def grant_pull(self, grantee):
        return grantee


class PublicRepository:
    """A repository from which everybody pulls."""

    def grant_push(self, grantee):
        return grantee


class Proxy:
    """What CDK gives for an import: its class has nothing."""

    def __getattr__(self, name):
        return getattr(Repository, name)


@pytest.mark.parametrize("repositories", [None, [], (), "api", 7])
def test_something_to_do_it_to(repositories):
    finding = only(check_selection(repositories, verb="share"))
    assert finding.code == "repositories-missing"
    assert "to share" in finding.message
    assert check_selection([Repository()], verb="share") == ()


def test_a_name_is_no_repository():
    finding = only(check_repository_list("pulls_from", [Repository(), "shop/api"]))
    assert (finding.code, finding.property) == ("repository-by-name", "pulls_from")
    assert finding.fix.endswith("from_repository_name(self, 'Api', 'shop/api')")
    assert only(check_selection(["shop/api"], verb="share")).code == "repository-by-name"
    assert only(check_repository_list("pulls_from", "shop/api")).code == "option-type"
    assert check_repository_list("pulls_from", ()) == ()


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (ARN, f"from_repository_arn(self, 'Api', '{ARN}')"),
        (f"{HOST}/shop/api:v1", f"from_repository_arn(self, 'Api', '{ARN}')"),
        (f"{HOST}/shop/api@sha256:0", f"from_repository_arn(self, 'Api', '{ARN}')"),
        ("shop/api", "from_repository_name(self, 'Api', 'shop/api')"),
    ],
)
def test_an_arn_or_uri_is_told_how_to_become_a_repository(text, call):
    assert only(check_repository("repository", text)).fix == f"write SecureRepository.{call}"


def test_a_public_repository_is_another_thing():
    finding = only(check_repository_list("pulls_from", [PublicRepository()]))
    assert "everybody pulls from it" in finding.fix


def test_access_is_a_member():
    assert check_access(Access.PUSH) == ()
    finding = only(check_access("push"))
    assert (finding.property, finding.fix) == ("access", "write access=Access.PUSH")
    assert "Access.PULL_PUSH" in finding.allowed
    assert only(check_access(7)).fix == "write access=Access.PULL"


@pytest.mark.parametrize("value", [Repository(), Proxy()])
def test_what_can_be_pulled_from_is_a_repository(value):
    assert check_repository("repository", value) == ()


@pytest.mark.parametrize("value", [None, 7, {"grant_pull": "x"}, Repository, object()])
def test_what_has_none_is_no_repository(value):
    finding = only(check_repository("repository", value))
    assert (finding.code, finding.given) == ("option-type", value)
    assert type(value).__name__ in finding.message
    listed = only(check_repository_list("pulls_from", [Repository(), value]))
    assert (listed.property, listed.message) == ("pulls_from", finding.message)


def test_a_construct_is_known_by_what_its_kind_has():
    finding = only(check_construct("vpc", "vpc-1", "vpc_id", noun="a VPC", fix="look it up"))
    assert finding.sentence() == (
        "vpc: is a str, not a VPC (given: 'vpc-1'; allowed: a VPC; fix: look it up)"
    )
    assert offers(Proxy(), "grant_pull")
    assert not offers(Proxy(), "vpc_id")
