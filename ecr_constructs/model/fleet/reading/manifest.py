"""The manifest as a whole: everything that is wrong with it in one error, each at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar, cast

from ...deferred import is_deferred
from ..faults import Fault, ManifestError, Path
from ..principals import FleetPrincipal, FleetTrust
from ..values import (
    VERSION,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetOptions,
    FleetRepository,
    FleetRole,
)
from .access import read_principal, read_trust
from .document import Document
from .options import OPTION_KEYS, Options
from .places import placed
from .shapes import Faults

__all__ = [
    "ENTRY_KEYS",
    "ENVIRONMENT_KEYS",
    "GROUP_KEYS",
    "KIND_KEYS",
    "MANIFEST_KEYS",
    "ROLE_KEYS",
    "read_manifest",
]

MANIFEST_KEYS: Final = (
    "$schema",
    "version",
    "groups",
    "kinds",
    "principals",
    "roles",
    "environments",
    "repositories",
)
ENTRY_KEYS: Final = ("name", "kind", "group", *OPTION_KEYS)
KIND_KEYS: Final = ("group", *OPTION_KEYS)
GROUP_KEYS: Final = ("shards",)
ROLE_KEYS: Final = ("group", "trust", "role_name", "description")
ENVIRONMENT_KEYS: Final = ("account", "region", "overrides")
_NAMES: Final = frozenset({"name", "kind", "group"})
_NEEDED: Final = ("version", "groups", "repositories")
# What stands for a value that cannot be read, so that what names it is judged all the same.
_SOMEBODY: Final = FleetPrincipal.account("000000000000")
# Codes of names that name nothing, by the section that has them.
_NAMED_IN: Final = {
    "fleet-group-unknown": ("groups",),
    "fleet-kind-unknown": ("kinds",),
    "fleet-principal-or-role-unknown": ("principals", "roles"),
}
_Value = TypeVar("_Value")


def read_manifest(document: Document) -> Fleet:
    """The fleet of a text.

    :raises ManifestError: with everything that is wrong, in the order of the text.
    """
    reader = _Reader(document.value)
    fleet, faults = reader.fleet()
    if faults or fleet is None:
        raise ManifestError(placed(faults, document))
    return fleet


class _Reader:
    """Reads the sections of one manifest."""

    def __init__(self, value: object) -> None:
        self._faults = Faults()
        self._options = Options(self._faults)
        self._unread: set[str] = set()
        self._keys = self._faults.keys(value, (), MANIFEST_KEYS, _NEEDED)

    def fleet(self) -> tuple[Fleet | None, list[Fault]]:
        """The fleet, or what is wrong."""
        self._header()
        parts = _Parts(
            groups=self._section("groups", "groups", self._group),
            kinds=self._section("kinds", "kinds", self._kind),
            principals=self._section("principals", "principals", self._principal),
            roles=self._section("roles", "roles", self._role),
            environments=self._section("environments", "environments", self._environment),
            repositories=self._repositories(),
        )
        faults = self._faults.found
        if not faults:
            try:
                return parts.fleet(), []
            except ManifestError as error:
                return None, list(error.problems)
        return None, [*faults, *self._cross_checked(parts)]

    def _header(self) -> None:
        version = self._keys.get("version")
        if version is not None and (version != VERSION or isinstance(version, (bool, float))):
            self._faults.wrong(
                ("version",),
                "is no version of a manifest that is known here",
                version,
                f"{VERSION}",
                f"write {VERSION}",
            )
        if "$schema" in self._keys:
            self._faults.text(self._keys["$schema"], ("$schema",))

    def _section(
        self, name: str, what: str, read: Callable[[object, Path], _Value | None]
    ) -> dict[str, _Value]:
        found: dict[str, _Value] = {}
        if name not in self._keys:
            if name in _NEEDED:
                self._unread.add(name)
            return found
        if not isinstance(self._keys[name], dict):
            self._unread.add(name)
        for key, value in self._faults.entries(self._keys[name], (name,), what):
            entry = read(value, (name, key))
            if entry is not None:
                found[key] = entry
        return found

    def _group(self, value: object, path: Path) -> FleetGroup:
        keys = self._faults.keys(value, path, GROUP_KEYS)
        shards = 1
        if "shards" in keys:
            shards = self._faults.whole(keys["shards"], (*path, "shards")) or 0
        try:
            return FleetGroup(shards=shards)
        except ManifestError as error:
            if "shards" in keys and isinstance(keys["shards"], int):
                self._faults.adopt(error, path)
            return FleetGroup(shards=1)

    def _kind(self, value: object, path: Path) -> FleetKind:
        keys = self._faults.keys(value, path, KIND_KEYS)
        options = self._options.read(keys, path)
        group = self._text(keys, "group", path)
        try:
            return FleetKind(group=group, **options)
        except ManifestError as error:
            self._faults.adopt(error, path)
            return FleetKind(group=group)

    def _principal(self, value: object, path: Path) -> FleetPrincipal:
        return read_principal(value, path, self._faults) or _SOMEBODY

    def _role(self, value: object, path: Path) -> FleetRole | None:
        keys = self._faults.keys(value, path, ROLE_KEYS, ("group", "trust"))
        trust = FleetTrust(principal=_SOMEBODY)
        if "trust" in keys:
            trust = read_trust(keys["trust"], (*path, "trust"), self._faults) or trust
        group = self._text(keys, "group", path)
        role_name = self._text(keys, "role_name", path)
        description = self._text(keys, "description", path)
        try:
            return FleetRole(
                group=group or "", trust=trust, role_name=role_name, description=description
            )
        except ManifestError as error:
            self._faults.adopt(error, path)
            return FleetRole(group=group or "", trust=trust)

    def _environment(self, value: object, path: Path) -> FleetEnvironment | None:
        faults = self._faults
        keys = faults.keys(value, path, ENVIRONMENT_KEYS)
        before = len(faults.found)
        account: Any = None
        if "account" in keys:
            # An account id that is a number is a fault of its own, which says the fix.
            given = keys["account"]
            account = given if isinstance(given, int) else faults.text(given, (*path, "account"))
        region = self._text(keys, "region", path)
        overrides = None
        if "overrides" in keys:
            below = (*path, "overrides")
            said = self._options.read(faults.keys(keys["overrides"], below, OPTION_KEYS), below)
            try:
                overrides = FleetOptions(**said)
            except ManifestError as error:
                faults.adopt(error, below)
        try:
            found = FleetEnvironment(account=account, region=region, overrides=overrides)
        except ManifestError as error:
            faults.adopt(error, path)
            return None
        return found if len(faults.found) == before else None

    def _repositories(self) -> tuple[FleetRepository, ...]:
        if "repositories" not in self._keys:
            return ()
        listed = self._faults.items(self._keys["repositories"], ("repositories",), "repositories")
        return tuple(self._entry(value, index) for index, value in enumerate(listed or []))

    def _entry(self, value: object, index: int) -> FleetRepository:
        if _says_names_alone(value):
            try:
                return FleetRepository(**cast("dict[str, Any]", value))
            except ManifestError:
                # Once more, for its place.
                pass
        path: Path = ("repositories", index)
        keys = self._faults.keys(value, path, ENTRY_KEYS, ("name",))
        options = self._options.read(keys, path)
        kind = self._text(keys, "kind", path)
        group = self._text(keys, "group", path)
        name = keys.get("name")
        if isinstance(name, str):
            try:
                return FleetRepository(name=name, kind=kind, group=group, **options)
            except ManifestError as error:
                self._faults.adopt(error, path)
        elif "name" in keys:
            self._faults.text(name, (*path, "name"))
        # A name that nobody has keeps the others at their places.
        return FleetRepository(name=f"unreadable/{index}", kind=kind, group=group)

    def _text(self, keys: Mapping[str, object], key: str, path: Path) -> str | None:
        return self._faults.text(keys[key], (*path, key)) if key in keys else None

    def _cross_checked(self, parts: _Parts) -> Iterable[Fault]:
        """What is wrong between the values that could be read, but for what follows from faults."""
        bad = {fault.path for fault in self._faults.found}
        for fault in parts.findings():
            if fault.path in bad:
                continue
            if any(section in self._unread for section in _NAMED_IN.get(fault.finding.code, ())):
                continue
            if fault.finding.code == "fleet-group-unknown" and fault.finding.given == "":
                continue
            if fault.finding.code == "fleet-group-missing" and self._group_unread(fault, bad):
                continue
            yield fault

    def _group_unread(self, fault: Fault, bad: set[Path]) -> bool:
        entries = self._keys.get("repositories")
        index = fault.path[1]
        entry = entries[index] if isinstance(entries, list) and isinstance(index, int) else None
        if not isinstance(entry, dict) or "groups" in self._unread or "kinds" in self._unread:
            return True
        kind = entry.get("kind")
        below = {path[: len(fault.path) + 1] for path in bad}
        if (*fault.path, "group") in below or (*fault.path, "kind") in below:
            return True
        unread = {path[:2] for path in bad if path[:1] == ("kinds",)}
        return ("kinds", kind) in unread


def _says_names_alone(value: object) -> bool:
    """Whether an entry is such as nearly all are: a name, and the names of a kind and a group.

    It saves time where there are thousands. What is not plain is for the reader to judge.
    """
    # An object with a key that stands twice has another type.
    if type(value) is not dict or "name" not in value or not value.keys() <= _NAMES:
        return False
    return all(type(said) is str and not is_deferred(said) for said in value.values())


class _Parts:
    """The sections of a manifest, with stand-ins for what could not be read."""

    def __init__(
        self,
        *,
        groups: Mapping[str, FleetGroup],
        kinds: Mapping[str, FleetKind],
        principals: Mapping[str, FleetPrincipal],
        roles: Mapping[str, FleetRole],
        environments: Mapping[str, FleetEnvironment],
        repositories: tuple[FleetRepository, ...],
    ) -> None:
        self.groups = groups
        self.kinds = kinds
        self.principals = principals
        self.roles = roles
        self.environments = environments
        self.repositories = repositories

    def fleet(self) -> Fleet:
        return Fleet(
            repositories=self.repositories,
            groups=self.groups,
            kinds=self.kinds,
            principals=self.principals,
            roles=self.roles,
            environments=self.environments,
        )

    def findings(self) -> tuple[Fault, ...]:
        """What is wrong between the sections."""
        try:
            self.fleet()
        except ManifestError as error:
            return error.problems
        return ()
