"""Public names as the source has them, without running it: neither jsii nor Node starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import griffe

__all__ = ["HOME", "ROOT", "Names", "members", "package"]

ROOT: Final = Path(__file__).parents[2]
HOME: Final = "ecr_constructs"
_ENUMS: Final = {"enum.Enum", "enum.IntEnum", "enum.Flag"}


@cache
def package() -> griffe.Module:
    """The library, read once."""
    return griffe.load(HOME, search_paths=[ROOT], resolve_aliases=True, resolve_external=False)


class Names:
    """The names that have a place on a page, and what annotations mean by theirs."""

    def __init__(self, places: Iterable[str]) -> None:
        """Take how everything is imported that has a place."""
        # A docstring says `all_tags` wherever that is imported from.
        self.meant = {path.rpartition(".")[2]: path for path in places}
        self._imported = {target(path).path: path for path in places}
        self.left: dict[str, griffe.Object] = {}

    def public(self, path: str) -> str | None:
        """How a definition is imported, where it has a place."""
        return self._imported.get(path)

    def take(self, annotation: str | griffe.Expr | None) -> None:
        """Note what the names of an annotation mean."""
        if annotation is None or isinstance(annotation, str):
            return
        for written in _dotted(annotation):
            canonical = _canonical(written)
            self.meant[str(written)] = self._imported.get(canonical, canonical)
            if canonical.startswith(f"{HOME}.") and canonical not in self._imported:
                self.left.setdefault(canonical, target(canonical))


def target(path: str) -> griffe.Object:
    """What is imported from a path, where it is defined."""
    found: Any = package()[path.removeprefix(f"{HOME}.")]
    return found.final_target if found.is_alias else found


def is_enum(value: griffe.Class) -> bool:
    """Whether the members are what there is to choose from."""
    bases = {_canonical(base) for base in value.bases if not isinstance(base, str)}
    return bool(bases & _ENUMS)


def members(value: griffe.Class, names: Names) -> Iterator[griffe.Object]:
    """What a class offers: its own, and what it inherits from classes that have no place."""
    elsewhere = {
        each.path for base in value.mro() if names.public(base.path) for each in (base, *base.mro())
    }
    found = {**value.members, **{k: v for k, v in _inherited(value) if k not in value.members}}
    for name, member in found.items():
        one: Any = member.final_target if member.is_alias else member
        if name.startswith("_") or one.parent.path in elsewhere:
            continue
        if one.docstring or (is_enum(value) and one.is_attribute):
            yield one


def _inherited(value: griffe.Class) -> list[tuple[str, Any]]:
    return list(value.inherited_members.items())


def _dotted(annotation: griffe.Expr) -> Iterator[griffe.Expr]:
    """The names of an annotation, `kms.IKey` as one."""
    if isinstance(annotation, (griffe.ExprName, griffe.ExprAttribute)):
        yield annotation
        return
    for part in annotation.iterate(flat=False):
        if isinstance(part, griffe.Expr):
            yield from _dotted(part)


def _canonical(written: griffe.Expr) -> str:
    """The path of the definition, past what packages export again."""
    path = written.canonical_path
    if path.startswith(f"{HOME}."):
        try:
            return target(path).path
        except KeyError:
            return path
    return path
