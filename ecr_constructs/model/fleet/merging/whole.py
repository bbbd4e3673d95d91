"""All resources of a stack, from those of the manifest and from what CDK wrote.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from ...errors import raise_dangers
from ...findings import Finding
from ..meaning.written import compact, text_of
from .changes import carried
from .findings import decided_per_resource, logical_id_taken, stack_too_big
from .resources import Resource, ResourceClass

__all__ = ["check_size", "template_text", "whole"]

MAX_RESOURCES: Final = 500
MAX_BYTES: Final = 1_000_000
_HEAD: Final[tuple[str, ...]] = ("Description", "Transform", "AWSTemplateFormatVersion", "Metadata")
"""What CDK writes before anything that stands in a stack, in its order."""


def whole(
    resources: Mapping[str, Resource],
    classes: Iterable[ResourceClass],
    first: Collection[str],
    witnesses: AbstractSet[str],
    written: Mapping[str, Resource],
    *,
    within: str | None = None,
) -> dict[str, Resource]:
    """The resources of the manifest as if each were a construct, then those of others.

    :param resources: by logical id, as the manifest means them.
    :param classes: the same, as they are alike.
    :param first: which of them were constructs from the beginning.
    :param witnesses: which of them are constructs.
    :param written: what CDK wrote: the witnesses, and what else stands in the stack.
    :param within: what construct paths begin with, where templates have them.
    :raises InvalidInputError: where what became of the witnesses does not say what would have
        become of the others, or where somebody else has a logical id of the manifest.
    """
    taken = (resources.keys() & written.keys()) - witnesses
    if taken:
        raise_dangers([logical_id_taken(sorted(taken))])
    lost = witnesses - written.keys()
    if lost:
        raise_dangers([decided_per_resource("whether there is a resource", sorted(lost))])
    rendered = {logical_id: written[logical_id] for logical_id in witnesses}
    others = {key: value for key, value in written.items() if key not in witnesses}
    changed = carried(classes, first, rendered, within=within)
    every = {key: changed.get(key, entry) for key, entry in resources.items()}
    waits = {key: _waiting(each, witnesses, every) for key, each in others.items()}
    return {**every, **waits}


def _waiting(other: Any, witnesses: AbstractSet[str], every: Mapping[str, Resource]) -> Any:
    """Another resource of the stack: what waits for the fleet waits for all, not for the few."""
    named = other.get("DependsOn", ()) if isinstance(other, Mapping) else ()
    listed = [named] if isinstance(named, str) else list(named)
    of_fleet = [each for each in listed if each in witnesses]
    if not of_fleet:
        return other
    if len(witnesses) == len(every):
        return other
    if len(of_fleet) < len(witnesses):
        raise_dangers([decided_per_resource("what others wait for", of_fleet)])
    at = listed.index(of_fleet[0])
    rest = [each for each in listed if each not in witnesses]
    return {**other, "DependsOn": [*rest[:at], *sorted(every, key=_collation), *rest[at:]]}


def _collation(logical_id: str) -> tuple[str, str]:
    """The order of CDK, which compares as JavaScript's locales do."""
    return logical_id.lower(), logical_id.swapcase()


def template_text(template: Mapping[str, Any], resources: Mapping[str, Resource]) -> str:
    """A template with these resources, without white space.

    :param template: what CDK wrote. The resources of the fleet are the first that stand in its
        stack, and so the first section that has parts.
    :param resources: all of them, by logical id. None: the fleet has none there.
    """
    if not resources:
        return compact(template)
    parts = {name: compact(value) for name, value in template.items() if name != "Resources"}
    head: dict[str, str] = {name: parts.pop(name) for name in _HEAD if name in parts}
    listed = ",".join([f'"{key}":{text_of(entry)}' for key, entry in resources.items()])
    every = {**head, "Resources": f"{{{listed}}}", **parts}
    return "{" + ",".join([f"{compact(name)}:{text}" for name, text in every.items()]) + "}"


def check_size(resources: int, size: int) -> Iterator[Finding]:
    """Whether CloudFormation takes a template of so many resources and bytes."""
    if resources > MAX_RESOURCES:
        yield stack_too_big(f"{resources} resources", f"{MAX_RESOURCES} resources")
    if size > MAX_BYTES:
        yield stack_too_big(f"{size:,} bytes", f"{MAX_BYTES:,} bytes")
