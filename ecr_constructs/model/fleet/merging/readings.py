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

__all__ = ["Reading", "check_readings", "leads_down"]

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
# Who asks an app, a Stage or a stack for one of these gets no resource.
_NAMES: Final = frozenset(
    {
        "account",
        "artifact_id",
        "asset_outdir",
        "dependencies",
        "environment",
        # Of it the attributes are told.
        "node",
        "outdir",
        "partition",
        "region",
        "stack_id",
        "stack_name",
        "stage_name",
        "synth",
        "template_file",
        "url_suffix",
    }
)
# The same of its node.
_OF_NODE: Final = frozenset(
    {
        "add_metadata",
        "add_validation",
        "addr",
        "get_all_context",
        "get_context",
        "id",
        "locked",
        "metadata",
        "path",
        "root",
        "scope",
        "scopes",
        "try_get_context",
    }
)
_MADE: Final = frozenset({"__call__", "__init__"})
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
    called: bool = False
    """Whether CDK called the code."""


def check_readings(
    classes: Iterable[ResourceClass],
    first: Collection[str],
    readings: Mapping[str, Sequence[Reading]],
) -> tuple[Finding, ...]:
    """What was read of witnesses, and is not the same in the resources that they stand for.

    :param classes: the resources of a stack.
    :param first: those that were witnesses from the beginning.
    :param readings: what was read, by the logical id of the witness.
    """
    found: dict[tuple[str, str], Finding] = {}
    for members in classes:
        witnesses = [each for each in members if each in readings]
        read = [reading for each in witnesses for reading in readings[each]]
        siblings = sum(each not in first for each in members) if read else 0
        if not siblings:
            continue
        telling = _telling(members)
        for reading in read:
            name, place = reading.attribute, reading.place
            if reading.given:
                if not _tells_nothing(name):
                    found[name, place] = given_by_aspect(name, place=place, siblings=siblings)
            elif name in telling or name.startswith("attr_"):
                found[name, place] = read_by_aspect(name, place=place, siblings=siblings)
    return tuple(found.values())


def leads_down(reading: Reading) -> bool:
    """Whether who read this of an app, a Stage or a stack may get at the resources below it.

    It does not if it is the scope of another construct, which CDK makes, or if it gets Aspects,
    which CDK is asked for later.
    """
    owner, _, name = reading.attribute.rpartition(".")
    if not reading.given:
        return name not in (_OF_NODE if owner == "node" else _NAMES)
    return name not in _MADE and (owner == "Mixins" or not _tells_nothing(reading.attribute))


def _tells_nothing(method: str) -> bool:
    """Whether a method of CDK, with its class before it, says what is the same for all."""
    owner, _, name = method.partition(".")
    return name.startswith("is_") or (name == "of" and owner in _OF_ALL)


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
