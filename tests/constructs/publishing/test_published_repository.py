"""Where images are, as SSM parameters."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import InvalidInputError, PublishedRepository, SecureRepository

from ..conftest import SHOP, resources, statements_of, templates

DIGEST = "sha256:" + "0" * 64


def parameters(template):
    """Name to value, with what stands before the name of the repository cut off."""
    found = {}
    for made in resources(template, "AWS::SSM::Parameter").values():
        value = made["Properties"]["Value"]
        found[made["Properties"]["Name"]] = (
            value if isinstance(value, str) else value["Fn::Join"][1][-1]
        )
    return found


def test_the_uri_and_the_digests_stand_under_the_path(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    published = PublishedRepository(stack, "Published", repository=api, digests={"stable": DIGEST})
    assert published.path == "/images/shop/api"
    template = templates(app)["Shop"]
    found = parameters(template)
    assert set(found) == {
        "/images/shop/api/uri",
        "/images/shop/api/stable/uri",
        "/images/shop/api/stable/digest",
    }
    assert found["/images/shop/api/stable/digest"] == DIGEST
    assert found["/images/shop/api/stable/uri"].endswith(f"@{DIGEST}")
    assert "@" not in str(found["/images/shop/api/uri"])
    assert {
        made["Properties"]["Type"] for made in resources(template, "AWS::SSM::Parameter").values()
    } == {"String"}


@pytest.mark.parametrize("kind", ["adopted", "plain", "unnamed"])
def test_any_repository_is_published(app, stack, kind):
    repository = {
        "adopted": lambda: SecureRepository.from_repository_name(stack, "Api", "shop/old"),
        "plain": lambda: ecr.Repository(stack, "Api", repository_name="plain"),
        "unnamed": lambda: SecureRepository(stack, "Api"),
    }[kind]()
    PublishedRepository(stack, "Published", repository=repository, path="/team/api")
    assert set(parameters(templates(app)["Shop"])) == {"/team/api/uri"}


def test_readers_read_these_parameters_and_no_others(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    published = PublishedRepository(stack, "Published", repository=api)
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    published.grant_read(role)
    (statement,) = statements_of(templates(app)["Shop"])
    arn = f"arn:aws:ssm:{SHOP[1]}:{SHOP[0]}:parameter/images/shop/api"
    assert statement["Resource"] == [arn, f"{arn}/*"]
    assert statement["Action"] == [
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    ]


def test_bad_input_is_refused_before_anything_is_made(stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    unnamed = SecureRepository(stack, "Unnamed")
    for said in (
        {"path": "images"},
        {"path": "/aws/images"},
        {"digests": {"stable": "v1"}},
        {"digests": {"a/b": DIGEST}},
        {"digests": "stable"},
        {"repository": unnamed},
    ):
        with pytest.raises(InvalidInputError, match=r"^\[Shop/Published\] "):
            PublishedRepository(stack, "Published", **{"repository": api, **said})
    assert stack.node.try_find_child("Published") is None
