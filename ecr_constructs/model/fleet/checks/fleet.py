"""Everything that is wrong with a manifest as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Severity
from ..faults import Fault
from .limits import check_lifecycles, check_limits
from .named import check_named
from .references import check_references

if TYPE_CHECKING:
    from ..values import Fleet, FleetEnvironment

__all__ = ["check_fleet"]


def check_fleet(fleet: Fleet, *, unknown_place: FleetEnvironment) -> tuple[Fault, ...]:
    """Dangers and warnings of a manifest whose values are right by themselves.

    :param unknown_place: the environment of a manifest that declares none.
    """
    found = [*check_references(fleet), *check_lifecycles(fleet), *check_named(fleet)]
    if any(fault.finding.severity is Severity.DANGER for fault in found):
        # What names nothing has no policy and no stack that could be measured.
        return tuple(found)
    places: list[tuple[str | None, FleetEnvironment]] = [*fleet.environments.items()]
    for name, environment in places or [(None, unknown_place)]:
        found.extend(_once(check_limits(fleet, name, environment), found))
    return tuple(found)


def _once(faults: Iterator[Fault], told: list[Fault]) -> Iterator[Fault]:
    """What no environment before had as well: a full stack is as full everywhere."""
    known = {(fault.path, fault.finding.code) for fault in told}
    for fault in faults:
        if (fault.path, fault.finding.code) not in known:
            yield fault
