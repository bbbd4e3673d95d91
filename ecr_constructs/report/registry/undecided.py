"""What a template leaves open of the settings of a registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..template.marks import Marks, marked
from ..template.stack import Resource

__all__ = ["undecided_settings", "where"]

# What decides which repositories a setting is for, and what it gives them. The rest is printed
# as it stands: the account of a destination, say.
_DECISIVE: Final = frozenset(
    {
        "AppliedFor",
        "Destinations",
        "EcrRepositoryPrefix",
        "EncryptionConfiguration",
        "EncryptionType",
        "Filter",
        "ImageScanningConfiguration",
        "Prefix",
        "ReplicationConfiguration",
        "RepositoryFilters",
        "Rules",
        "ScanFrequency",
        "ScanOnPush",
        "ScanType",
        "UpstreamRepositoryPrefix",
    }
)


def undecided_settings(
    resources: Iterable[tuple[Resource, Mapping[str, Any]]], marks: Marks
) -> Iterator[str]:
    """A sentence for each decisive value that the template does not say."""
    for resource, properties in resources:
        for name, value in _undecided(properties):
            yield (
                f"{where(resource)}: {name} is {marks.readable(value)}, which the template does "
                "not decide; taken to match nothing"
            )


def where(resource: Resource) -> str:
    """A resource, as people find it."""
    return resource.construct_path or resource.logical_id


def _undecided(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _undecided(entry, str(key))
    elif isinstance(value, list):
        for entry in value:
            yield from _undecided(entry, name)
    elif isinstance(value, str) and name in _DECISIVE and marked(value):
        yield name, value
