"""Services that pull by the repository policy: their values, as principals of CDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from ...model.consumers.service_consumer import Party

__all__ = ["principal_of"]


def principal_of(party: Party) -> iam.IPrincipal:
    """The principal whose statement lets the party in, and nobody else."""
    conditions = cast("Mapping[str, object]", party.conditions)
    service = party.principal.get("Service")
    if service is not None:
        return iam.ServicePrincipal(service, conditions=conditions)
    account = iam.ArnPrincipal(party.principal["AWS"])
    return account.with_conditions(conditions) if conditions else account
