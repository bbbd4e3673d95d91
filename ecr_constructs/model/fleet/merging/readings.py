"""Who looked at what differs between a witness and the resources that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ...findings import Finding
from .findings import read_by_aspect
from .resources import Resource, classes_of, keyed
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
    resources: Mapping[str, Resource], readings: Mapping[str, Iterable[Reading]]
) -> tuple[Finding, ...]:
    """What was read of witnesses, and is not the same in the resources that they stand for.

    :param resources: the resources of a stack by logical id.
    :param readings: what was read, by the logical id of the witness.
    """
    found: dict[tuple[str, str], Finding] = {}
    for members in classes_of(resources):
        witnesses = [each for each in members if each in readings]
        siblings = len(members) - len(witnesses)
        read = [reading for each in witnesses for reading in readings[each]]
        if not siblings or not read:
            continue
        telling = _telling(list(members.values()))
        for reading in read:
            if reading.attribute in telling or reading.attribute.startswith("attr_"):
                found[reading.attribute, reading.place] = read_by_aspect(
                    reading.attribute, place=reading.place, siblings=siblings
                )
    return tuple(found.values())


def _telling(members: list[Resource]) -> frozenset[str]:
    names: set[str] = set(_attributes(differing(members)))
    if any(keyed(member, "Tags") != keyed(members[0], "Tags") for member in members):
        names |= _TAGS
    return _IDENTITY | names


def _attributes(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if not part.startswith("."):
            yield _WORD.sub("_", part).lower()
