"""Who looked at what differs between a witness and the resources that it stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...findings import Finding
from .findings import given_by_aspect, read_by_aspect
from .resources import ResourceClass, keyed
from .witnesses import differing

__all__ = ["Reading", "check_readings"]

# What no two constructs have in common.
_IDENTITY: Final = frozenset(
    {
        "_cfn_properties",
        "_render_properties",
        "_updated_properites",
        "_updated_properties",
        "get_att",
        "inspect",
        "logical_id",
        "node",
        "ref",
        "repository_ref",
        "role_ref",
        "to_string",
    }
)
_METADATA: Final = frozenset({"cfn_options", "get_metadata"})
_TAGS: Final = frozenset({"tags", "tags_raw", "cdk_tag_manager"})
# Who asks one of these for a resource gets what is the same for all, or says something to it.
_OF_ALL: Final = frozenset(
    {
        "Annotations",
        "App",
        "Aspects",
        "MissingRemovalPolicies",
        "Mixins",
        "PermissionsBoundary",
        "RemovalPolicies",
        "Stack",
        "Stage",
        "Tags",
    }
)
# What only some stacks would tell or get, where others have no resource of the class yet: what is
# done to a resource itself shows on its twin.
_OF_A_STACK: Final = frozenset(
    {"add_dependency", "add_depends_on", "remove_dependency", "replace_dependency", "stack"}
)
_OF_A_STAGE: Final = frozenset({"App", "Stage"})
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Code of the app read an attribute of a witness, or gave the witness to a method of CDK."""

    attribute: str
    """Its name in Python; the method, with its class before it."""
    place: str
    """File and line of the code."""
    given: bool = False
    """Whether it was given to a method."""


def check_readings(
    classes: Iterable[ResourceClass],
    first: Collection[str],
    readings: Mapping[str, Sequence[Reading]],
    *,
    of_several_stacks: bool = False,
) -> tuple[Finding, ...]:
    """What was read of witnesses, and is not the same in the resources that they stand for.

    :param classes: the resources of a stack.
    :param first: those that were witnesses from the beginning.
    :param readings: what was read, by the logical id of the witness.
    :param of_several_stacks: whether the classes are those of several stacks together, of which
        some have no witness: then what leads to its stack is different, too.
    """
    found: dict[tuple[str, str], Finding] = {}
    for members in classes:
        witnesses = [each for each in members if each in readings]
        read = [reading for each in witnesses for reading in readings[each]]
        siblings = sum(each not in first for each in members) if read else 0
        if not siblings:
            continue
        telling = _telling(members) | (_OF_A_STACK if of_several_stacks else frozenset())
        for reading in read:
            name, place = reading.attribute, reading.place
            if reading.given:
                if not _tells_nothing(name, _OF_A_STAGE if of_several_stacks else _OF_ALL):
                    found[name, place] = given_by_aspect(name, place=place, siblings=siblings)
            elif name in telling or name.startswith("attr_"):
                found[name, place] = read_by_aspect(name, place=place, siblings=siblings)
    return tuple(found.values())


def _tells_nothing(method: str, of_all: Collection[str]) -> bool:
    """Whether a method of CDK says nothing that differs between resources.

    :param method: its class and its name.
    :param of_all: the classes whose ``of`` is the same for all.
    """
    owner, _, name = method.partition(".")
    return name.startswith("is_") or (name == "of" and owner in of_all)


def _telling(members: ResourceClass) -> frozenset[str]:
    properties = [member["Properties"].keys() for member in members.values()]
    # What a grant wrote stands in some of them alone.
    uneven = {name for each in properties for name in each ^ properties[0]}
    names: set[str] = set(_attributes(differing(members) | uneven))
    for table, attributes in (("Tags", _TAGS), ("Metadata", _METADATA)):
        first, *others = (keyed(member, table) for member in members.values())
        if any(other != first for other in others):
            names |= attributes
    return _IDENTITY | names


def _attributes(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if not part.startswith("."):
            yield _WORD.sub("_", part).lower()
