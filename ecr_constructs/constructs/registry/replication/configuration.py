"""The replication configuration of a registry, and the other side of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from ....model.findings import Finding
from ....model.registry.address import RegistryAddress
from ....model.registry.regions import partition_of
from ....model.registry.replication.checks import check_destination_types, check_replication
from ....model.registry.replication.destination import (
    check_known,
    check_template_prefixes,
    destination_statement,
    policy_elsewhere,
    template_prefixes,
)
from ....model.registry.replication.rule import (
    ReplicationDestination,
    ReplicationRule,
    replication_properties,
)
from ....model.repository.options import check_instances, check_listed
from ..._jsii import check, path_of, show
from ..policy import add_registry_statement
from ..singletons import address_of, claim, kept_by_app
from .known import KnownReplications

__all__ = ["RegistryReplication"]

_TYPE = "AWS::ECR::ReplicationConfiguration"


class RegistryReplication(Construct):
    """Copies what is pushed to other Regions and accounts, and writes the other side as well.

    Where a destination is a stack of this app, everything that it needs is written there: the
    statement of its registry policy, where the account is another one (at its
    :class:`RegistryPolicy`), and a creation template for the repositories that ECR makes. All of it
    is written from accounts, Regions and names, so that no stack waits for another.

    ECR copies images, nothing else. Lifecycle, policy, tags and permissions of a replica are its
    own: see :class:`ReplicatedRepository`. Deleting the configuration stops the copying, and what
    was copied stays.

    ECR refuses, and so does this construct, what CloudFormation's schema takes: the registry itself
    as a destination, a destination twice in a rule, more than 25 different destinations, a Region
    of another partition, an account or a Region that none can be, an empty list of filters. It
    takes what would do nothing, which is refused here: no rules, a rule without destinations, a
    filter twice, and a second replication configuration in the app.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: Sequence[ReplicationRule],
    ) -> None:
        """Set what the registry copies.

        :param rules: one to 25 :class:`ReplicationRule`; all that take a repository count.
        :raises InvalidInputError: where ECR would refuse the rules, the app sets the replication of
            this registry already, or a stack on one of the sides does not say where it is.
        :raises GrantError: where the statement cannot be written at the other side.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
        """
        check(check_instances("rules", rules, ReplicationRule), scope, id)
        for rule in rules:
            check(check_listed("to", rule.to), scope, id)
            if rule.prefixes is not None:
                check(check_listed("prefixes", rule.prefixes), scope, id)
            check(check_destination_types(rule.to), scope, id)
        source = address_of(scope)
        check(_check_stacks(rules, source, cdk.Stack.of(scope)), scope, id)
        properties = replication_properties(rules, source)
        check(check_replication(properties, registry=source), scope, id)
        super().__init__(scope, id)
        claim(self, _TYPE)
        kept_by_app(self, KnownReplications).add_rules(source, tuple(rules))
        ecr.CfnReplicationConfiguration(
            self,
            "Resource",
            replication_configuration=_configuration(properties["ReplicationConfiguration"]),
        )
        for rule in rules:
            for destination in rule.to:
                self._write_other_side(rule, destination, source)

    def _write_other_side(
        self, rule: ReplicationRule, destination: Any, source: RegistryAddress
    ) -> None:
        if isinstance(destination, cdk.Stack):
            address = address_of(destination)
            self._write_templates(rule, destination, address)
            if address.account != source.account:
                statement = _statement(rule, source, address)
                add_registry_statement(destination, statement, owner=self)
        elif isinstance(destination, ReplicationDestination):
            address = RegistryAddress(account=destination.account, region=destination.region)
            if address.account != source.account:
                statement = _statement(rule, source, address)
                show([policy_elsewhere(statement, destination=address)], self)

    def _write_templates(
        self, rule: ReplicationRule, stack: cdk.Stack, address: RegistryAddress
    ) -> None:
        known = kept_by_app(self, KnownReplications)
        for prefix in template_prefixes(rule):
            if known.is_first(address, prefix):
                _template(stack, prefix)


def _template(stack: cdk.Stack, prefix: str) -> None:
    # Imported when asked for: many replications have no stack at the other side.
    from ....model.registry.templates.uses import AppliedFor  # noqa: PLC0415
    from ..templates.creation_template import RepositoryCreationTemplate  # noqa: PLC0415

    RepositoryCreationTemplate(
        stack,
        f"ReplicaTemplate-{prefix.replace('/', '--')}",
        prefix=prefix,
        applied_for=[AppliedFor.REPLICATION],
        description="Repositories that replication makes",
    )


def _statement(
    rule: ReplicationRule, source: RegistryAddress, address: RegistryAddress
) -> dict[str, object]:
    return destination_statement(
        rule,
        source=source,
        destination=address,
        partition=partition_of(address.region) or cdk.Aws.PARTITION,
    )


def _check_stacks(
    rules: Sequence[ReplicationRule], source: RegistryAddress, stack: cdk.Stack
) -> Iterator[Finding]:
    """Whether both sides can be written where a destination is a stack."""
    for rule in rules:
        others = [entry for entry in rule.to if isinstance(entry, cdk.Stack)]
        if others:
            yield from check_known(source, stack=path_of(stack))
            yield from check_template_prefixes(rule)
        for other in others:
            yield from check_known(address_of(other), stack=path_of(other))


def _configuration(
    properties: dict[str, Any],
) -> ecr.CfnReplicationConfiguration.ReplicationConfigurationProperty:
    kinds = ecr.CfnReplicationConfiguration
    return kinds.ReplicationConfigurationProperty(
        rules=[
            kinds.ReplicationRuleProperty(
                destinations=[
                    kinds.ReplicationDestinationProperty(
                        region=entry["Region"], registry_id=entry["RegistryId"]
                    )
                    for entry in rule["Destinations"]
                ],
                repository_filters=[
                    kinds.RepositoryFilterProperty(
                        filter=entry["Filter"], filter_type=entry["FilterType"]
                    )
                    for entry in rule["RepositoryFilters"]
                ]
                if "RepositoryFilters" in rule
                else None,
            )
            for rule in properties["Rules"]
        ]
    )
