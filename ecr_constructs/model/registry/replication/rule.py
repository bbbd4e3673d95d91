"""Replication rules.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutReplicationConfiguration.html
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Union

from ..address import RegistryAddress

__all__ = [
    "RegistryLike",
    "ReplicaRepositories",
    "ReplicationDestination",
    "ReplicationRule",
    "destinations_of",
    "replication_properties",
    "takes",
]


class RegistryLike(Protocol):
    """Whatever has an account and a Region: a stack, or a :class:`ReplicationDestination`."""

    @property
    def account(self) -> str:
        """The account."""

    @property
    def region(self) -> str:
        """The Region."""


class ReplicaRepositories(enum.Enum):
    """How a destination comes to have the repositories that images are copied into."""

    FROM_TEMPLATE = "from template"
    """ECR makes them when the first image comes. In a stack of this app a creation template is
    written for each prefix, so that they are encrypted and their untagged images expire."""
    AS_ECR_MAKES_THEM = "as ECR makes them"
    """ECR makes them when the first image comes, by a creation template that is declared elsewhere,
    or without any setting."""
    DECLARED = "declared"
    """They stand already: a :class:`ReplicatedRepository` each, say. ECR may not make others, and
    what would go there is not copied."""


@dataclass(frozen=True, kw_only=True)
class ReplicationDestination:
    """A registry of another account, or another app, that images are copied to."""

    account: str
    """The account of the registry."""
    region: str
    """Its Region."""


@dataclass(frozen=True, kw_only=True)
class ReplicationRule:
    """Which repositories are copied, and where to.

    A repository is copied to the destinations of every rule that takes it, under the same name.
    Only what is pushed after the rule stands is copied, and only once: what arrives by replication
    is not copied on.
    """

    to: Sequence[Union[str, RegistryLike]]
    """The destinations: Regions of the own account by name (``"eu-central-1"``), stacks of this
    app with account and Region, or a :class:`ReplicationDestination`. In a stack of another account
    the registry policy that lets the copies in is written as well."""
    prefixes: Sequence[str] | None = None
    """What the names of the repositories begin with: plain text, so that ``prod`` takes
    ``production`` as well and ``prod/`` does not. Default: every repository."""
    repositories: ReplicaRepositories = ReplicaRepositories.FROM_TEMPLATE
    """How the destinations come to have the repositories. Default: ECR makes them, by creation
    templates that are written in the stacks among the destinations."""


def destinations_of(rule: ReplicationRule, source: RegistryAddress) -> tuple[RegistryAddress, ...]:
    """The registries that a rule names; a Region alone is one of the source's account."""
    return tuple(
        RegistryAddress(account=source.account, region=entry)
        if isinstance(entry, str)
        else RegistryAddress(account=entry.account, region=entry.region)
        for entry in rule.to
    )


def takes(rule: ReplicationRule, name: str) -> bool:
    """Whether a rule copies the images of a repository of this name."""
    return rule.prefixes is None or name.startswith(tuple(rule.prefixes))


def replication_properties(
    rules: Sequence[ReplicationRule], source: RegistryAddress
) -> dict[str, Any]:
    """The properties of AWS::ECR::ReplicationConfiguration."""
    return {"ReplicationConfiguration": {"Rules": [_rule(rule, source) for rule in rules]}}


def _rule(rule: ReplicationRule, source: RegistryAddress) -> dict[str, Any]:
    written: dict[str, Any] = {
        "Destinations": [
            {"Region": destination.region, "RegistryId": destination.account}
            for destination in destinations_of(rule, source)
        ]
    }
    if rule.prefixes is not None:
        # Without the list every repository is copied: an empty one is written, and refused.
        written["RepositoryFilters"] = [
            {"Filter": prefix, "FilterType": "PREFIX_MATCH"} for prefix in rule.prefixes
        ]
    return written
