"""App Runner: services made of the named images, of this account or another."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from ecr_constructs import AppRunnerAccessRole, InvalidInputError, SecureRepository

from ..conftest import templates
from .conftest import Stories
from .support import ACCOUNT, DESCRIBING_PULL, OPEN, OTHER, REGION, TOKEN, Role, Stack

BUILD = "build.apprunner.amazonaws.com"


@pytest.fixture(scope="module")
def story(stories: Stories) -> Stack:
    return stories("app_runner")["Web"]


@pytest.fixture(scope="module")
def role(story: Stack) -> Role:
    return story.role("Access")


def test_it_goes_the_whole_way(role: Role) -> None:
    assert role.ecr("shop/web") == DESCRIBING_PULL
    assert role.ecr("shop/api") == role.ecr("shop/web", policy=OPEN, account=OTHER) == set()
    assert role.ecr("shop/web", region="us-east-1") == set()
    assert role.account_actions() == role.resources_of_everything() == {TOKEN}
    assert role.managed == []


def test_app_runner_alone_gets_it(role: Role) -> None:
    assert role.assumed_by(BUILD)
    # The role of the program is another: tasks.apprunner.amazonaws.com gets that one.
    for other in ("tasks.apprunner.amazonaws.com", "apprunner.amazonaws.com", "ec2.amazonaws.com"):
        assert not role.assumed_by(other)
    assert not role.assumed_by(BUILD, action="sts:TagSession")


def test_the_service_reads_with_it_once_it_has_its_policy(story: Stack) -> None:
    ((_, service),) = story.of_kind("AWS::AppRunner::Service")
    source = service["Properties"]["SourceConfiguration"]
    role = source["AuthenticationConfiguration"]["AccessRoleArn"]
    assert role["Fn::GetAtt"][0] in [name for name, _ in story.of_kind("AWS::IAM::Role")]
    policies = [name for name, _ in story.of_kind("AWS::IAM::Policy")]
    assert policies
    assert set(policies) < set(service["DependsOn"])


def test_an_image_of_another_account_is_let_out_to_this_role(app: cdk.App, stack) -> None:
    web = SecureRepository(stack, "Web", repository_name="shop/web")
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=OTHER, region=REGION))
    AppRunnerAccessRole(other, "Access", pulls_from=[web], role_name="shop-web")
    found = templates(app)
    home = Stack(ACCOUNT, found["Shop"]["Resources"])
    role = Stack(OTHER, found["Other"]["Resources"], home.outputs(found["Shop"])).role("Access")
    policy = home.repository_policy("shop/web")
    assert role.ecr("shop/web", policy=policy) == DESCRIBING_PULL
    # Either half alone is nothing.
    assert role.ecr("shop/web") == set()
    assert Role(role.arn, {}, [], []).ecr("shop/web", policy=policy) == set()
    stranger = Role(role.arn.replace("shop-web", "shop-api"), {}, role.documents, [])
    assert stranger.ecr("shop/web", policy=policy) == set()


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"pulls_from": "shop/web"}, "pulls_from"),
        ({"pulls_from": ["shop/web"]}, "pulls_from"),
        ({"pulls_from": [], "role_name": "a role"}, "role_name"),
        ({"pulls_from": [], "description": "x" * 1001}, "description"),
    ],
)
def test_what_iam_would_refuse_is_refused(stack, options, option) -> None:
    with pytest.raises(InvalidInputError, match="Shop/Access") as caught:
        AppRunnerAccessRole(stack, "Access", **options)
    assert caught.value.findings[0].property.startswith(option)
    assert stack.node.try_find_child("Access") is None
