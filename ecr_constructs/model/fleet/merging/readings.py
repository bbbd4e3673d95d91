"""Who looked at what differs between a witness and the resources that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...findings import Finding
from .findings import read_by_aspect
from .resources import ResourceClass, keyed
from .witnesses import differing

__all__ = ["Reading", "check_readings"]

# What no two constructs have in common.
_IDENTITY: Final = frozenset({"logical_id", "node", "ref", "to_string"})
_TAGS: Final = frozenset({"tags", "tags_raw", "cdk_tag_manager"})
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Code of the app read an attribute of a witness."""

    attribute: str
    """Its name in Python."""
    place: str
    """File and line of the code."""


def check_readings(
    classes: Iterable[ResourceClass], readings: Mapping[str, Sequence[Reading]]
) -> tuple[Finding, ...]:
    """What was read of witnesses, and is not the same in the resources that they stand for.

    :param classes: the resources of a stack.
    :param readings: what was read, by the logical id of the witness.
    """
    found: dict[tuple[str, str], Finding] = {}
    for members in classes:
        witnesses = [each for each in members if each in readings]
        siblings = len(members) - len(witnesses)
        read = [reading for each in witnesses for reading in readings[each]]
        if not siblings or not read:
            continue
        telling = _telling(members)
        for reading in read:
            if reading.attribute in telling or reading.attribute.startswith("attr_"):
                found[reading.attribute, reading.place] = read_by_aspect(
                    reading.attribute, place=reading.place, siblings=siblings
                )
    return tuple(found.values())


def _telling(members: ResourceClass) -> frozenset[str]:
    names: set[str] = set(_attributes(differing(members)))
    first, *others = (keyed(member, "Tags") for member in members.values())
    if any(other != first for other in others):
        names |= _TAGS
    return _IDENTITY | names


def _attributes(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if not part.startswith("."):
            yield _WORD.sub("_", part).lower()
