"""What the entries of a fleet mean in each environment, found out once.

The checks of a manifest measure what a construct then writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..values import Fleet, FleetEnvironment
from .properties import RepositoryResources
from .roles import RoleResources

__all__ = ["Meaning", "Meanings"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """The resources of a fleet in one environment."""

    environment: FleetEnvironment
    """The environment."""
    repositories: RepositoryResources
    """Those of its repositories."""
    roles: RoleResources
    """Those of its roles."""


class Meanings:
    """The resources of a fleet in every environment that was asked for."""

    def __init__(self, fleet: Fleet) -> None:
        """Nothing is made before it is asked for.

        :param fleet: the manifest.
        """
        self._fleet = fleet
        self._known: list[Meaning] = []

    def of(self, environment: FleetEnvironment) -> Meaning:
        """The resources in an environment.

        :param environment: where they stand; ``FleetEnvironment()`` where that is open.
        """
        for known in self._known:
            if known.environment == environment:
                return known
        repositories = RepositoryResources(self._fleet, environment)
        roles = RoleResources(self._fleet, environment, resources=repositories)
        made = Meaning(environment=environment, repositories=repositories, roles=roles)
        self._known.append(made)
        return made
