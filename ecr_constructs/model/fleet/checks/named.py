"""What may stand, and is rarely meant, of principals and of whom roles trust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...iam.statement import Statement
from ...repository.policy.principals import check_own_account
from ..faults import Fault, Path
from ..principals import FleetPrincipal, FleetPrincipalKind
from .principals import check_principal, check_trust

if TYPE_CHECKING:
    from ..values import Fleet, FleetOptions

__all__ = ["check_named"]


def check_named(fleet: Fleet) -> Iterator[Fault]:
    """Services that are not known to read policies, accounts that have access by themselves."""
    own = sorted({place.account for place in fleet.environments.values() if place.account})
    for name, principal in fleet.principals.items():
        yield from _check(principal, ("principals", name), own)
    for name, role in fleet.roles.items():
        for fault in check_trust(role.trust):
            yield fault.below(("roles", name, "trust"))
    for name, kind in fleet.kinds.items():
        yield from _inline(kind, ("kinds", name), own)
    for index, entry in enumerate(fleet.repositories):
        if entry.pull is not None or entry.push is not None:
            yield from _inline(entry, ("repositories", index), own)
    for name, environment in fleet.environments.items():
        if environment.overrides is not None:
            yield from _inline(environment.overrides, ("environments", name, "overrides"), own)


def _inline(options: FleetOptions, path: Path, own: list[str]) -> Iterator[Fault]:
    for option, accessors in (("pull", options.pull), ("push", options.push)):
        for index, accessor in enumerate(accessors or ()):
            if isinstance(accessor, FleetPrincipal):
                yield from _check(accessor, (*path, option, index), own)


def _check(principal: FleetPrincipal, path: Path, own: list[str]) -> Iterator[Fault]:
    for fault in check_principal(principal):
        yield fault.below(path)
    if principal.kind is FleetPrincipalKind.ACCOUNT and principal.value in own:
        named = Statement(actions=(), principal={"AWS": principal.value})
        for found in check_own_account(named.to_json(), principal.value):
            yield Fault.of((*path, principal.kind.value), found)
