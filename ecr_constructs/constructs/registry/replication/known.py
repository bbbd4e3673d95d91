"""What the whole app knows of its replications: rules, replicas and the templates of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jsii
from constructs import IValidation

from ....model.registry.address import RegistryAddress
from ....model.registry.replication.destination import not_replicated
from ....model.registry.replication.rule import ReplicationRule, destinations_of, takes

__all__ = ["KnownReplica", "KnownReplications"]


@dataclass(frozen=True, kw_only=True)
class KnownReplica:
    """A repository that another one is copied to."""

    path: str
    name: str
    source: RegistryAddress
    registry: RegistryAddress
    of_this_app: bool
    """Whether the source is, so that its replication should be as well."""


@jsii.implements(IValidation)
class KnownReplications:
    """The replications of one app, whichever was declared first."""

    def __init__(self) -> None:
        self._rules: dict[RegistryAddress, Sequence[ReplicationRule]] = {}
        self._replicas: list[KnownReplica] = []
        self._templates: set[tuple[RegistryAddress, str]] = set()

    def add_rules(self, source: RegistryAddress, rules: Sequence[ReplicationRule]) -> None:
        """Note the rules of a registry."""
        self._rules[source] = rules

    def add_replica(self, replica: KnownReplica) -> None:
        """Note a replica."""
        self._replicas.append(replica)

    def is_first(self, destination: RegistryAddress, prefix: str) -> bool:
        """Whether a template is still to be written; two sources may share one."""
        known = (destination, prefix) in self._templates
        self._templates.add((destination, prefix))
        return not known

    def validate(self) -> list[str]:
        """One message for each replica that nothing is copied to."""
        return [
            not_replicated(
                replica=replica.path,
                name=replica.name,
                source=replica.source,
                destination=replica.registry,
            ).sentence()
            for replica in self._replicas
            if not self._is_copied(replica)
        ]

    def _is_copied(self, replica: KnownReplica) -> bool:
        rules = self._rules.get(replica.source)
        if rules is None:
            return not replica.of_this_app
        return any(
            takes(rule, replica.name) and replica.registry in destinations_of(rule, replica.source)
            for rule in rules
        )
