"""Repositories that are replaced, deleted, moved, or less safe than they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...model.deferred import is_deferred
from ...model.findings import Finding
from ...model.repository.changes import (
    check_gone,
    check_moved,
    check_replaced,
    check_retention,
    check_retyped,
    surely_differ,
)
from ..check.keys import Keys
from ..check.located import Located
from ..check.repositories import Emptied, OfOne, asked_of
from ..check.scanning import Scanning
from ..template.marks import marked
from ..template.stack import Resource
from .pairs import Pair, Sides, same_place
from .worlds import changes_in_worlds

__all__ = ["changed_repositories"]

_PRIVATE: Final = "AWS::ECR::Repository"
_PUBLIC: Final = "AWS::ECR::PublicRepository"
_NAME: Final = "RepositoryName"
_ENCRYPTION: Final = "EncryptionConfiguration"
_POLICIES: Final = ("DeletionPolicy", "UpdateReplacePolicy")
# What a check says of the new template counts where it did not say it of the old one.
_LOST: Final = ("tags-mutable", "scan-off", "empty-on-delete")
_DANGER: Final = "empty-on-delete"
_DECIDING: Final = ("EmptyOnDelete", *_POLICIES)


def changed_repositories(sides: Sides) -> Iterator[Located]:
    """What becomes of each repository that was there."""
    pairs = tuple(sides.of_kind(_PRIVATE, _PUBLIC))
    moves = _Moves(pairs)
    of_sides = _OfSides.read(sides)
    for pair in pairs:
        moved = moves.to(pair)
        if moved is not None:
            yield Located(finding=moved, resource=pair.either)
        if pair.old is None:
            continue
        rules = _OfPair(pair, pair.old, of_sides, leaves=id(pair) not in moves.left)
        for finding in changes_in_worlds(pair, rules.old, rules.new, rules.changes):
            yield Located(finding=finding, resource=pair.either)


@dataclass(frozen=True, kw_only=True)
class _OfSides:
    """What the rules ask of both apps as wholes: old, then new."""

    keys: tuple[Keys, Keys]
    emptied: tuple[Emptied, Emptied]
    scanning: tuple[Scanning, Scanning]

    @classmethod
    def read(cls, sides: Sides) -> _OfSides:
        old, new = sides.old, sides.new
        return cls(
            keys=(Keys(old), Keys(new)),
            emptied=(Emptied(old), Emptied(new)),
            scanning=(Scanning(old), Scanning(new)),
        )


class _OfPair:
    """The rules for one repository."""

    def __init__(self, pair: Pair, was: Resource, of_sides: _OfSides, *, leaves: bool) -> None:
        self._pair = pair
        self._was = was
        self._of_sides = of_sides
        self._leaves = leaves
        self.old = _asked(was)
        self.new = None if pair.new is None else _asked(pair.new)
        self._postures = (
            None if pair.new is None else (self._posture(was, 0), self._posture(pair.new, 1))
        )

    def changes(self, old: Any, new: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose these settings."""
        if old is None:
            return
        before = self._was.stack.marks.deferred(old)
        now = self._pair.new
        other = _other_type(self._pair, self._was)
        if other is not None:
            yield check_retyped(self._was.kind, other)
            return
        if new is None or now is None:
            if self._leaves:
                yield from self._gone(before)
            return
        after = now.stack.marks.deferred(new)
        yield from self._replaced(now, before, after)
        for name in _POLICIES:
            yield from check_retention(name, before.get(name), after.get(name))
        if self._was.kind == _PRIVATE:
            yield from self._lost(old, new)

    def _gone(self, before: Mapping[str, Any]) -> Iterator[Finding]:
        stacks = self._pair.stacks
        deletion = "Retain" if stacks.kept else before.get("DeletionPolicy")
        by = self._of_sides.emptied[0].by(self._was)
        own = before.get("EmptyOnDelete") in (True, "true")
        yield from check_gone(
            deletion=deletion,
            empties=by is not None or own,
            because=_why_gone(self._pair, self._was),
            whole_stack=stacks.leaves,
        )

    def _replaced(
        self, now: Resource, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[Finding]:
        names = before.get(_NAME), after.get(_NAME)
        policies = before.get("UpdateReplacePolicy"), after.get("UpdateReplacePolicy")
        for name in (_NAME, _ENCRYPTION):
            old, new = before.get(name), after.get(name)
            differ = surely_differ(old, new)
            if differ is None and name == _ENCRYPTION and self._other_key(now):
                differ = True
            yield from check_replaced(
                name,
                old,
                new,
                differ=differ,
                same_name=names[0] if name != _NAME and names[0] == names[1] else None,
                policies=policies,
            )

    def _other_key(self, now: Resource) -> bool:
        """Whether two keys of the templates are surely not the same one."""
        of_old, of_new = self._of_sides.keys
        old, new = of_old.of(self._was), of_new.of(now)
        return old is not None and new is not None and old.logical_id != new.logical_id

    def _posture(self, resource: Resource, side: int) -> OfOne:
        return OfOne(
            resource, self._of_sides.scanning[side], self._of_sides.emptied[side].by(resource)
        )

    def _lost(self, old: Any, new: Any) -> Iterator[Finding]:
        if self._postures is None:
            return
        before, after = self._postures
        known = {finding.code for finding in before.findings(old)}
        for finding in after.findings(new):
            if finding.code not in _LOST or finding.code in known:
                continue
            # What was open before may have been so before.
            if finding.code == _DANGER and any(_is_open(old.get(each)) for each in _DECIDING):
                continue
            yield finding


class _Moves:
    """Repositories that are declared elsewhere with the name that they had."""

    def __init__(self, pairs: tuple[Pair, ...]) -> None:
        self._by_name: dict[str, list[Pair]] = {}
        self._to: dict[int, Finding] = {}
        self.left: set[int] = set()
        for pair in pairs:
            name = None if pair.old is None else _name_of(pair.old)
            if name is not None and name != (pair.new and _name_of(pair.new)):
                self._by_name.setdefault(name, []).append(pair)
        for pair in pairs if self._by_name else ():
            self._find(pair)

    def to(self, pair: Pair) -> Finding | None:
        """What is said of a repository that was elsewhere before."""
        return self._to.get(id(pair))

    def _find(self, pair: Pair) -> None:
        name = None if pair.new is None else _name_of(pair.new)
        if pair.new is None or name is None or (pair.old and _name_of(pair.old) == name):
            return
        for source in self._by_name.get(name, ()):
            old, new = source.old, pair.new
            if old is None or old.kind != new.kind or not same_place(old.stack, new.stack):
                continue
            self.left.add(id(source))
            other = source.stacks is not pair.stacks
            self._to[id(pair)] = check_moved(
                name=name,
                before=old.construct_path or old.logical_id,
                other_stack=old.stack.source.stack if other else None,
                deletion=old.stack.marks.deferred(asked_of(old).get("DeletionPolicy")),
                stays=source.new is not None,
            )
            return


def _asked(resource: Resource) -> dict[str, Any]:
    encryption = resource.properties.get(_ENCRYPTION)
    found = {} if encryption is None else {_ENCRYPTION: encryption}
    return {**asked_of(resource), **found}


def _other_type(pair: Pair, was: Resource) -> str | None:
    """The type that the logical id of a repository gets, where it is another one."""
    stack = pair.stacks.new
    entry = None if stack is None else stack.resources.get(was.logical_id)
    kind = entry.get("Type") if isinstance(entry, Mapping) else None
    return kind if isinstance(kind, str) and kind != was.kind else None


def _why_gone(pair: Pair, was: Resource) -> str:
    stacks = pair.stacks
    if stacks.leaves:
        return f"the stack {was.stack.source.stack} is no longer there"
    if stacks.new is None:
        return "the nested stack that it is in leaves its template"
    if isinstance(stacks.new.resources.get(was.logical_id), Mapping):
        return "is made under a condition that no longer holds"
    return "leaves the template"


def _name_of(resource: Resource) -> str | None:
    """The name that somebody gave a repository, where the template decides it."""
    name = resource.properties.get(_NAME)
    text = resource.stack.marks.readable(name)
    if not isinstance(text, str) or not text:
        return None
    # The account and the Region are the same before and after; a parameter may be another.
    return None if is_deferred(text.replace("${AWS::", "")) else text


def _is_open(value: object) -> bool:
    return isinstance(value, str) and marked(value)
