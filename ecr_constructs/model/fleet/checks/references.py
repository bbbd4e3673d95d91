"""What the values of a manifest name: kinds, groups, principals, roles, and each other's names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from ...findings import Severity
from ..faults import Fault, Path
from .finding import finding_of, nearest, one_of

if TYPE_CHECKING:
    from ..values import Accessor, Fleet

__all__ = ["check_references"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# A group is the beginning of the name of a stack.
_GROUP: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_STACK_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html"
)
_NAME_DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"
)


def check_references(fleet: Fleet) -> Iterator[Fault]:
    """Names that name nothing, that two things have, or that nothing uses."""
    yield from _names(fleet)
    yield from _same_names(fleet)
    yield from _same_places(fleet)
    walk = _Walk(fleet)
    yield from walk.faults()
    yield from walk.unused()


class _Walk:
    """Follows every name of a manifest once and remembers which were followed."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._accessors = {**fleet.principals, **fleet.roles}
        self._followed: dict[str, set[str]] = {"kinds": set(), "principals": set(), "roles": set()}

    def faults(self) -> Iterator[Fault]:
        """Names that name nothing."""
        fleet = self._fleet
        for name, kind in fleet.kinds.items():
            path: Path = ("kinds", name)
            if kind.group is not None and kind.group not in fleet.groups:
                yield _unknown_group((*path, "group"), kind.group, fleet.groups)
            yield from self._access(path, kind.pull, kind.push)
        for name, role in fleet.roles.items():
            if role.group not in fleet.groups:
                yield _unknown_group(("roles", name, "group"), role.group, fleet.groups)
        for name, environment in fleet.environments.items():
            over = environment.overrides
            if over is not None:
                yield from self._access(("environments", name, "overrides"), over.pull, over.push)
        yield from self._entries()

    def unused(self) -> Iterator[Fault]:
        """Kinds that nobody follows, and principals and roles that nobody names."""
        for name in self._unfollowed("kinds", self._fleet.kinds):
            yield _unused(
                ("kinds", name), "fleet-kind-unused", "is a kind that no repository follows"
            )
        for name in self._unfollowed("principals", self._fleet.principals):
            yield _unused(
                ("principals", name),
                "fleet-principal-unused",
                "is a principal that nobody lets pull or push",
            )
        for name in self._unfollowed("roles", self._fleet.roles):
            yield _unused(
                ("roles", name),
                "fleet-role-unused",
                "is a role that nobody lets pull or push, so that it may do nothing",
            )

    def _unfollowed(self, section: str, names: Iterable[str]) -> list[str]:
        return [name for name in names if name not in self._followed[section]]

    def _entries(self) -> Iterator[Fault]:
        fleet = self._fleet
        kinds, groups = fleet.kinds, fleet.groups
        followed = self._followed["kinds"]
        for index, entry in enumerate(fleet.repositories):
            kind = None
            if entry.kind is not None:
                kind = kinds.get(entry.kind)
                if kind is None:
                    # Whoever mistypes a kind follows it.
                    followed.add(nearest(entry.kind, kinds) or "")
                    yield _unknown_kind(("repositories", index, "kind"), entry.kind, kinds)
                else:
                    followed.add(entry.kind)
            if entry.group is not None:
                if entry.group not in groups:
                    yield _unknown_group(("repositories", index, "group"), entry.group, groups)
            elif (entry.kind is None or kind is not None) and (kind is None or kind.group is None):
                yield _no_group(index, entry.name, groups)
            if entry.pull is not None or entry.push is not None:
                yield from self._access(("repositories", index), entry.pull, entry.push)

    def _access(
        self, path: Path, pull: Collection[Accessor] | None, push: Collection[Accessor] | None
    ) -> Iterator[Fault]:
        for option, accessors in (("pull", pull), ("push", push)):
            for index, accessor in enumerate(accessors or ()):
                if not isinstance(accessor, str):
                    continue
                found = accessor if accessor in self._accessors else None
                if found is None:
                    found = nearest(accessor, self._accessors)
                    yield _unknown_accessor((*path, option, index), accessor, self._accessors)
                self._followed["principals"].add(found or "")
                self._followed["roles"].add(found or "")


def _names(fleet: Fleet) -> Iterator[Fault]:
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("kinds", fleet.kinds),
        ("principals", fleet.principals),
        ("roles", fleet.roles),
        ("environments", fleet.environments),
    )
    for section, names in sections:
        for name in names:
            if not _NAME.fullmatch(name):
                yield _bad_name((section, name), "1 to 64 letters, digits, '.', '_' and '-'", name)
    for name in fleet.groups:
        if not _GROUP.fullmatch(name):
            allowed = "1 to 64 letters, digits and '-', a letter first: stacks are named after it"
            yield _bad_name(("groups", name), allowed, name)
    for name in fleet.roles:
        if name in fleet.principals:
            yield Fault.of(
                ("roles", name),
                finding_of(
                    "fleet-name-twice",
                    "is the name of a principal too, so that 'pull' and 'push' could mean either",
                    name,
                    "names that only one role or principal has",
                    "rename one of them",
                ),
                at_key=True,
            )


def _same_names(fleet: Fleet) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, entry in enumerate(fleet.repositories):
        before = first.setdefault(entry.name, index)
        if before != index:
            yield Fault.of(
                ("repositories", index, "name"),
                finding_of(
                    "fleet-repository-twice",
                    f"is the name of repositories[{before}] too",
                    entry.name,
                    "one entry for each name",
                    "take one of the two out, or rename it",
                    docs=_NAME_DOCS,
                ),
            )


def _same_places(fleet: Fleet) -> Iterator[Fault]:
    first: dict[tuple[str | None, str | None], str] = {}
    for name, environment in fleet.environments.items():
        before = first.setdefault((environment.account, environment.region), name)
        if before != name:
            yield Fault.of(
                ("environments", name),
                finding_of(
                    "fleet-environment-twice",
                    f"is the account and Region of environment {before!r} too, and a repository "
                    "stands there once",
                    {"account": environment.account, "region": environment.region},
                    "another account or Region in each environment",
                    "say the account and Region of each",
                ),
                at_key=True,
            )


def _bad_name(path: Path, allowed: str, name: str) -> Fault:
    fix = "choose a name of that form"
    finding = finding_of("fleet-name-invalid", "is no name", name, allowed, fix, docs=_STACK_DOCS)
    return Fault.of(path, finding, at_key=True)


def _no_group(index: int, name: str, groups: Iterable[str]) -> Fault:
    return Fault.of(
        ("repositories", index),
        finding_of(
            "fleet-group-missing",
            "says no group, and follows no kind that says one",
            name,
            f"a group: {one_of(groups)}",
            "give the entry or its kind a group: it decides in which stacks repositories stand",
        ),
    )


def _unused(path: tuple[str, str], code: str, message: str) -> Fault:
    finding = finding_of(
        code,
        message,
        path[1],
        "names that something uses",
        "use it, or take it out of the manifest",
        severity=Severity.WARNING,
    )
    return Fault.of(path, finding, at_key=True)


def _unknown_kind(path: Path, given: str, known: Iterable[str]) -> Fault:
    finding = finding_of(
        "fleet-kind-unknown",
        "is no kind of this manifest",
        given,
        one_of(known),
        _meant(given, known, "kind"),
    )
    return Fault.of(path, finding)


def _unknown_group(path: Path, given: str, known: Iterable[str]) -> Fault:
    finding = finding_of(
        "fleet-group-unknown",
        "is no group of this manifest",
        given,
        one_of(known),
        _meant(given, known, "group"),
    )
    return Fault.of(path, finding)


def _unknown_accessor(path: Path, given: str, known: Iterable[str]) -> Fault:
    finding = finding_of(
        "fleet-principal-or-role-unknown",
        "is no principal or role of this manifest",
        given,
        one_of(known),
        _meant(given, known, "principal or role"),
    )
    return Fault.of(path, finding)


def _meant(given: str, known: Iterable[str], what: str) -> str:
    meant = nearest(given, known)
    return f"write {meant!r}" if meant else f"declare it, or name a {what} that is declared"
