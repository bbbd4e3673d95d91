"""Rules on resources of which the template does not decide everything.

What depends on a condition is checked both ways. A finding says on what it depends where it holds
one way alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ...model.findings import Finding
from ..template.alternatives import NOTHING, Alternatives, World, conditions_in, worlds
from ..template.app import App
from ..template.stack import Resource
from .located import Located

__all__ = ["There", "found_in_worlds", "may_be", "told"]

# Conditions beyond these are taken to hold all together or not at all, whether they can or not.
_ALONE: Final = 5
_MOST_NAMED: Final = 10


@dataclass(frozen=True, kw_only=True)
class There:
    """A resource as it is where some conditions hold and others do not."""

    resource: Resource
    properties: Any = field(hash=False)


Check = Callable[[Sequence[There]], Iterable[tuple[Resource, Finding]]]
"""The rules, on the resources that are there."""


def found_in_worlds(resources: Sequence[Resource], check: Check) -> Iterator[Located]:
    """What the rules find, each finding once, whatever the conditions are."""
    conditional = [_under(resource, place) for place, resource in enumerate(resources)]
    if not conditions_in(conditional):
        there = [There(resource=each, properties=each.properties) for each in resources]
        for resource, finding in check(there):
            yield Located(finding=finding, resource=resource)
        return
    present: dict[int, list[World]] = {}
    found: dict[tuple[int, str], tuple[Resource, Finding, list[World]]] = {}
    app = resources[0].stack.app
    for world, chosen in worlds(conditional):
        if not may_be(app, world):
            continue
        there = [
            There(resource=resources[entry["place"]], properties=entry["properties"])
            for entry in chosen
        ]
        for each in there:
            present.setdefault(id(each.resource), []).append(world)
        for resource, finding in check(there):
            key = (id(resource), repr(finding))
            _, _, where = found.setdefault(key, (resource, finding, []))
            if world not in where[-1:]:
                where.append(world)
    for resource, finding, where in found.values():
        depends = told(where, present[id(resource)])
        message = f"{finding.message} ({depends})" if depends else finding.message
        yield Located(finding=replace(finding, message=message), resource=resource)


def _under(resource: Resource, place: int) -> object:
    value = {"place": place, "properties": resource.properties}
    condition = resource.condition
    return value if condition is None else Alternatives(condition, value, NOTHING)


def may_be(app: App, world: World) -> bool:
    """Whether the conditions of an app can be so, each beside the others."""
    return world[:_ALONE] in app.possible


def told(where: Sequence[World], present: Sequence[World]) -> str:
    """On what a finding depends; nothing where it holds wherever its resource is."""
    if len(where) == len(present):
        return ""
    first = where[0]
    words: list[str] = []
    for place, (_, holds) in enumerate(first[: _ALONE + 1]):
        always = all(world[place][1] is holds for world in where)
        if always and any(world[place][1] is not holds for world in present):
            # The last stands for all behind it, which hold or do not hold as it does.
            alike = first[place:] if place == _ALONE else first[place : place + 1]
            words += [f"{name} {'holds' if holds else 'does not hold'}" for name, _ in alike]
    if words:
        return f"where {_listed(words, ' and ')}"
    return f"depending on {_listed([name for name, _ in first], ', ')}"


def _listed(words: Sequence[str], between: str) -> str:
    more = len(words) - _MOST_NAMED
    told = [*words[:_MOST_NAMED], f"{more} more"] if more > 0 else words
    return between.join(told)
