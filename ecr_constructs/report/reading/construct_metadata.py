"""What an assembly says of the constructs of a stack, beside the template.

CDK writes it into the manifest, newer CDK into a file beside it: construct paths with a list of
entries, each of a type, with data and perhaps the calls that led to it.
https://docs.aws.amazon.com/cdk/v2/guide/constructs.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["ACKNOWLEDGED", "ConstructMetadata", "metadata_in", "reasons_in"]

ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"
"""Findings that somebody knows of: ``Validations.of(construct).acknowledge(...)`` writes it."""
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_CREATION: Final = "aws:cdk:creationStack"


@dataclass(frozen=True)
class ConstructMetadata:
    """What is said of the constructs of one stack, by their paths."""

    paths: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Construct paths by logical id."""
    acknowledged: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """Reasons by the ids of findings, by construct path."""
    traces: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """The calls that made a construct, by construct path."""


def metadata_in(metadata: object) -> ConstructMetadata:
    """The metadata of a stack, whatever else stands there."""
    paths: dict[str, str] = {}
    acknowledged: dict[str, dict[str, str]] = {}
    traces: dict[str, tuple[str, ...]] = {}
    for path, kind, entry in _entries(metadata):
        data = entry.get("data")
        if kind == _LOGICAL_ID:
            paths[str(data)] = path
            traces.setdefault(path, _texts(entry.get("trace")))
        elif kind == _CREATION:
            traces[path] = _texts(data)
        elif kind == ACKNOWLEDGED:
            acknowledged.setdefault(path, {}).update(reasons_in(data))
    return ConstructMetadata(paths, acknowledged, traces)


def reasons_in(data: object) -> dict[str, str]:
    """The ids that are acknowledged, each with its reason."""
    if not isinstance(data, Mapping):
        return {}
    return {str(key): reason for key, reason in data.items() if isinstance(reason, str)}


def _entries(metadata: object) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, entries in metadata.items() if isinstance(metadata, Mapping) else ():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, Mapping) and isinstance(entry.get("type"), str):
                yield str(path).removeprefix("/"), entry["type"], entry


def _texts(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else ()
    return tuple(entry for entry in listed if isinstance(entry, str))
