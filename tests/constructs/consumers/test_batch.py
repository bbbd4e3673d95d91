"""Batch: the execution role of a job pulls, the role of the instances runs the ECS agent."""

from __future__ import annotations

import pytest

from ecr_constructs import BatchInstanceRole, SecureRepository

from ..conftest import templates
from .conftest import Stories
from .support import ACCOUNT, AGENT_PULL, OPEN, OTHER, REGION, TOKEN, Stack

AGENT = (
    ("ecs:RegisterContainerInstance", "cluster/AWSBatch-1"),
    ("ecs:DeregisterContainerInstance", "cluster/AWSBatch-1"),
    ("ecs:SubmitContainerStateChange", "cluster/AWSBatch-1"),
    ("ecs:SubmitTaskStateChange", "cluster/AWSBatch-1"),
    ("ecs:SubmitAttachmentStateChanges", "cluster/AWSBatch-1"),
    ("ecs:Poll", "container-instance/AWSBatch-1/0a"),
    ("ecs:StartTelemetrySession", "container-instance/AWSBatch-1/0a"),
    ("ecs:UpdateContainerInstancesState", "container-instance/AWSBatch-1/0a"),
)


@pytest.fixture(scope="module")
def story(stories: Stories) -> Stack:
    return stories("batch")["Reports"]


def test_jobs_run_with_the_named_execution_role_on_fargate_and_on_ec2(story: Stack) -> None:
    runner = story.role("Runner")
    definitions = [resource for _, resource in story.of_kind("AWS::Batch::JobDefinition")]
    roles = {
        story.filled(resource["Properties"]["ContainerProperties"]["ExecutionRoleArn"])
        for resource in definitions
    }
    assert len(definitions) == 2
    assert [role.rpartition(":")[2] for role in roles] == [runner.arn.rpartition("/")[2]]
    assert runner.ecr("shop/report") == AGENT_PULL
    assert runner.ecr("shop/api") == runner.ecr("shop/report", policy=OPEN, account=OTHER) == set()
    (log_group,) = [name for name, _ in story.of_kind("AWS::Logs::LogGroup")]
    assert runner.may("logs:PutLogEvents", story.arn(log_group))
    assert not runner.may("logs:CreateLogGroup", story.arn(log_group))
    task = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/AWSBatch-1/1234"
    assert runner.assumed_by("ecs-tasks.amazonaws.com", SourceAccount=ACCOUNT, SourceArn=task)


@pytest.mark.parametrize(("action", "resource"), AGENT)
def test_the_agent_works_in_the_clusters_of_this_account_and_region(
    story: Stack, action: str, resource: str
) -> None:
    instances = story.role("Instances")
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:{resource}"
    assert instances.may(action, arn)
    assert not instances.may(action, arn.replace(ACCOUNT, OTHER))
    assert not instances.may(action, arn.replace(REGION, "us-east-1"))


def test_the_instances_do_nothing_more(story: Stack) -> None:
    instances = story.role("Instances")
    cluster = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/AWSBatch-1"
    for action in ("ecs:CreateCluster", "ecs:DeleteCluster", "ecs:RunTask"):
        assert not instances.may(action, cluster)
    container = f"arn:aws:ecs:{REGION}:{ACCOUNT}:container-instance/AWSBatch-1/0a"
    registered = {"ecs:CreateAction": "RegisterContainerInstance"}
    assert instances.may("ecs:TagResource", container, context=registered)
    assert not instances.may("ecs:TagResource", container)
    stream = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/batch/job:log-stream:report/1"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        assert instances.may(action, stream)
        assert not instances.may(action, stream.replace("batch", "lambda"))
    assert not instances.may("logs:DeleteLogStream", stream)
    # The execution role pulls, so this one need not even log in.
    assert instances.account_actions() == instances.ecr("shop/report") == set()
    assert instances.resources_of_everything() == {"ecs:DiscoverPollEndpoint"}
    assert instances.managed == []
    assert instances.assumed_by("ec2.amazonaws.com")
    assert not instances.assumed_by("batch.amazonaws.com")


def test_instances_pull_for_jobs_without_an_execution_role(app, stack) -> None:
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    BatchInstanceRole(stack, "Instances", pulls_from=[api])
    role = Stack(ACCOUNT, templates(app)["Shop"]["Resources"]).role("Instances")
    assert role.ecr("shop/api") == AGENT_PULL
    assert role.account_actions() == {TOKEN}
