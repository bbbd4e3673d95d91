"""All findings about a change: each once, in the order of the new stacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from ..check.acknowledged import reason_of
from ..check.collector import Checked, collected
from ..check.located import Located
from ..reading.faults import unusable
from ..reading.source import Sources
from ..reading.sources import read_sources
from ..reading.text import STANDARD_INPUT
from ..template.app import App
from ..template.stack import Resource
from .access import access_changes
from .defaults import Defaults
from .keys import changed_keys
from .lifecycles import changed_lifecycles
from .pairs import Sides, check_comparable
from .registries import changed_registries
from .repositories import changed_repositories

__all__ = ["diff_places", "diff_sources"]

Rules: TypeAlias = Callable[[Sides], Iterator[Located]]
_RULES: Final[tuple[Rules, ...]] = (
    changed_repositories,
    changed_keys,
    changed_lifecycles,
    changed_registries,
)
"""Every topic."""


def diff_places(
    old: str, new: str, *, account: str | None = None, region: str | None = None
) -> Checked:
    """What a deploy of the one would lose of the other.

    :param old: what is deployed: a template, an assembly directory, or ``-`` for standard input.
    :param new: what would be deployed, of which the same holds.
    :param account: and ``region``: stand in for what the stacks leave open.
    """
    if old == new == STANDARD_INPUT:
        raise unusable(STANDARD_INPUT, "is given twice", "give one of both as a file")
    before = read_sources(old, account=account, region=region)
    after = read_sources(new, account=account, region=region)
    notes = tuple(dict.fromkeys((*before.notes, *after.notes)))
    return replace(diff_sources(before, after), notes=notes)


def diff_sources(old: Sources, new: Sources) -> Checked:
    """What a deploy of sources would lose of others."""
    sides = _sides(old, new)
    check_comparable(sides.old, sides.new)
    stacks = [stack for pair in sides.stacks for stack in (pair.new, pair.old) if stack is not None]
    located: Iterable[Located] = _changes(sides, old, new)
    defaults = Defaults.changed(sides)
    if defaults:
        opened = defaults.opened(old), defaults.opened(new)
        located = defaults.weighed(located, _changes(_sides(*opened), *opened))
    return Checked(findings=collected(located, stacks, _Reasons(sides).of))


def _sides(old: Sources, new: Sources) -> Sides:
    before = App(old.stacks)
    return Sides(before, App(new.stacks, beside=before))


def _changes(sides: Sides, old: Sources, new: Sources) -> Iterator[Located]:
    for rules in _RULES:
        yield from rules(sides)
    yield from access_changes(old, new)


class _Reasons:
    """Why findings may stay, by what the new templates say."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._telling = [stack for stack in sides.new.stacks if stack.source.acknowledged]

    def of(self, resource: Resource, code: str) -> str | None:
        """The reason for one finding; None where there is none."""
        stack = self._sides.new_stack(resource)
        if stack is not None:
            return reason_of(replace(resource, stack=stack), code)
        # Its stack is gone. What was above that in the app may still be there.
        for other in self._telling:
            reason = reason_of(replace(resource, stack=other, logical_id=""), code)
            if reason is not None:
                return reason
        return None
