"""What is true of the role of every consumer, whichever service assumes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ecr_constructs.model.consumers.by_policy.codebuild import codebuild_role
from ecr_constructs.model.consumers.by_role.app_runner import app_runner_access_role
from ecr_constructs.model.consumers.by_role.batch import batch_instance_role
from ecr_constructs.model.consumers.by_role.codepipeline import starter_trust
from ecr_constructs.model.consumers.by_role.ecs import task_role
from ecr_constructs.model.consumers.by_role.eks import (
    auto_node_role,
    fargate_pod_role,
    hybrid_node_role,
    node_role,
)
from ecr_constructs.model.consumers.by_role.role_plan import RolePlan
from ecr_constructs.model.consumers.by_role.sagemaker import sagemaker_role
from ecr_constructs.model.consumers.home import Home
from ecr_constructs.model.iam.actions import REPOSITORY_ACTIONS, Access
from ecr_constructs.model.iam.evaluator import PolicyKind, parse_policy
from ecr_constructs.model.iam.services import guarded
from ecr_constructs.model.roles.naming import check_role
from ecr_constructs.report.access.managed import find_aws_managed

HOME = Home(partition="aws-cn", region="cn-north-1", account="111111111111")
ANCHOR = "arn:aws-cn:rolesanywhere:cn-north-1:111111111111:trust-anchor/1"
PLANS: dict[str, Callable[[Home], RolePlan]] = {
    "task": task_role,
    "nodes": lambda home: node_role(home, add_on_images=True, pod_network=True),
    "auto": lambda home: auto_node_role(home, add_on_images=True),
    "pods": lambda home: fargate_pod_role(home, cluster_name="shop", add_on_images=True),
    "activated": lambda home: hybrid_node_role(
        home, cluster_name="shop", trust_anchor_arn=None, add_on_images=True
    ),
    "certified": lambda home: hybrid_node_role(
        home, cluster_name="shop", trust_anchor_arn=ANCHOR, add_on_images=True
    ),
    "batch": batch_instance_role,
    "sagemaker": sagemaker_role,
    "codebuild": lambda home: codebuild_role(home, ["shop", "ci-*"]),
    "app runner": lambda _: app_runner_access_role(),
}
# EC2 hands a role out by an instance profile, and no key says for which instance. The pages of App
# Runner know no key either.
WITHOUT_SOURCE = {"build.apprunner.amazonaws.com", "ec2.amazonaws.com"}
# Actions whose API knows no resource:
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
NO_RESOURCE = {
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "ecs:DiscoverPollEndpoint",
    "ssm:DescribeInstanceInformation",
}
every_plan = pytest.mark.parametrize("plan", [make(HOME) for make in PLANS.values()], ids=PLANS)


@every_plan
def test_one_service_assumes_it_for_known_resources(plan: RolePlan) -> None:
    services = {statement.principal["Service"] for statement in plan.trust}
    assert len(services) == 1
    for statement in plan.trust:
        assert guarded(statement.conditions) or services <= WITHOUT_SOURCE
        assert "*" not in str(statement.conditions.get("StringEquals"))


@every_plan
def test_nothing_is_allowed_on_everything(plan: RolePlan) -> None:
    for statement in plan.statements:
        for resource in statement.resources:
            if resource == "*":
                assert set(statement.actions) <= NO_RESOURCE
            else:
                assert resource.startswith("arn:aws-cn:")
                assert resource.split(":")[3] == "cn-north-1"


@every_plan
def test_iam_takes_it(plan: RolePlan) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [statement.to_json() for statement in plan.statements],
    }
    trust = {
        "Version": "2012-10-17",
        "Statement": [statement.to_json() for statement in plan.trust],
    }
    assert parse_policy(trust, PolicyKind.REPOSITORY, name="trust").valid
    assert not plan.statements or parse_policy(document, PolicyKind.IDENTITY, name="role").valid
    assert check_role(role_name=None, description=plan.description) == ()


@every_plan
def test_a_pull_is_a_pull(plan: RolePlan) -> None:
    assert set(Access.PULL.actions) <= set(plan.pull) <= REPOSITORY_ACTIONS
    assert set(plan.pull) - set(Access.PULL.actions) <= {
        "ecr:BatchCheckLayerAvailability",
        "ecr:DescribeImages",
    }


@every_plan
def test_no_policy_of_aws_that_it_has_says_anything_of_ecr(plan: RolePlan) -> None:
    for name in plan.managed_policies:
        policy = find_aws_managed(f"arn:aws:iam::aws:policy/{name}")
        assert policy is None or policy.statements == ()


def test_the_policies_of_aws_on_ecr_are_known() -> None:
    # Else the test above would find nothing whatever it was asked.
    policy = find_aws_managed("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly")
    assert policy is not None
    assert policy.statements


def test_eventbridge_starts_pipelines_for_rules_of_one_account() -> None:
    assert guarded(starter_trust(HOME).conditions)
