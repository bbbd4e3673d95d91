"""AWS Batch on EC2: the role of the instances, with which the ECS agent works.

https://docs.aws.amazon.com/batch/latest/userguide/instance_IAM_role.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

from __future__ import annotations

from ...iam.actions import TASK_EXECUTION_PULL
from ...iam.statement import Statement
from ..home import Home
from .role_plan import RolePlan, service_trust

__all__ = ["batch_instance_role"]


def batch_instance_role(home: Home) -> RolePlan:
    """The ECS agent at work in the clusters of this account and Region.

    The policy of AWS for it allows the same on everything, and to make clusters, which Batch does
    itself. EC2 hands a role out to instances of its own account alone, and says no source.
    """
    clusters = home.arn("ecs", "cluster/*")
    instances = home.arn("ecs", "container-instance/*")
    return RolePlan(
        description="Runs Batch jobs on EC2 instances",
        trust=(service_trust("ec2.amazonaws.com"),),
        pull=TASK_EXECUTION_PULL,
        statements=(
            Statement(
                actions=(
                    "ecs:DeregisterContainerInstance",
                    "ecs:RegisterContainerInstance",
                    "ecs:SubmitAttachmentStateChanges",
                    "ecs:SubmitContainerStateChange",
                    "ecs:SubmitTaskStateChange",
                ),
                resources=(clusters,),
            ),
            Statement(
                actions=(
                    "ecs:Poll",
                    "ecs:StartTelemetrySession",
                    "ecs:UpdateContainerInstancesState",
                ),
                resources=(instances,),
            ),
            Statement(
                actions=("ecs:TagResource",),
                resources=(instances,),
                conditions={"StringEquals": {"ecs:CreateAction": "RegisterContainerInstance"}},
            ),
            # The logs of jobs whose definition has no execution role:
            # https://docs.aws.amazon.com/batch/latest/userguide/using_cloudwatch_logs.html
            Statement(
                actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                resources=(home.arn("logs", "log-group:/aws/batch/job:*"),),
            ),
            # It knows no resource.
            Statement(actions=("ecs:DiscoverPollEndpoint",), resources=("*",)),
        ),
    )
