"""Who pulls and pushes, and whom a role trusts."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from ..checks.finding import one_of
from ..faults import ManifestError, Path
from ..principals import FleetPrincipal, FleetPrincipalKind, FleetTrust
from ..values import Accessor
from .shapes import Faults

__all__ = [
    "PRINCIPAL_KEYS",
    "TRUST_KEYS",
    "read_accessors",
    "read_principal",
    "read_trust",
    "token_keys",
]

PRINCIPAL_KEYS: Final = tuple(kind.value for kind in FleetPrincipalKind)
TRUST_KEYS: Final = ("service", "account", "role", "github", "gitlab")
_FLAGS: Final = frozenset({"pull_requests"})


def read_accessors(value: object, path: Path, faults: Faults) -> tuple[Accessor, ...] | None:
    """The list of ``pull`` or ``push``; None where something is wrong with it."""
    listed = faults.items(value, path, "names and principals")
    if listed is None:
        return None
    before = len(faults.found)
    found: list[Accessor] = []
    for index, entry in enumerate(listed):
        if isinstance(entry, str):
            found.append(entry)
            continue
        principal = read_principal(entry, (*path, index), faults)
        if principal is not None:
            found.append(principal)
    return tuple(found) if len(faults.found) == before else None


def read_principal(value: object, path: Path, faults: Faults) -> FleetPrincipal | None:
    """A principal: an object with one key, its kind."""
    keys = _one_key(value, path, PRINCIPAL_KEYS, faults)
    for key, entry in keys.items():
        # An account id that is a number is a fault of its own, which says the fix.
        text: Any = entry if isinstance(entry, int) else faults.text(entry, (*path, key))
        if text is None:
            return None
        try:
            return FleetPrincipal(kind=FleetPrincipalKind(key), value=text)
        except ManifestError as error:
            faults.adopt(error, path)
    return None


def read_trust(value: object, path: Path, faults: Faults) -> FleetTrust | None:
    """Whom a role trusts: an object with one key."""
    before = len(faults.found)
    keys = _one_key(value, path, TRUST_KEYS, faults)
    try:
        for key, entry in keys.items():
            if key in ("account", "role"):
                principal = read_principal({key: entry}, path, faults)
                return None if principal is None else FleetTrust(principal=principal)
            if key == "service":
                text = faults.text(entry, (*path, key))
                return None if text is None else FleetTrust.of_service(text)
            return _tokens(key, entry, path, faults)
    except ManifestError as error:
        faults.adopt(error, path)
    if not keys and len(faults.found) == before:
        faults.wrong(path, "says nobody", value, one_of(TRUST_KEYS), "say who may assume the role")
    return None


def token_keys(key: str) -> tuple[str, ...]:
    """The keys of ``github`` or ``gitlab``."""
    from ...roles.oidc import GitHubRuns, GitLabJobs  # noqa: PLC0415 - few manifests have them

    return tuple(entry.name for entry in fields(GitHubRuns if key == "github" else GitLabJobs))


def _tokens(key: str, value: object, path: Path, faults: Faults) -> FleetTrust | None:
    from ...roles.oidc import GitHubRuns, GitLabJobs  # noqa: PLC0415 - few manifests have them

    before = len(faults.found)
    said = faults.keys(value, (*path, key), token_keys(key), ("owner", "project"))
    given: dict[str, Any] = {
        name: (
            faults.flag(entry, (*path, key, name))
            if name in _FLAGS
            else faults.text(entry, (*path, key, name))
        )
        for name, entry in said.items()
    }
    if len(faults.found) > before:
        return None
    if key == "github":
        return FleetTrust.of_github(GitHubRuns(**given))
    return FleetTrust.of_gitlab(GitLabJobs(**given))


def _one_key(
    value: object, path: Path, known: tuple[str, ...], faults: Faults
) -> dict[str, object]:
    before = len(faults.found)
    keys = faults.keys(value, path, known)
    if len(keys) != 1 and len(faults.found) == before:
        faults.wrong(
            path,
            f"says {len(keys)} things at once" if keys else "names nobody",
            list(keys),
            f"an object with exactly one of {one_of(known)}",
            "write an object for each",
        )
        return {}
    return keys if len(keys) == 1 else {}
