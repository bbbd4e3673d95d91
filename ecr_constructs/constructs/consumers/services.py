"""Services that pull by the repository policy: their values, as principals of CDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ...model.consumers.by_policy.service_consumer import more_than_pulling
from ...model.consumers.home import Home
from ...model.errors import GrantError
from .._jsii import refuse

if TYPE_CHECKING:
    from constructs import IConstruct

    from ...model.consumers.by_policy.service_consumer import Party, ServiceConsumer
    from ...model.iam.actions import Wanted

__all__ = ["principals_of"]


def principals_of(
    consumer: ServiceConsumer,
    wanted: Wanted,
    repository: IConstruct,
    *,
    account: str,
    region: str,
) -> tuple[iam.IPrincipal, ...]:
    """Whom the policy of a repository must let in, so that the service pulls for its resources.

    :raises GrantError: where it is to get more than pulls.
    """
    beyond = [action for action in wanted.actions if action not in consumer.pull_actions]
    if beyond:
        refuse([more_than_pulling(consumer, beyond)], repository, error=GrantError)
    partition = cdk.Stack.of(repository).partition
    home = Home(partition=partition, region=region, account=account)
    return tuple(_principal(party) for party in consumer.parties(home))


def _principal(party: Party) -> iam.IPrincipal:
    conditions = cast("Mapping[str, object]", party.conditions)
    service = party.principal.get("Service")
    if service is not None:
        return iam.ServicePrincipal(service, conditions=conditions)
    account = iam.ArnPrincipal(party.principal["AWS"])
    return account.with_conditions(conditions) if conditions else account
