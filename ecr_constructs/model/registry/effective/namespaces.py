"""Prefixes that are namespaces: ``prod`` stands for every name that begins with ``prod/``.

Of cache rules and creation templates: "There is always an assumed / applied to the end of the
prefix."
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

__all__ = ["ROOT", "Prefixed", "beginning", "nearest_first"]

ROOT: Final = "ROOT"
"""The prefix of everything that no other prefix takes."""


class Prefixed(Protocol):
    """Whatever has a prefix."""

    @property
    def prefix(self) -> str:
        """The namespace, or :data:`ROOT`."""


Entry = TypeVar("Entry", bound=Prefixed)


def beginning(prefix: str) -> str:
    """How the names of a namespace begin."""
    return "" if prefix == ROOT else f"{prefix.rstrip('/')}/"


def nearest_first(name: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries whose namespace the name is in, the longest prefix first, ROOT last."""
    matching = [entry for entry in entries if name.startswith(beginning(entry.prefix))]
    return tuple(sorted(matching, key=_length, reverse=True))


def _length(entry: Prefixed) -> int:
    return len(beginning(entry.prefix))
