"""What every role of a consumer is made of, whichever service assumes it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ...iam.actions import Access
from ...iam.statement import Conditions, Statement
from ..home import Home

__all__ = ["RolePlan", "account_and_source", "service_trust", "source"]


@dataclass(frozen=True, kw_only=True)
class RolePlan:
    """The role of one consumer: who assumes it, how it pulls, and what it needs beside images."""

    description: str
    trust: tuple[Statement, ...]
    pull: tuple[str, ...] = Access.PULL.actions
    """The actions on each repository it pulls from, as the service's page has them."""
    statements: tuple[Statement, ...] = ()
    """What the service needs of its own, on named resources."""
    managed_policies: tuple[str, ...] = ()
    """Policies of AWS that the service's page asks for. None of them says anything of ECR."""


def service_trust(service: str, conditions: Conditions | None = None) -> Statement:
    """A service that may assume a role, under these conditions."""
    return Statement(
        actions=("sts:AssumeRole",), principal={"Service": service}, conditions=conditions or {}
    )


def source(*arns: str) -> Conditions:
    """The service acts for these ARNs alone; each names its account."""
    return {"ArnLike": {"aws:SourceArn": arns[0] if len(arns) == 1 else list(arns)}}


def account_and_source(home: Home, *arns: str) -> Conditions:
    """The same, of a service whose page has it say the account as well."""
    return {"StringEquals": {"aws:SourceAccount": home.account}, **source(*arns)}
