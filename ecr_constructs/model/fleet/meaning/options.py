"""Which options hold for an entry: the environment's before its own, its own before its kind's."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from ..values import Fleet, FleetRepository, RepositoryOptions

__all__ = ["OPTION_NAMES", "overridden", "overrides_of"]

OPTION_NAMES: Final = tuple(entry.name for entry in fields(RepositoryOptions))
"""The options that kinds, entries and environments share."""
_NOT_SAID: Final = RepositoryOptions()


def overrides_of(value: RepositoryOptions) -> dict[str, object]:
    """What a kind, an entry or an environment says, by the name of the option."""
    said = {}
    for name in OPTION_NAMES:
        option = getattr(value, name)
        if option is not None:
            said[name] = option
    return said


def overridden(
    fleet: Fleet, entry: FleetRepository, over: RepositoryOptions | None
) -> RepositoryOptions:
    """The options of an entry, in an environment with these overrides."""
    layers = [fleet.kinds[entry.kind]] if entry.kind is not None else []
    said: dict[str, object] = {}
    tags: dict[str, str] = {}
    for layer in (*layers, entry, *(() if over is None else (over,))):
        options = overrides_of(layer)
        tags.update(layer.tags or {})
        # A key of its own and a kind of encryption go together: what is nearer brings both.
        if "encryption" in options or "encryption_key" in options:
            said.pop("encryption", None)
            said.pop("encryption_key", None)
        said.update(options)
    if tags:
        said["tags"] = tags
    return replace(_NOT_SAID, **said)  # type: ignore[arg-type]
