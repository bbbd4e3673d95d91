"""Where the images of a repository are copied to.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .properties import Properties, filters_of, mapping_of, mappings_of, text_of

__all__ = [
    "Destination",
    "ReplicationSetting",
    "read_replication",
    "replicates_to",
    "replication_filter_matches",
]


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A registry that images are copied to."""

    region: str
    registry: str
    """Its account."""


@dataclass(frozen=True, kw_only=True)
class ReplicationSetting:
    """A replication rule."""

    destinations: tuple[Destination, ...]
    filters: tuple[str, ...] = ()
    """Beginnings of names. Without any, every repository is copied."""


def read_replication(properties: Properties) -> tuple[ReplicationSetting, ...]:
    """The rules of the properties of an ``AWS::ECR::ReplicationConfiguration``."""
    rules = mappings_of(mapping_of(properties, "ReplicationConfiguration"), "Rules")
    return tuple(
        ReplicationSetting(
            destinations=tuple(
                Destination(
                    region=text_of(entry, "Region") or "",
                    registry=text_of(entry, "RegistryId") or "",
                )
                for entry in mappings_of(rule, "Destinations")
            ),
            filters=filters_of(rule) or (),
        )
        for rule in rules
    )


def replication_filter_matches(prefix: str, name: str) -> bool:
    """Whether a name begins with the prefix: ``prod`` takes ``production`` as well."""
    return name.startswith(prefix)


def replicates_to(rules: Iterable[ReplicationSetting], name: str) -> tuple[Destination, ...]:
    """The destinations of all rules that take the name, each once, in their order."""
    matching = (
        rule
        for rule in rules
        if not rule.filters
        or any(replication_filter_matches(prefix, name) for prefix in rule.filters)
    )
    return tuple(dict.fromkeys(each for rule in matching for each in rule.destinations))
