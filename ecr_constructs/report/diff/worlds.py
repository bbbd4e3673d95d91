"""Changes of resources of which the templates do not decide everything.

A condition holds before and after, or neither: a deploy keeps the parameters that nobody gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from ...model.findings import Finding
from ..check.in_worlds import may_be, told
from ..template.alternatives import NOTHING, Alternatives, World, conditions_in, worlds
from ..template.stack import Resource
from .pairs import Pair

__all__ = ["changes_in_worlds"]

Find = Callable[[Any, Any], Iterable[Finding]]
"""The rules, on what there was and what there will be; None where it is not there."""


def changes_in_worlds(pair: Pair, old: Any, new: Any, find: Find) -> Iterator[Finding]:
    """What the rules find, each finding once, with the conditions under which it is so.

    :param old: what they look at of the old resource, and
    :param new: of the new one, where they are there.
    """
    asked = {"old": _under(pair.old, old), "new": _under(pair.new, new)}
    if not conditions_in(asked):
        yield from find(asked.get("old"), asked.get("new"))
        return
    present: list[World] = []
    found: dict[str, tuple[Finding, list[World]]] = {}
    for world, chosen in worlds(asked):
        if not may_be(pair.either.stack.app, world):
            continue
        present.append(world)
        for finding in find(chosen.get("old"), chosen.get("new")):
            found.setdefault(repr(finding), (finding, []))[1].append(world)
    for finding, where in found.values():
        depends = told(where, present)
        message = f"{finding.message} ({depends})" if depends else finding.message
        yield replace(finding, message=message)


def _under(resource: Resource | None, value: Any) -> Any:
    if resource is None:
        return None
    return value if resource.condition is None else Alternatives(resource.condition, value, NOTHING)
