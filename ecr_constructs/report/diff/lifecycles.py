"""Lifecycle policies that take what the deployed ones keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from ...model.findings import Finding
from ...model.lifecycle.proofs.changes import check_policy_change
from ..check.located import Located
from ..template.stack import Resource
from .pairs import Sides
from .worlds import changes_in_worlds

__all__ = ["changed_lifecycles"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_PROPERTY: Final = "LifecyclePolicy"
_REMEMBERED: Final = 4096


def changed_lifecycles(sides: Sides) -> Iterator[Located]:
    """What each policy takes that the one before it keeps, of repositories that are there."""
    for pair in sides.of_kind(_REPOSITORY):
        if pair.old is None or pair.new is None or _PROPERTY not in pair.new.properties:
            continue
        rules = _OfPair(pair.old, pair.new)
        for finding in changes_in_worlds(pair, rules.old, rules.new, rules.changes):
            yield Located(finding=finding, resource=pair.new)


class _OfPair:
    """The rules for one repository."""

    def __init__(self, was: Resource, now: Resource) -> None:
        self._marks = was.stack.marks, now.stack.marks
        self.old, self.new = _asked(was), _asked(now)

    def changes(self, old: Any, new: Any) -> tuple[Finding, ...]:
        """What is to be said where conditions chose these policies."""
        if old is None or new is None:
            return ()
        before, after = self._marks
        return _compared(_text(before.deferred(old)), _text(after.deferred(new)))


def _asked(resource: Resource) -> dict[str, Any]:
    written = resource.properties.get(_PROPERTY)
    return {} if written is None else {_PROPERTY: written}


def _text(settings: Mapping[str, Any]) -> str | None:
    policy = settings.get(_PROPERTY)
    text = policy.get("LifecyclePolicyText") if isinstance(policy, Mapping) else policy
    return text if isinstance(text, str) else None


@lru_cache(maxsize=_REMEMBERED)
def _compared(old: str | None, new: str | None) -> tuple[Finding, ...]:
    """What two texts differ in: many repositories have the same."""
    return tuple(check_policy_change(old, new))
