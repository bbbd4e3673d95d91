"""What endpoints let through: these repositories, their layers, and nothing else.

An endpoint policy is one more policy that must allow: it gives nobody a right.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-policy
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..iam.actions import GET_AUTHORIZATION_TOKEN, TASK_EXECUTION_PULL, Access
from ..iam.statement import Statement
from ..registry.pull_through.access import FIRST_PULL, TAG_RESOURCE

__all__ = [
    "layer_statement",
    "log_statement",
    "registry_statements",
    "secret_statement",
]

_ANYBODY: Final = {"*": "*"}
# Clients ask for the layers that they have before they fetch the others.
_ACTIONS: Final = {Access.PULL: TASK_EXECUTION_PULL}
_FETCHES: Final = tuple(sorted({*FIRST_PULL, TAG_RESOURCE} - set(Access.PULL.actions)))


def registry_statements(
    access: Access, arns: Sequence[str], *, cached: Sequence[str] = ()
) -> tuple[Statement, ...]:
    """The policy of both of ECR's endpoints.

    ECR's page has the same policy on both, and the login goes through with no repository.

    :param cached: those that a pull-through cache fills. The pull that finds nothing there yet
        asks, in the name of who pulls, that ECR fetches the image and makes the repository.
        https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
    """
    fetched = (
        (Statement(actions=_FETCHES, principal=_ANYBODY, resources=tuple(cached)),)
        if cached and set(Access.PULL.actions) <= set(access.actions)
        else ()
    )
    return (
        Statement(
            actions=_ACTIONS.get(access, access.actions),
            principal=_ANYBODY,
            resources=tuple(arns),
        ),
        *fetched,
        Statement(actions=(GET_AUTHORIZATION_TOKEN,), principal=_ANYBODY, resources=("*",)),
    )


def layer_statement(*, partition: str, region: str) -> Statement:
    """Layers come from a bucket of ECR, by URLs that ECR signs.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    """
    return Statement(
        actions=("s3:GetObject",),
        principal=_ANYBODY,
        resources=(f"arn:{partition}:s3:::prod-{region}-starport-layer-bucket/*",),
    )


def log_statement(arns: Sequence[str]) -> Statement:
    """Containers write to these log groups.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch-logs-and-interface-VPC.html
    """
    return Statement(
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        principal=_ANYBODY,
        resources=tuple(arns),
    )


def secret_statement(arns: Sequence[str]) -> Statement:
    """Containers get these secrets.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html
    """
    return Statement(
        actions=("secretsmanager:GetSecretValue",), principal=_ANYBODY, resources=tuple(arns)
    )
