"""Which options hold for an entry: the environment's before its own, its own before its kind's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

from ..values import Fleet, FleetOptions, FleetRepository

__all__ = ["OPTION_NAMES", "merged_tags", "only_tags", "overridden", "overrides_of"]

OPTION_NAMES: Final = tuple(entry.name for entry in fields(FleetOptions))
"""The options that kinds, entries and environments share."""
_NOT_SAID: Final = FleetOptions()


def overrides_of(value: FleetOptions) -> dict[str, object]:
    """What a kind, an entry or an environment says, by the name of the option."""
    said = {}
    for name in OPTION_NAMES:
        option = getattr(value, name)
        if option is not None:
            said[name] = option
    return said


def only_tags(entry: FleetRepository) -> bool:
    """Whether an entry says nothing, or tags alone, so that the rest is its kind's.

    Written out, for it is asked of every entry several times.
    """
    return (
        entry.lifecycle is None
        and entry.pull is None
        and entry.push is None
        and entry.encryption is None
        and entry.encryption_key is None
        and entry.mutable_tags is None
        and entry.scan_on_push is None
        and entry.removal is None
    )


def overridden(fleet: Fleet, entry: FleetRepository, over: FleetOptions | None) -> FleetOptions:
    """The options of an entry but for its tags, in an environment with these overrides."""
    kind = fleet.kinds[entry.kind] if entry.kind is not None else None
    if kind is not None and kind.tags is None and over is None and only_tags(entry):
        return kind
    said: dict[str, Any] = {}
    for layer in _layers(fleet, entry, over):
        options = overrides_of(layer)
        # A key of its own and a kind of encryption go together: what is nearer brings both.
        if "encryption" in options or "encryption_key" in options:
            said.pop("encryption", None)
            said.pop("encryption_key", None)
        said.update(options)
    said.pop("tags", None)
    return replace(_NOT_SAID, **said)


def merged_tags(
    fleet: Fleet, entry: FleetRepository, over: FleetOptions | None
) -> Mapping[str, str]:
    """The tags of an entry: those of its kind, its own and the environment's, key by key."""
    kind = fleet.kinds[entry.kind].tags if entry.kind is not None else None
    upper = over.tags if over is not None else None
    if not kind and not upper:
        return entry.tags or {}
    return {**(kind or {}), **(entry.tags or {}), **(upper or {})}


def _layers(fleet: Fleet, entry: FleetRepository, over: FleetOptions | None) -> list[FleetOptions]:
    layers: list[FleetOptions] = []
    if entry.kind is not None:
        layers.append(fleet.kinds[entry.kind])
    layers.append(entry)
    if over is not None:
        layers.append(over)
    return layers
