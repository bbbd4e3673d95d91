"""Settings of a registry that no longer copy or fetch what they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...model.findings import Finding
from ...model.registry.changes import (
    check_cache_rule_change,
    check_cache_rule_gone,
    check_cache_rule_moved,
    check_replication_change,
)
from ...model.registry.effective.caching import read_cache_rule
from ...model.registry.effective.replication import read_replication
from ...model.repository.removal import is_kept
from ..check.located import Located
from ..check.repositories import written
from ..template.marks import marked
from ..template.stack import Resource
from .pairs import Pair, Sides, Stacks, same_place
from .worlds import changes_in_worlds

__all__ = ["changed_registries"]

_REPLICATION: Final = "AWS::ECR::ReplicationConfiguration"
_CACHE_RULE: Final = "AWS::ECR::PullThroughCacheRule"
_PROPERTIES: Final = "Properties"
_DELETION: Final = "DeletionPolicy"


def changed_registries(sides: Sides) -> Iterator[Located]:
    """What registries copied or fetched, and no longer do."""
    for pair in _replications(sides):
        yield from _found(pair, _Replication(pair))
    pairs = tuple(sides.of_kind(_CACHE_RULE))
    moved = _moved(pairs)
    left = {id(source) for source in moved.values()}
    for pair in pairs:
        source = moved.get(id(pair))
        if source is not None and source.old is not None:
            yield Located(finding=_at_another_place(pair, source, source.old), resource=pair.either)
        if pair.old is not None and id(pair) not in left:
            yield from _found(pair, _CacheRule(pair))


class _Rules:
    """The rules for one resource."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def stays(self, old: Any) -> bool | None:
        """Whether the old one stays in the account where it is no longer in a template."""
        was = self._pair.old
        if was is None or self._pair.stacks.kept:
            return True
        return is_kept(was.stack.marks.deferred(old.get(_DELETION)))


class _Replication(_Rules):
    """The rules for the replication of a registry."""

    def changes(self, old: Any, new: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose these settings; None: it is not there."""
        if old is None or (new is None and self.stays(old) is not False):
            return
        yield from check_replication_change(
            read_replication(_properties(self._pair.old, old)),
            read_replication(_properties(self._pair.new, new)),
        )


class _CacheRule(_Rules):
    """The rules for one pull-through cache rule."""

    def changes(self, old: Any, new: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose these settings; None: it is not there."""
        if old is None:
            return
        before = _properties(self._pair.old, old)
        if new is None:
            yield from check_cache_rule_gone(read_cache_rule(before), stays=self.stays(old))
        else:
            yield from check_cache_rule_change(before, _properties(self._pair.new, new))


def _found(pair: Pair, rules: _Replication | _CacheRule) -> Iterator[Located]:
    old, new = (None if each is None else _asked(each) for each in (pair.old, pair.new))
    for finding in changes_in_worlds(pair, old, new, rules.changes):
        yield Located(finding=finding, resource=pair.either)


def _asked(resource: Resource) -> dict[str, Any]:
    return {_PROPERTIES: dict(resource.properties), _DELETION: written(resource, _DELETION)}


def _properties(resource: Resource | None, asked: Any) -> Mapping[str, Any]:
    if resource is None or asked is None:
        return {}
    found: Mapping[str, Any] = resource.stack.marks.deferred(asked[_PROPERTIES])
    return found


def _moved(pairs: Sequence[Pair]) -> dict[int, Pair]:
    """By the pair with a new cache rule: the one that had its prefix."""
    had: dict[str, list[Pair]] = {}
    for pair in pairs:
        prefix = _prefix_of(pair.old)
        if prefix is not None and prefix != _prefix_of(pair.new):
            had.setdefault(prefix, []).append(pair)
    moved = {}
    for pair in pairs if had else ():
        prefix = _prefix_of(pair.new)
        if pair.new is None or prefix is None or prefix == _prefix_of(pair.old):
            continue
        for source in had.get(prefix, ()):
            if source.old is not None and same_place(source.old.stack, pair.new.stack):
                moved[id(pair)] = source
    return moved


def _prefix_of(resource: Resource | None) -> str | None:
    """The prefix of a cache rule, where the template decides it."""
    found = None if resource is None else resource.properties.get("EcrRepositoryPrefix")
    return found if isinstance(found, str) and not marked(found) else None


def _at_another_place(pair: Pair, source: Pair, old: Resource) -> Finding:
    return check_cache_rule_moved(
        str(old.properties["EcrRepositoryPrefix"]),
        old.construct_path or old.logical_id,
        other_stack=old.stack.source.stack if source.stacks is not pair.stacks else None,
    )


def _replications(sides: Sides) -> Iterator[Pair]:
    """The configurations of registries: one each, whatever stack and logical id it has."""
    every = tuple(sides.new.of_kind(_REPLICATION))
    for old in sides.old.of_kind(_REPLICATION):
        news = [new for new in every if same_place(old.stack, new.stack)]
        same = [new for new in news if new.logical_id == old.logical_id]
        new = next(iter(same or news), None)
        stacks = Stacks(old=old.stack, new=None if new is None else new.stack)
        yield Pair(old=old, new=new, stacks=stacks)
