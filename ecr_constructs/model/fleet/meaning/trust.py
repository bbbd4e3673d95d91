"""The trust policy of a role of the fleet.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...iam.statement import Conditions
from ...roles.execution import ECS_TASKS, task_trust
from ..principals import FleetPrincipalKind, FleetTrust
from .place import Place, written

if TYPE_CHECKING:
    from ...roles.oidc.trust import Tokens

__all__ = ["trust_document"]

_FARGATE_PODS: Final = "eks-fargate-pods.amazonaws.com"


def trust_document(trust: FleetTrust, place: Place) -> dict[str, object]:
    """The ``AssumeRolePolicyDocument``, for this account alone where the service says whose."""
    tokens = trust.github or trust.gitlab
    if tokens is not None:
        statement = _tokens(tokens, place)
    elif trust.service is not None:
        statement = _statement({"Service": trust.service}, _source(trust.service, place))
    else:
        statement = _statement({"AWS": _principal(trust, place)}, {})
    return {"Statement": [statement], "Version": "2012-10-17"}


def _principal(trust: FleetTrust, place: Place) -> str:
    principal = trust.principal
    if principal is None:
        return ""
    if principal.kind is FleetPrincipalKind.ACCOUNT:
        return f"arn:{place.partition}:iam::{principal.value}:root"
    return principal.value


def _source(service: str, place: Place) -> Conditions:
    if service == ECS_TASKS:
        return task_trust(partition=place.partition, region=place.region, account=place.account)
    if service == _FARGATE_PODS:
        profiles = f"arn:{place.partition}:eks:{place.region}:{place.account}:fargateprofile/*"
        return {"ArnLike": {"aws:SourceArn": profiles}}
    # EC2 names no source: which instance gets the role is decided by iam:PassRole.
    return {}


def _tokens(tokens: Tokens, place: Place) -> dict[str, object]:
    trust = tokens.trust
    provider = f"arn:{place.partition}:iam::{place.account}:oidc-provider/{trust.issuer}"
    return _statement(
        {"Federated": provider}, trust.conditions, action="sts:AssumeRoleWithWebIdentity"
    )


def _statement(
    principal: dict[str, str], conditions: Conditions, *, action: str = "sts:AssumeRole"
) -> dict[str, object]:
    statement: dict[str, object] = {"Action": action}
    if conditions:
        statement["Condition"] = {
            operator: {key: written(str(value)) for key, value in block.items()}
            for operator, block in conditions.items()
        }
    statement["Effect"] = "Allow"
    statement["Principal"] = {kind: written(name) for kind, name in principal.items()}
    return statement
