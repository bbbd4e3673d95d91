"""An ECR-to-ECR cache over two accounts: both sides are evaluated, in any order of declaration."""

import itertools

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    DataPerimeter,
    PullThroughCacheRule,
    RegistryPolicy,
    SecureRepository,
    Upstream,
)
from tests.model.iam.evaluator.support import decide

from ..conftest import resources, templates

BUILD, SHOP, THIRD = "111111111111", "222222222222", "333333333333"
THERE = cdk.Environment(account=BUILD, region="eu-west-1")
HERE = cdk.Environment(account=SHOP, region="us-east-1")
UPSTREAM = f"arn:aws:ecr:eu-west-1:{BUILD}:repository"
CACHE = f"arn:aws:ecr:us-east-1:{SHOP}:repository"
READ = (
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetImageCopyStatus",
)
FILL = (
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
ORDERS = list(itertools.permutations(["rule", "place", "repository"]))
FULL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def build(app, order):
    """The two stacks, with their parts declared in this order."""
    images, shop = cdk.Stack(app, "Images", env=THERE), cdk.Stack(app, "Shop", env=HERE)

    def rule():
        PullThroughCacheRule(shop, "Cache", upstream=images, prefix="prod", upstream_prefix="shop")

    def place():
        RegistryPolicy(images, "RegistryPolicy")

    def repository():
        SecureRepository(images, "Api", repository_name="shop/api")

    parts = {"rule": rule, "place": place, "repository": repository}
    for name in order:
        parts[name]()
    return images, shop


def sides(app):
    """The policy of the role, its trust, and the registry policy upstream."""
    found = templates(app)
    (role,) = resources(found["Shop"], "AWS::IAM::Role").values()
    (policy,) = role["Properties"]["Policies"]
    (registry,) = resources(found["Images"], "AWS::ECR::RegistryPolicy").values()
    return (
        policy["PolicyDocument"],
        role["Properties"]["AssumeRolePolicyDocument"],
        registry["Properties"]["PolicyText"],
    )


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_no_cycle_and_the_same_in_any_order(flags, order):
    app, first = cdk.App(context=flags), cdk.App(context=flags)
    images, shop = build(app, order)
    build(first, ["rule", "place", "repository"])
    assert templates(app) == templates(first)
    assert images.dependencies == shop.dependencies == []


def test_the_service_may_do_what_it_must_and_a_third_account_nothing(app):
    build(app, ["place", "repository", "rule"])
    identity, trust, registry = sides(app)
    role = f"arn:aws:sts::{SHOP}:assumed-role/cache/ecr"

    def decided(who, action, resource, *, own=identity):
        return decide(who, action, resource, identity=[own], registry=registry).decision.value

    for action in READ:
        assert decided(role, action, f"{UPSTREAM}/shop/api") == "allow"
        # Neither other repositories of the upstream, nor its own account's other rights.
        assert decided(role, action, f"{UPSTREAM}/payments/api") == "implicit-deny"
        assert decided(role, action, f"{UPSTREAM}/payments/api", own=FULL) == "implicit-deny"
        for stranger in (f"arn:aws:iam::{THIRD}:role/cache", f"arn:aws:iam::{THIRD}:root"):
            assert decided(stranger, action, f"{UPSTREAM}/shop/api", own=FULL) == "implicit-deny"
    for action in FILL:
        # It fills the cache, and writes nothing upstream whatever it allows itself.
        found = decide(role, action, f"{CACHE}/prod/api", identity=[identity])
        assert found.decision.value == "allow"
        found = decide(role, action, f"{CACHE}/shop/api", identity=[identity])
        assert found.decision.value == "implicit-deny"
        assert decided(role, action, f"{UPSTREAM}/shop/api", own=FULL) == "implicit-deny"
    token = decide(role, "ecr:GetAuthorizationToken", "*", identity=[identity])
    assert token.decision.value == "allow"
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "pullthroughcache.ecr.amazonaws.com"}
    assert statement["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": SHOP}}


def test_a_stage_of_its_own_is_no_obstacle(app):
    images = cdk.Stack(app, "Images", env=THERE)
    RegistryPolicy(images, "RegistryPolicy")
    stage = cdk.Stage(app, "Production", env=HERE)
    shop = cdk.Stack(stage, "Shop")
    PullThroughCacheRule(shop, "Cache", upstream=images)
    registry = resources(templates(app)["Images"], "AWS::ECR::RegistryPolicy")
    assert SHOP in str(registry)


def test_an_upstream_elsewhere_is_a_warning_with_the_statement(app):
    shop = cdk.Stack(app, "Shop", env=HERE)
    PullThroughCacheRule(shop, "Cache", upstream=Upstream.ecr(account=BUILD, region="eu-west-1"))
    (message,) = [entry.entry.data for stack in app.synth().stacks for entry in stack.messages]
    assert "pull-through-upstream-policy-missing" in message
    assert f'"arn:aws:iam::{SHOP}:root"' in message
    assert f"{UPSTREAM}/*" in message
    assert resources(templates(app)["Shop"], "AWS::IAM::Role")


def test_another_region_of_the_account_needs_nothing(app):
    shop = cdk.Stack(app, "Shop", env=HERE)
    PullThroughCacheRule(shop, "Cache", upstream=Upstream.ecr(account=SHOP, region="eu-west-1"))
    template = templates(app)["Shop"]
    assert resources(template, "AWS::IAM::Role") == {}
    (rule,) = resources(template, "AWS::ECR::PullThroughCacheRule").values()
    assert "CustomRoleArn" not in rule["Properties"]
    assert [entry.entry.data for entry in app.synth().stacks[0].messages] == []


def test_a_stack_that_does_not_say_its_account_is_warned_of(app):
    images = cdk.Stack(app, "Images", env=THERE)
    agnostic = cdk.Stack(app, "Agnostic")
    PullThroughCacheRule(agnostic, "Cache", upstream=images)
    (message,) = [entry.entry.data for stack in app.synth().stacks for entry in stack.messages]
    assert "pull-through-account-unknown" in message
    assert resources(templates(app)["Agnostic"], "AWS::IAM::Role")


def test_a_role_of_ones_own(app):
    shop = cdk.Stack(app, "Shop", env=HERE)
    role = iam.Role.from_role_arn(shop, "Role", f"arn:aws:iam::{SHOP}:role/cache")
    upstream = Upstream.ecr(account=BUILD, region="eu-west-1")
    PullThroughCacheRule(shop, "Cache", upstream=upstream, role=role)
    template = templates(app)["Shop"]
    assert resources(template, "AWS::IAM::Role") == {}
    (rule,) = resources(template, "AWS::ECR::PullThroughCacheRule").values()
    assert rule["Properties"]["CustomRoleArn"] == f"arn:aws:iam::{SHOP}:role/cache"


def test_the_cache_is_filled_through_a_perimeter(app):
    images, _ = build(app, ["place", "repository", "rule"])
    member, endpoint = "o-a1b2c3d4e5", "vpce-0123456789abcdef0"
    exempt = f"arn:aws:iam::{SHOP}:role/*Cache*"
    DataPerimeter(
        organizations=[member], vpc_endpoints=[endpoint], exempt_roles=[exempt]
    ).protect_registry(images)
    identity, _, registry = sides(app)

    def read(role, organization):
        return {
            decide(
                f"arn:aws:sts::{SHOP}:assumed-role/{role}/ecr",
                action,
                f"{UPSTREAM}/shop/api",
                context={"aws:PrincipalOrgID": organization},
                identity=[identity],
                registry=registry,
            ).decision.value
            for action in READ
        }

    assert read("Shop-CacheRole", member) == {"allow"}
    assert read("Shop-CacheRole", "o-z9y8x7w6v5") == {"explicit-deny"}
    # Without the exemption the network is in the way of the images themselves.
    assert read("Shop-Other", member) == {"allow", "explicit-deny"}
