"""Faults with the line and column of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..faults import Fault, Place
from .document import KEY_TWICE, Document, Positions

__all__ = ["placed"]


def placed(faults: Iterable[Fault], document: Document) -> list[Fault]:
    """The faults with line and column, in the order of the text."""
    listed = list(faults)
    wanted = {fault.path[:length] for fault in listed for length in range(len(fault.path) + 1)}
    positions = document.locate(wanted)
    found = [_at_place(fault, positions, document.source) for fault in listed]
    return sorted(found, key=_order)


def _order(fault: Fault) -> tuple[int, int]:
    return (fault.place.line, fault.place.column) if fault.place else (0, 0)


def _at_place(fault: Fault, positions: Positions, source: str) -> Fault:
    finding = fault.finding
    spots = positions.keys.get(fault.path, ())
    spot = None
    if fault.at_key and spots:
        spot = spots[0]
        if finding.code == KEY_TWICE and len(spots) > 1:
            spot = spots[1]
            finding = replace(
                finding, message=f"{finding.message}, and first in line {spots[0][0]}"
            )
    path = fault.path
    while spot is None:
        spot = positions.values.get(path)
        if not path:
            break
        path = path[:-1]
    line, column = spot or (1, 1)
    return replace(fault, finding=finding, place=Place(source=source, line=line, column=column))
