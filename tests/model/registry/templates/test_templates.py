import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.encryption_key import USE
from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.templates.access import (
    check_made_on_push,
    check_pusher,
    first_push,
)
from ecr_constructs.model.registry.templates.role import (
    check_creation_role,
    creation_statements,
    creation_trust,
    key_statement,
    needs_creation_role,
)
from ecr_constructs.model.registry.templates.template import (
    check_creation_template,
    check_policy_text,
    check_template_tags,
)
from ecr_constructs.model.registry.templates.uses import (
    AppliedFor,
    check_mutability,
    check_uses,
    default_mutability,
)
from ecr_constructs.model.repository.mutability import MutableTags

from ...answers import STRING_TOKEN, codes, only

CACHE, REPLICA, PUSH = (
    AppliedFor.PULL_THROUGH_CACHE,
    AppliedFor.REPLICATION,
    AppliedFor.CREATE_ON_PUSH,
)
USES = st.lists(st.sampled_from(AppliedFor), min_size=1, unique=True)
KEY = "arn:aws:kms:eu-west-1:111111111111:key/abc"


@pytest.mark.parametrize("prefix", ["prod", "prod/team", "a", "ROOT", "prod/", STRING_TOKEN])
def test_prefixes(prefix):
    assert check_creation_template(prefix=prefix, description=None) == ()


@pytest.mark.parametrize(
    ("prefix", "description", "expected"),
    [
        ("", None, "creation-template-prefix-invalid"),
        ("Prod", None, "creation-template-prefix-invalid"),
        ("x" * 257, None, "creation-template-prefix-invalid"),
        (None, None, "creation-template-prefix-invalid"),
        ("prod", "x" * 257, "creation-template-description-invalid"),
        ("prod", 7, "creation-template-description-invalid"),
    ],
)
def test_templates_that_ecr_refuses(prefix, description, expected):
    assert only(check_creation_template(prefix=prefix, description=description)).code == expected


@given(USES)
def test_tags_move_where_they_follow_another_registry(uses):
    mutable = default_mutability(uses)
    assert mutable.can_move("latest") is (CACHE in uses or REPLICA in uses)
    # What is the default is never a finding.
    assert check_mutability(uses, mutable) == ()


@given(USES)
def test_immutable_tags_are_told_of(uses):
    found = check_mutability(uses, MutableTags.none())
    assert {finding.code: finding.severity for finding in found} == {
        code: severity
        for use, code, severity in (
            (CACHE, "creation-template-freezes-cache", Severity.WARNING),
            (REPLICA, "creation-template-freezes-replica", Severity.NOTE),
        )
        if use in uses
    }
    assert check_mutability(uses, MutableTags.only("latest", "v*")) == ()


def test_a_mutable_cache_that_keeps_latest_is_told_of():
    finding = only(check_mutability([CACHE], MutableTags.all_except("lat*")))
    assert finding.given == "MUTABLE_WITH_EXCLUSION lat*"


@pytest.mark.parametrize(
    "uses", [[], "REPLICATION", REPLICA, ["REPLICATION"], [REPLICA, REPLICA], None, 7, {REPLICA}]
)
def test_what_is_no_use(uses):
    assert only(check_uses(uses)).code == "creation-template-uses-invalid"


@given(USES)
def test_uses(uses):
    assert check_uses(uses) == check_uses(tuple(uses)) == ()


@pytest.mark.parametrize(
    ("encryption", "has_tags", "expected"),
    [
        ("AES256", False, False),
        (None, False, False),
        ("AES256", True, True),
        ("KMS", False, True),
        ("KMS_DSSE", False, True),
    ],
)
def test_a_role_when_and_only_when_one_is_needed(encryption, has_tags, expected):
    assert needs_creation_role(encryption=encryption, has_tags=has_tags) is expected


@given(USES, st.booleans())
def test_the_role_may_do_what_it_is_for(uses, has_tags):
    (statement,) = creation_statements(uses, resource="r", has_tags=has_tags)
    expected = {"ecr:CreateRepository"}
    expected |= {"ecr:ReplicateImage"} if REPLICA in uses else set()
    expected |= {"ecr:TagResource"} if has_tags else set()
    assert set(statement.actions) == expected
    assert statement.resources == ("r",)


def test_keys_are_used_through_ecr_alone():
    where = {"partition": "aws", "region": "eu-west-1", "account": "111111111111"}
    given_key = key_statement(key_arn=KEY, **where)
    assert given_key.resources == (KEY,)
    managed = key_statement(key_arn=None, **where)
    assert managed.resources == ("arn:aws:kms:eu-west-1:111111111111:key/*",)
    assert managed.conditions["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/aws/ecr"
    }
    for statement in (given_key, managed):
        assert statement.actions == USE
        assert statement.conditions["StringEquals"] == {
            "kms:ViaService": "ecr.eu-west-1.amazonaws.com"
        }
    assert "aws:SourceAccount" in creation_trust("1")["StringEqualsIfExists"]


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::111111111111:role/ecr", []),
        ("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ecr", []),
        (STRING_TOKEN, []),
        ("arn:aws:iam::222222222222:role/ecr", ["creation-template-role-invalid"]),
        ("arn:aws:iam::111111111111:user/ecr", ["creation-template-role-invalid"]),
        ("ecr", ["creation-template-role-invalid"]),
    ],
)
def test_a_role_that_is_given(arn, expected):
    assert codes(check_creation_role(arn, account="111111111111")) == expected


def test_a_tag_without_a_value_is_taken_here():
    assert check_template_tags({"team": ""}) == ()
    assert check_template_tags({"team": "shop"}) == ()


@pytest.mark.parametrize(
    "tags", [{"": "x"}, {"aws:x": "y"}, {str(n): "x" for n in range(51)}, ["a"], {"a": None}]
)
def test_tags_that_ecr_refuses(tags):
    finding = only(check_template_tags(tags))
    assert finding.property == "resource_tags"


def test_the_length_of_the_policy():
    assert check_policy_text("x" * 10_240) == ()
    assert check_policy_text("${" + "x" * 20_000 + "}") == ()
    assert only(check_policy_text("x" * 10_241)).code == "creation-template-policy-too-long"


@given(USES)
def test_pushing_is_for_templates_on_push(uses):
    assert codes(check_made_on_push(uses)) == (
        [] if PUSH in uses else ["creation-template-not-on-push"]
    )


def test_the_first_push():
    push = {f"ecr:{name}" for name in ("PutImage", "CreateRepository", "InitiateLayerUpload")}
    assert push < set(first_push(has_tags=False))
    assert set(first_push(has_tags=True)) - set(first_push(has_tags=False)) == {"ecr:TagResource"}
    assert codes(check_pusher(["codebuild.amazonaws.com"])) == ["creation-template-service"]
    assert check_pusher([]) == ()


@pytest.mark.parametrize("length", [256, 257])
def test_the_longest_description_and_prefix(length):
    found = check_creation_template(prefix="x" * length, description="x" * length)
    assert len(found) == (0 if length == 256 else 2)
