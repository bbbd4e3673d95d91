"""Whether the registries of an app scan a repository, as far as their templates decide it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...model.registry.effective.repository import DeclaredRepository, read_repository
from ...model.registry.effective.scanning import (
    ScanFrequency,
    ScanningSettings,
    read_scanning,
    scan_of,
)
from ..template.alternatives import worlds
from ..template.app import App
from ..template.marks import marked
from ..template.stack import Resource, Stack

__all__ = ["Scanning"]

_CONFIGURATION: Final = "AWS::ECR::RegistryScanningConfiguration"
_SCANNED: Final = (ScanFrequency.SCAN_ON_PUSH, ScanFrequency.CONTINUOUS_SCAN)


@dataclass(frozen=True)
class _Configuration:
    """A scanning configuration, in one of the ways that conditions may choose it."""

    resource: Resource
    settings: ScanningSettings
    open: bool
    """Whether a value of it is known at deployment only."""


class Scanning:
    """The scanning configurations of an app."""

    def __init__(self, app: App) -> None:
        self._found = [
            _Configuration(
                resource, read_scanning(app.marks.readable(chosen)), open=_any_marked(chosen)
            )
            for resource in app.of_kind(_CONFIGURATION)
            for _, chosen in worlds(dict(resource.properties))
        ]

    def why_off(self, stack: Stack, name: str, properties: Mapping[str, Any]) -> str | None:
        """Why images of a repository are surely not scanned; None where they are, or may be.

        :param properties: those of the repository, where conditions chose them.
        """
        declared = read_repository(properties)
        said: str | None = None
        for settings in self._of(stack):
            because = _why_off(settings, name, declared)
            if because is None:
                return None
            said = said or because
        return said

    def _of(self, stack: Stack) -> Iterator[_Configuration | None]:
        """Every configuration that may be that of the stack's registry; None for none."""
        sure = False
        for found in self._found:
            home = found.resource.stack
            places = ((home.account, stack.account), (home.region, stack.region))
            if all(_may_be(one, other) for one, other in places):
                sure |= found.resource.condition is None and all(a == b for a, b in places)
                yield found
        if not sure:
            yield None


def _why_off(found: _Configuration | None, name: str, declared: DeclaredRepository) -> str | None:
    settings = found.settings if found is not None else None
    scan = scan_of(settings, name, declared).value
    if scan.frequency in _SCANNED:
        return None
    if found is None:
        return scan.because
    # A filter may match a name, or be one that matches, which only the deployment tells.
    if found.open or (marked(name) and any(rule.filters for rule in found.settings.rules)):
        return None
    return f"{scan.because} ({found.resource.construct_path or found.resource.logical_id})"


def _may_be(one: str, other: str) -> bool:
    return one == other or marked(one) or marked(other)


def _any_marked(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_any_marked(entry) for entry in value.values())
    if isinstance(value, list):
        return any(_any_marked(entry) for entry in value)
    return isinstance(value, str) and marked(value)
