"""Conditions that two versions of a stack define differently under one name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .app import App
    from .stack import Stack

__all__ = ["Redefined"]


class Redefined:
    """What the conditions of an app were before, and are now."""

    def __init__(self, old: App, new: App) -> None:
        self._old = old
        self._new = new
        self._known: dict[tuple[str, str], bool] = {}

    @property
    def versions(self) -> tuple[App, App]:
        """Both apps, the old one first."""
        return self._old, self._new

    def label(self, app: App, scope: str, name: str, label: str) -> str:
        """The label of a condition, with its version where both do not mean the same."""
        if not self._differs(scope, name):
            return label
        return f"the {'old' if app is self._old else 'new'} {label}"

    def _differs(self, scope: str, name: str) -> bool:
        key = (scope, name)
        if key not in self._known:
            # The same while it is looked at, so that one which asks for itself has an end.
            self._known[key] = False
            old, new = (stacks.get(scope) for stacks in self._stacks)
            if old is not None and new is not None:
                before, now = (stack.conditions.meaning(name) for stack in (old, new))
                self._known[key] = None not in (before, now) and before != now
        return self._known[key]

    @cached_property
    def _stacks(self) -> tuple[Mapping[str, Stack], Mapping[str, Stack]]:
        old, new = ({stack.scope: stack for stack in app.stacks} for app in self.versions)
        return old, new
