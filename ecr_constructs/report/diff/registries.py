"""Settings of a registry that no longer copy or fetch what they did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ...model.findings import Finding
from ...model.registry.changes import check_cache_rule_change, check_replication_change
from ...model.registry.effective.caching import read_cache_rule
from ...model.registry.effective.replication import read_replication
from ..check.located import Located
from ..template.stack import Resource
from .pairs import Pair, Sides, Stacks, same_place
from .worlds import changes_in_worlds

__all__ = ["changed_registries"]

_REPLICATION: Final = "AWS::ECR::ReplicationConfiguration"
_CACHE_RULE: Final = "AWS::ECR::PullThroughCacheRule"


def changed_registries(sides: Sides) -> Iterator[Located]:
    """What registries copied or fetched, and no longer do."""
    for pair in _replications(sides):
        yield from _found(pair, _Replication(pair))
    for pair in sides.of_kind(_CACHE_RULE):
        if pair.old is not None and pair.new is not None:
            yield from _found(pair, _CacheRule(pair))


class _Replication:
    """The rules for the replication of a registry."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def changes(self, old: Any, new: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose these properties; None: it is not there."""
        yield from check_replication_change(
            read_replication(_readable(self._pair.old, old)),
            read_replication(_readable(self._pair.new, new)),
        )


class _CacheRule:
    """The rules for one pull-through cache rule."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def changes(self, old: Any, new: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose these properties; None: it is not there."""
        if old is not None and new is not None:
            yield from check_cache_rule_change(
                read_cache_rule(_readable(self._pair.old, old)),
                read_cache_rule(_readable(self._pair.new, new)),
            )


def _found(pair: Pair, rules: _Replication | _CacheRule) -> Iterator[Located]:
    old = None if pair.old is None else dict(pair.old.properties)
    new = None if pair.new is None else dict(pair.new.properties)
    for finding in changes_in_worlds(pair, old, new, rules.changes):
        yield Located(finding=finding, resource=pair.either)


def _readable(resource: Resource | None, value: Any) -> Any:
    return {} if resource is None or value is None else resource.stack.marks.readable(value)


def _replications(sides: Sides) -> Iterator[Pair]:
    """The configurations of registries: one each, whatever stack and logical id it has."""
    every = tuple(sides.new.of_kind(_REPLICATION))
    for old in sides.old.of_kind(_REPLICATION):
        news = [new for new in every if same_place(old.stack, new.stack)]
        same = [new for new in news if new.logical_id == old.logical_id]
        new = next(iter(same or news), None)
        stacks = Stacks(old=old.stack, new=None if new is None else new.stack)
        yield Pair(old=old, new=new, stacks=stacks)
