"""What an entry means: the properties, the policy, and what a role of the fleet may do.

That they are those of a SecureRepository is shown where constructs are made.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs import (
    Encryption,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetOptions,
    FleetPrincipal,
    FleetRepository,
    FleetRole,
    FleetTrust,
    Removal,
)
from ecr_constructs.model.findings import dangers
from ecr_constructs.model.fleet.meaning.place import document_size
from ecr_constructs.model.fleet.meaning.properties import RepositoryResources
from ecr_constructs.model.fleet.meaning.roles import RoleResources
from ecr_constructs.model.fleet.meaning.tags import rendered_tags
from ecr_constructs.model.iam.actions import GET_AUTHORIZATION_TOKEN, Access
from ecr_constructs.model.repository.policy.document import check_repository_statement
from ecr_constructs.model.roles.oidc import GitHubRuns
from tests.model.fleet.fleets import KEY, TAGS, fleets

HOME = FleetEnvironment(account="111111111111", region="eu-west-1")
GROUPS = {"shop": FleetGroup()}
PULL = list(Access.PULL.actions)
PUSH = list(Access.PUSH.actions)


def _fleet(entry, **parts):
    return Fleet(repositories=(entry,), groups=GROUPS, **parts)


def _properties(entry, environment=HOME, **parts):
    return RepositoryResources(_fleet(entry, **parts), environment).properties(entry)


def _statements(environment=HOME, **access):
    entry = FleetRepository(name="shop/api", group="shop", **access)
    return _properties(entry, environment)["RepositoryPolicyText"]["Statement"]


def test_an_entry_that_says_nothing_is_safe() -> None:
    entry = FleetRepository(name="shop/api", group="shop")
    resource = RepositoryResources(_fleet(entry), HOME).resource(entry)
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    properties = resource["Properties"]
    assert list(properties) == sorted(properties)
    lifecycle = json.loads(properties.pop("LifecyclePolicy")["LifecyclePolicyText"])
    assert lifecycle["rules"][0]["selection"]["countNumber"] == 14
    assert properties == {
        "EncryptionConfiguration": {"EncryptionType": "AES256"},
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "ImageTagMutability": "IMMUTABLE",
        "RepositoryName": "shop/api",
    }


def test_an_entry_overrides_its_kind_and_an_environment_both_and_tags_are_merged() -> None:
    kind = FleetKind(
        group="shop",
        scan_on_push=False,
        lifecycle=(),
        pull=(FleetPrincipal.account("222222222222"),),
        tags={"team": "shop", "cost": "1"},
    )
    entry = FleetRepository(
        name="shop/api", kind="web", lifecycle=None, pull=(), tags={"cost": "2"}
    )
    over = FleetEnvironment(
        overrides=FleetOptions(
            scan_on_push=True,
            tags={"stage": "dev"},
            removal=Removal.delete_with_images(reason="rebuilt each night"),
        )
    )
    plain = _properties(entry, kinds={"web": kind})
    assert plain["ImageScanningConfiguration"] == {"ScanOnPush": False}
    assert {"LifecyclePolicy", "RepositoryPolicyText"} & set(plain) == set()
    assert plain["Tags"] == [{"Key": "cost", "Value": "2"}, {"Key": "team", "Value": "shop"}]
    there = _properties(entry, over, kinds={"web": kind})
    assert there["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert there["EmptyOnDelete"] is True
    assert [tag["Key"] for tag in there["Tags"]] == ["cost", "stage", "team"]


def test_encryption_and_its_key_are_overridden_together() -> None:
    kind = FleetKind(group="shop", encryption_key=KEY)
    plain = FleetRepository(name="shop/api", kind="web", encryption=Encryption.AES_256)
    keyed = FleetRepository(name="shop/web", kind="web")
    assert _properties(plain, kinds={"web": kind})["EncryptionConfiguration"] == {
        "EncryptionType": "AES256"
    }
    assert _properties(keyed, kinds={"web": kind})["EncryptionConfiguration"] == {
        "EncryptionType": "KMS",
        "KmsKey": KEY,
    }


def test_who_pulls_the_same_way_shares_a_statement() -> None:
    accounts = [FleetPrincipal.account(f"{number}" * 12) for number in (3, 2)]
    assert _statements(pull=accounts, push=accounts[:1]) == [
        {
            "Action": PULL,
            "Effect": "Allow",
            "Principal": {
                "AWS": ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:root"]
            },
        },
        {
            "Action": PUSH,
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::333333333333:root"},
        },
    ]


def test_a_service_acts_for_the_account_and_region_of_the_repository_alone() -> None:
    (known,) = _statements(pull=[FleetPrincipal.service("codebuild.amazonaws.com")])
    assert known["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:codebuild:eu-west-1:111111111111:project/*"},
    }
    (unknown,) = _statements(
        FleetEnvironment(), pull=[FleetPrincipal.service("codebuild.amazonaws.com")]
    )
    assert unknown["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def test_a_role_of_another_account_need_not_exist_and_one_of_this_account_is_named() -> None:
    other = FleetPrincipal.role("arn:aws:iam::333333333333:role/ci")
    own = FleetPrincipal.role("arn:aws:iam::111111111111:role/ci")
    asked, named = _statements(pull=[other, own])
    assert asked["Principal"] == {"AWS": "arn:aws:iam::333333333333:root"}
    assert asked["Condition"] == {"ArnEquals": {"aws:PrincipalArn": other.value}}
    assert named["Principal"] == {"AWS": own.value}
    assert "Condition" not in named


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_arns_are_of_the_partition_of_the_region(region, partition):
    (statement,) = _statements(
        FleetEnvironment(region=region), pull=[FleetPrincipal.account("222222222222")]
    )
    assert statement["Principal"] == {"AWS": f"arn:{partition}:iam::222222222222:root"}


@settings(max_examples=50)
@given(fleets())
def test_ecr_takes_the_policy_of_every_entry(fleet):
    for environment in (HOME, FleetEnvironment()):
        resources = RepositoryResources(fleet, environment)
        for entry in fleet.repositories:
            policy = resources.properties(entry).get("RepositoryPolicyText", {"Statement": []})
            for statement in policy["Statement"]:
                assert dangers(check_repository_statement(statement)) == ()
                assert GET_AUTHORIZATION_TOKEN not in statement["Action"]
            compact = json.dumps(policy, separators=(",", ":"), ensure_ascii=False)
            if "Fn::" not in compact and "Ref" not in compact:
                assert document_size(policy) == len(compact)


def test_a_role_may_do_what_entries_grant_it_and_log_in_and_nothing_else() -> None:
    trust = FleetTrust.of_github(GitHubRuns(owner="acme", project="shop", branch="main"))
    roles = {
        "ci": FleetRole(group="shop", trust=trust, role_name="shop-ci"),
        "idle": FleetRole(group="shop", trust=FleetTrust.of_account("222222222222")),
    }
    entries = (
        FleetRepository(name="shop/web", group="shop", pull=["ci"], push=["ci"]),
        FleetRepository(name="shop/api", group="shop", pull=["ci"]),
        FleetRepository(name="shop/base", group="shop"),
    )
    resources = RoleResources(Fleet(repositories=entries, groups=GROUPS, roles=roles), HOME)
    properties = resources.resource("ci")["Properties"]
    (policy,) = properties["Policies"]
    arn = "arn:aws:ecr:eu-west-1:111111111111:repository/"
    assert policy["PolicyDocument"]["Statement"] == [
        {"Action": PULL, "Effect": "Allow", "Resource": arn + "shop/api"},
        {
            "Action": list(Access.PULL_PUSH.actions),
            "Effect": "Allow",
            "Resource": arn + "shop/web",
        },
        {"Action": GET_AUTHORIZATION_TOKEN, "Effect": "Allow", "Resource": "*"},
    ]
    assert properties["RoleName"] == "shop-ci"
    (trusted,) = properties["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trusted["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main",
    }
    assert "Policies" not in resources.resource("idle")["Properties"]


def test_a_role_of_the_fleet_needs_no_place_in_the_repository_policy() -> None:
    role = FleetRole(group="shop", trust=FleetTrust.of_service("ecs-tasks.amazonaws.com"))
    entry = FleetRepository(name="shop/api", group="shop", pull=["runner"])
    fleet = _fleet(entry, roles={"runner": role})
    assert "RepositoryPolicyText" not in RepositoryResources(fleet, HOME).properties(entry)
    resource = RoleResources(fleet, HOME).resource("runner")["Properties"]
    (trusted,) = resource["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}
    # ECS documents one action more than a pull needs.
    (pulls, _) = resource["Policies"][0]["PolicyDocument"]["Statement"]
    assert pulls["Action"] == ["ecr:BatchCheckLayerAvailability", *PULL]


@given(TAGS, st.randoms())
def test_tags_are_in_one_order_whatever_the_order_written(tags, chance):
    keys = list(tags)
    chance.shuffle(keys)
    shuffled = {key: tags[key] for key in keys}
    assert rendered_tags(shuffled) == rendered_tags(tags)
    assert {tag["Key"]: tag["Value"] for tag in rendered_tags(tags)} == tags
