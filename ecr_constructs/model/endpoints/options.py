"""What the options of endpoints are, for callers whose type checker is off.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from __future__ import annotations

from ..findings import Finding
from ..repository.options import check_construct, check_each
from .services import ENDPOINT_DOCS

__all__ = ["check_place", "check_reached"]


def check_place(*, vpc: object, subnets: object) -> tuple[Finding, ...]:
    """Whether it is a VPC, and a selection of its subnets or none."""
    found = check_construct(
        "vpc",
        vpc,
        "vpc_id",
        noun="a VPC",
        fix="give an ec2.Vpc of the app, or ec2.Vpc.from_lookup(...)",
        docs=ENDPOINT_DOCS,
    )
    if subnets is None:
        return found
    return found + check_construct(
        "subnets",
        subnets,
        "subnet_group_name",
        noun="an ec2.SubnetSelection",
        fix="write subnets=ec2.SubnetSelection(subnet_group_name='Tasks'), say",
        docs=ENDPOINT_DOCS,
    )


def check_reached(*, clients: object, log_groups: object, secrets: object) -> tuple[Finding, ...]:
    """Whether who connects has security groups, and whether logs and secrets are such."""
    kinds = {
        "clients": (clients, "connections", "what has security groups"),
        "log_groups": (log_groups, "log_group_arn", "a log group"),
        "secrets": (secrets, "secret_arn", "a secret"),
    }
    return tuple(
        finding
        for option, (values, attribute, noun) in kinds.items()
        if not (option == "clients" and values is None)
        for finding in check_each(option, values, attribute, noun=noun, docs=ENDPOINT_DOCS)
    )
