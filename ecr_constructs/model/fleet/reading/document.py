"""A text that was parsed, and where each part of it stands."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from ..checks.finding import finding_of
from ..faults import Fault, ManifestError, Path, Place

__all__ = [
    "KEY_TWICE",
    "NESTED_TOO_DEEP",
    "Document",
    "Locator",
    "Positions",
    "Repeated",
    "Spot",
    "unreadable",
]

KEY_TWICE: Final = "manifest-key-twice"
NESTED_TOO_DEEP: Final = "is nested too deep"

Spot: TypeAlias = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Positions:
    """Where the wanted parts of a text stand."""

    keys: Mapping[Path, tuple[Spot, ...]]
    """Each place of a key; a key that stands twice has two."""
    values: Mapping[Path, Spot]
    """The place of a value, the last where its key stands twice."""


class Locator(Protocol):
    """Finds places in a text; asked only when something is wrong."""

    @abstractmethod
    def __call__(self, wanted: Collection[Path]) -> Positions:
        """The places of these paths."""


class Repeated(dict[str, object]):
    """An object of which some keys stand twice; the last value counts."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        twice: dict[str, None] = {}
        for key, _ in pairs:
            if key in seen:
                twice[key] = None
            seen.add(key)
        self.repeated = tuple(twice)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The value of a text, and how to find places in it."""

    source: str
    """What the text is called in messages."""
    value: object
    """What the text says: objects, lists, texts, numbers."""
    locate: Locator
    """Where parts of it stand."""


def unreadable(
    source: str,
    message: str,
    *,
    fix: str = "correct the text there",
    allowed: str = "a manifest in JSON, YAML or TOML",
    code: str = "manifest-unreadable",
    spot: Spot | None = None,
) -> ManifestError:
    """The error of a text that cannot be read at all: one line."""
    place = None if spot is None else Place(source=source, line=spot[0], column=spot[1])
    finding = finding_of(code, " ".join(message.split()), source, allowed, fix)
    if place is None:
        finding = replace(finding, property=source)
    return ManifestError([Fault(path=(), finding=finding, place=place)])
