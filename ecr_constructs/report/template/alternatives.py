"""Values that depend on a condition which the template does not decide: both are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

__all__ = [
    "NOTHING",
    "Alternatives",
    "Nothing",
    "World",
    "branches",
    "conditions_in",
    "entries",
    "for_each",
    "in_every_world",
    "worlds",
]

Found = TypeVar("Found")

_MOST_CONDITIONS: Final = 5


class Nothing:
    """The type of :data:`NOTHING`."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = Nothing()
"""``AWS::NoValue``: the property, or the entry of a list, is not there."""


@dataclass(frozen=True)
class Alternatives:
    """One value where a condition holds, another where it does not."""

    condition: str
    """The condition, with the stack it is of where two have the same name."""
    yes: Any
    no: Any


World = tuple[tuple[str, bool], ...]
"""Conditions and whether each of them holds."""


def worlds(value: Any) -> Iterator[tuple[World, Any]]:
    """The value in each combination of the conditions that it depends on.

    Beyond five conditions the others are taken to hold all together or not at all, so that both
    sides of each are still seen.
    """
    conditions = conditions_in(value)
    groups: list[tuple[str, ...]] = [(name,) for name in conditions[:_MOST_CONDITIONS]]
    rest = conditions[_MOST_CONDITIONS:]
    if rest:
        groups.append(rest)
    yield from _split(value, groups, ())


def _split(
    value: Any, groups: Sequence[tuple[str, ...]], world: World
) -> Iterator[tuple[World, Any]]:
    if not groups:
        yield world, value
        return
    first, *others = groups
    for truth in (True, False):
        decided = tuple((name, truth) for name in first)
        yield from _split(_chosen(value, dict(decided)), others, (*world, *decided))


def branches(value: Any) -> Iterator[tuple[World, Any]]:
    """What a value as a whole may be; what depends on conditions inside of it stays so."""
    if isinstance(value, Alternatives):
        for truth, side in ((True, value.yes), (False, value.no)):
            for world, chosen in branches(side):
                yield ((value.condition, truth), *world), chosen
    elif value is not NOTHING:
        yield (), value


def entries(value: Any) -> list[tuple[Any, World]]:
    """The entries of a list, or a value alone, with what each depends on."""
    found: list[tuple[Any, World]] = []
    items = value if isinstance(value, list) else [value]
    for item in items:
        for world, each in branches(item):
            inner = each if isinstance(each, list) else [each]
            found += [(entry, world) for entry in inner if entry is not None]
    return found


def for_each(value: Any, function: Callable[[Any], Any]) -> Any:
    """What a function makes of the value, condition by condition."""
    condition = next(_conditions(value), None)
    if condition is None:
        return function(value)
    yes = for_each(_chosen(value, {condition: True}), function)
    no = for_each(_chosen(value, {condition: False}), function)
    return yes if yes == no else Alternatives(condition, yes, no)


def in_every_world(
    value: Any, find: Callable[[Any], Iterable[Found]], *, by: Callable[[Found], Hashable]
) -> list[Found]:
    """What a function finds of a value whatever the conditions decide that it depends on.

    :param by: what makes two of the found the same; the first of them is returned.
    """
    (_, first), *others = worlds(value)
    found = list(find(first))
    for _, chosen in others:
        if not found:
            break
        also = {by(each) for each in find(chosen)}
        found = [each for each in found if by(each) in also]
    return found


def conditions_in(value: Any) -> tuple[str, ...]:
    """The conditions that the value depends on, each once."""
    return tuple(dict.fromkeys(_conditions(value)))


def passes_on(value: Any, *, depth: int = 0) -> bool:
    """Whether a value may pass from stack to stack: a text, or a few that depend on conditions.

    More than that would grow without end where every stack uses twice what another one gives.
    """
    if isinstance(value, Alternatives):
        deeper = depth + 1
        return (
            depth < _MOST_CONDITIONS
            and passes_on(value.yes, depth=deeper)
            and passes_on(value.no, depth=deeper)
        )
    return isinstance(value, (str, int, float))


def _conditions(value: Any) -> Iterator[str]:
    if isinstance(value, Alternatives):
        yield value.condition
        yield from _conditions(value.yes)
        yield from _conditions(value.no)
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _conditions(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _conditions(entry)


def _chosen(value: Any, truths: Mapping[str, bool]) -> Any:
    if isinstance(value, Alternatives):
        truth = truths.get(value.condition)
        if truth is None:
            yes, no = _chosen(value.yes, truths), _chosen(value.no, truths)
            return yes if yes == no else Alternatives(value.condition, yes, no)
        return _chosen(value.yes if truth else value.no, truths)
    if isinstance(value, Mapping):
        chosen = ((key, _chosen(entry, truths)) for key, entry in value.items())
        return {key: entry for key, entry in chosen if entry is not NOTHING}
    if isinstance(value, list):
        entries = (_chosen(entry, truths) for entry in value)
        return [entry for entry in entries if entry is not NOTHING]
    return value
