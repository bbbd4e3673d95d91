"""Two roles of a task: one starts it, the other is what its program acts as."""

from __future__ import annotations

import pytest

from .conftest import Stories
from .support import ACCOUNT, AGENT_PULL, OPEN, OTHER, PULL, REGION, TOKEN, Role, Stack

ECS = "ecs-tasks.amazonaws.com"
TASK = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/shop/1234"


@pytest.fixture(scope="module")
def story(stories: Stories) -> Stack:
    return stories("ecs_task_roles")["Shop"]


@pytest.mark.parametrize("path", ["Runner", "ShopRole", "GuessingRole"])
def test_ecs_gets_the_role_for_tasks_of_this_account_and_region(story: Stack, path: str) -> None:
    role = story.role(path)
    assert role.assumed_by(ECS, SourceAccount=ACCOUNT, SourceArn=TASK)
    assert not role.assumed_by(ECS, SourceAccount=OTHER, SourceArn=TASK.replace(ACCOUNT, OTHER))
    assert not role.assumed_by(ECS, SourceAccount=ACCOUNT, SourceArn=TASK.replace("west", "east"))
    assert not role.assumed_by(ECS)
    assert not role.assumed_by("ec2.amazonaws.com", SourceAccount=ACCOUNT, SourceArn=TASK)


def test_the_execution_role_goes_the_whole_way(story: Stack) -> None:
    runner = story.role("Runner")
    assert runner.ecr("shop/api") == AGENT_PULL
    assert runner.ecr("shop/models") == runner.ecr("shop/api", policy=OPEN, account=OTHER) == set()
    assert runner.account_actions() == runner.resources_of_everything() == {TOKEN}
    (log_group,) = [name for name, _ in story.of_kind("AWS::Logs::LogGroup")]
    (secret,) = [name for name, _ in story.of_kind("AWS::SecretsManager::Secret")]
    stream = story.arn(log_group).replace(":*", ":log-stream:api/1")
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        assert runner.may(action, stream)
        assert not runner.may(action, stream.replace(log_group, "Another"))
    assert not runner.may("logs:DeleteLogStream", stream)
    # The credentials of a private registry are a secret like others.
    assert runner.may("secretsmanager:GetSecretValue", story.arn(secret))
    assert not runner.may("secretsmanager:PutSecretValue", story.arn(secret))
    assert not runner.may("secretsmanager:GetSecretValue", f"{story.arn(secret)}-2")


def test_a_program_that_pulls_nothing_may_do_nothing(story: Stack) -> None:
    program = story.role("ShopRole")
    assert program.documents == program.managed == []


def test_a_program_that_pulls_may_pull_what_was_named(story: Stack) -> None:
    program = story.role("GuessingRole")
    assert program.ecr("shop/models") == PULL
    assert program.ecr("shop/api") == set()
    assert program.account_actions() == program.resources_of_everything() == {TOKEN}


class TestOverAccounts:
    @pytest.fixture
    def images(self, stories: Stories) -> Stack:
        return stories("ecs_cross_account")["Images"]

    @pytest.fixture
    def runner(self, stories: Stories) -> Role:
        return stories("ecs_cross_account")["Production"].role("Runner")

    def test_both_sides_let_the_role_in(self, images: Stack, runner: Role) -> None:
        policy = images.repository_policy("shop/api")
        assert runner.ecr("shop/api", policy=policy) == AGENT_PULL
        # Neither half is enough.
        assert runner.ecr("shop/api") == set()
        assert Role(runner.arn, {}, [], []).ecr("shop/api", policy=policy) == set()

    def test_nobody_else_of_the_account_gets_in(self, images: Stack, runner: Role) -> None:
        policy = images.repository_policy("shop/api")
        neighbour = Role(runner.arn.replace("runner", "intern"), {}, runner.documents, [])
        assert neighbour.ecr("shop/api", policy=policy) == set()
