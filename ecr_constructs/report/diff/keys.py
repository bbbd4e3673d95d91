"""Keys that go, or that nobody can use any more, and the images under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...model.deferred import is_deferred
from ...model.encryption_key import check_key_enabled, check_key_kept, check_key_removed
from ...model.findings import Finding
from ...model.repository.removal import is_kept
from ..check.keys import KEYS, Keys, named_users
from ..check.located import Located
from ..check.repositories import Emptied, written
from ..template.stack import Resource
from .pairs import Pair, Sides
from .worlds import changes_in_worlds

__all__ = ["changed_keys"]

_REPOSITORY: Final = "AWS::ECR::Repository"


def changed_keys(sides: Sides) -> Iterator[Located]:
    """What becomes of each key under which repositories kept their images."""
    users = _Users(sides)
    if not users:
        return
    for pair in sides.of_kind(*KEYS):
        encrypts = [] if pair.old is None else users.of(pair.old)
        if pair.old is None or not encrypts:
            continue
        rules = _OfPair(
            pair, pair.old, encrypts, users.staying(pair.old), users.left_behind(pair.old)
        )
        for finding in changes_in_worlds(pair, rules.old, rules.new, rules.changes):
            yield Located(finding=finding, resource=pair.either)


class _Users:
    """The repositories of the old app by their keys."""

    def __init__(self, sides: Sides) -> None:
        app = sides.old
        self._sides = sides
        keys = Keys(app)
        self._emptied = Emptied(app)
        self._by: dict[tuple[int, str], list[Resource]] = {}
        for resource in app.of_kind(_REPOSITORY) if keys else ():
            key = keys.of(resource)
            if key is not None:
                self._by.setdefault(_place(key), []).append(resource)

    def __bool__(self) -> bool:
        return bool(self._by)

    def of(self, key: Resource) -> list[Resource]:
        """The repositories that a key encrypts."""
        return self._by.get(_place(key), [])

    def staying(self, key: Resource) -> list[Resource]:
        """Those of them whose images do not go with their stack anyway."""
        return [each for each in self.of(key) if not self._emptied.loses_images(each)]

    def left_behind(self, key: Resource) -> list[Resource]:
        """Those of them that are still there, or whose images are, when the key is not."""
        staying = {id(each) for each in self.staying(key)}
        return [each for each in self.of(key) if id(each) in staying or self._is_there(each)]

    def _is_there(self, resource: Resource) -> bool:
        stack = self._sides.new_stack(resource)
        now = None if stack is None else stack.resource(resource.logical_id)
        return now is not None and now.kind == resource.kind


class _OfPair:
    """The rules for one key."""

    def __init__(
        self,
        pair: Pair,
        was: Resource,
        encrypts: Sequence[Resource],
        staying: Sequence[Resource],
        left_behind: Sequence[Resource],
    ) -> None:
        self._pair = pair
        self._was = was
        self._encrypts = encrypts
        self._staying = staying
        self._left_behind = left_behind
        self.old = _asked(was)
        self.new = None if pair.new is None else _asked(pair.new)

    def changes(self, old: Any, new: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose these settings."""
        if old is None:
            return
        before = self._was.stack.marks.deferred(old)
        now = self._pair.new
        if new is None or now is None:
            if not self._left_behind:
                return
            kept = self._pair.stacks.kept
            deletion = "Retain" if kept else before.get("DeletionPolicy")
            yield from check_key_removed(deletion, encrypts=named_users(self._left_behind))
            return
        after = now.stack.marks.deferred(new)
        enabled = before.get("Enabled")
        if not is_deferred(enabled) and not check_key_enabled(enabled, encrypts=""):
            yield from check_key_enabled(after.get("Enabled"), encrypts=named_users(self._encrypts))
        if self._staying and is_kept(before.get("DeletionPolicy")) is True:
            yield from check_key_kept(
                after.get("DeletionPolicy"), encrypts=named_users(self._staying)
            )


def _asked(key: Resource) -> Mapping[str, Any]:
    asked = {
        "Enabled": key.properties.get("Enabled"),
        "DeletionPolicy": written(key, "DeletionPolicy"),
    }
    return {name: value for name, value in asked.items() if value is not None}


def _place(key: Resource) -> tuple[int, str]:
    return id(key.stack), key.logical_id
