"""SageMaker AI: models, training and processing jobs made of your images.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
"""

from __future__ import annotations

from ...iam.actions import TASK_EXECUTION_PULL
from ...iam.statement import Statement
from ..home import Home
from .role_plan import RolePlan, service_trust, source

__all__ = ["sagemaker_role"]


def sagemaker_role(home: Home) -> RolePlan:
    """The execution role: it pulls, and writes its own logs and metrics.

    ``PutMetricData`` knows no resource, but the namespace of the metrics:
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    """
    return RolePlan(
        description="Runs SageMaker models and jobs",
        trust=(service_trust("sagemaker.amazonaws.com", source(home.arn("sagemaker", "*"))),),
        pull=TASK_EXECUTION_PULL,
        statements=(
            Statement(
                actions=(
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ),
                resources=(home.arn("logs", "log-group:/aws/sagemaker/*"),),
            ),
            Statement(
                actions=("cloudwatch:PutMetricData",),
                resources=("*",),
                conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
            ),
        ),
    )
