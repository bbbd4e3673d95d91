"""Stacks and resources of two apps, those together that CloudFormation takes for the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...model.repository.removal import is_kept
from ..reading.faults import unusable
from ..template.app import App
from ..template.marks import marked
from ..template.stack import Resource, Stack

__all__ = ["Pair", "Sides", "Stacks", "check_comparable", "same_place"]

_ALONE: Final = 1


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """A stack before and after; None where it is not there."""

    old: Stack | None
    new: Stack | None
    kept: bool | None = False
    """Whether an old stack that is gone stays in the account: a nested one may."""
    leaves: bool = False
    """Whether the whole stack, or the one around it, is gone: somebody must delete it."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A resource before and after; None where it is not there."""

    old: Resource | None
    new: Resource | None
    stacks: Stacks

    @property
    def either(self) -> Resource:
        """The resource as it will be, or as it was where it goes."""
        resource = self.new or self.old
        assert resource is not None  # noqa: S101 - one of both is there, or there is no pair
        return resource


class Sides:
    """Two apps, of which the new one is deployed over the old one."""

    def __init__(self, old: App, new: App) -> None:
        self.old = old
        self.new = new
        self.stacks = tuple(_with_nested(_paired(old.top, new.top)))
        self._new_of = {
            id(pair.old.source): pair.new for pair in self.stacks if pair.old is not None
        }

    def of_kind(self, *kinds: str) -> Iterator[Pair]:
        """The resources of some types by their logical ids, those that go after the others."""
        for stacks in self.stacks:
            olds, news = _by_id(stacks.old, kinds), _by_id(stacks.new, kinds)
            for logical_id in dict.fromkeys((*news, *olds)):
                yield Pair(old=olds.get(logical_id), new=news.get(logical_id), stacks=stacks)

    def new_stack(self, resource: Resource) -> Stack | None:
        """The stack that a resource is, or was, in, as it will be."""
        source = resource.stack.source
        return self._new_of.get(id(source), resource.stack)


def _by_id(stack: Stack | None, kinds: Sequence[str]) -> dict[str, Resource]:
    return {} if stack is None else {each.logical_id: each for each in stack.of_kind(*kinds)}


def _paired(olds: Sequence[Stack], news: Sequence[Stack]) -> Iterator[Stacks]:
    """The stacks of two apps by name; by account and Region too where several have one name."""
    if len(olds) == len(news) == _ALONE and any(_nameless(each) for each in (*olds, *news)):
        yield Stacks(old=olds[0], new=news[0])
        return
    free = list(olds)
    for new in news:
        named = [old for old in free if _name(old) == _name(new) and same_place(old, new)]
        exact = [old for old in named if _place(old) == _place(new)]
        found = next(iter(exact or named), None)
        if found is not None:
            free.remove(found)
        yield Stacks(old=found, new=new)
    for old in free:
        yield Stacks(old=old, new=None, leaves=True)


def check_comparable(old: App, new: App) -> None:
    """Refuse a template without a name where nothing says which of several stacks it is of."""
    for one, others in ((old, new), (new, old)):
        alone = len(one.top) == _ALONE and _nameless(one.top[0])
        if alone and len(others.top) > _ALONE:
            names = sorted({_name(each) for each in others.top})
            if _name(one.top[0]) not in names:
                raise unusable(
                    one.top[0].source.file,
                    f"is a template of none of these stacks: {', '.join(names)[:200]}",
                    "give two templates, two assemblies, or the template under its stack's name",
                )


def _with_nested(pairs: Iterator[Stacks]) -> Iterator[Stacks]:
    for pair in pairs:
        yield pair
        yield from _with_nested(_nested(pair))


def _nested(pair: Stacks) -> Iterator[Stacks]:
    olds = {} if pair.old is None else pair.old.nested
    news = {} if pair.new is None else pair.new.nested
    for logical_id in dict.fromkeys((*news, *olds)):
        old, new = olds.get(logical_id), news.get(logical_id)
        kept: bool | None = False
        if new is None and pair.old is not None:
            entry = pair.old.resources.get(logical_id)
            policy = entry.get("DeletionPolicy") if isinstance(entry, Mapping) else None
            kept = pair.kept or is_kept(None if policy is None else pair.old.resolve(policy))
        yield Stacks(old=old, new=new, kept=kept, leaves=pair.leaves)


def _nameless(stack: Stack) -> bool:
    """Whether a stack's name is only that of a file."""
    return stack.source.stack_name is None


def _name(stack: Stack) -> str:
    return stack.source.stack


def _place(stack: Stack) -> tuple[str | None, str | None]:
    return stack.source.account, stack.source.region


def same_place(old: Stack, new: Stack) -> bool:
    """Whether two stacks may be in one account and Region; what is open may be any."""
    places = ((old.account, new.account), (old.region, new.region))
    return all(one == other or marked(one) or marked(other) for one, other in places)
