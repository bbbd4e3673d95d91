"""How often the images of a repository are scanned.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ...lifecycle.rules.globs import Glob
from .answered import Answered
from .properties import Properties, filters_of, mappings_of, text_of
from .repository import DeclaredRepository

__all__ = [
    "Scan",
    "ScanFrequency",
    "ScanningRule",
    "ScanningSettings",
    "read_scanning",
    "scan_of",
    "scanning_filter_matches",
]

_BASIC: Final = "BASIC"
_ENHANCED: Final = "ENHANCED"
_WILDCARD: Final = "*"
_OWN_SETTING: Final = (
    "AWS does not say whether ScanOnPush of a repository still has an effect where no filter of "
    "its registry matches; taken to have none"
)


class ScanFrequency(str, enum.Enum):
    """When images are scanned."""

    SCAN_ON_PUSH = "SCAN_ON_PUSH"
    CONTINUOUS_SCAN = "CONTINUOUS_SCAN"
    MANUAL = "MANUAL"
    """Basic scanning where no filter matches: only when somebody starts a scan."""
    OFF = "OFF"
    """Enhanced scanning where no filter matches."""


@dataclass(frozen=True, kw_only=True)
class ScanningRule:
    """A frequency, and the filters of the repositories that it is for."""

    frequency: str
    filters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScanningSettings:
    """The scanning configuration of a registry."""

    type: str = _BASIC
    """``BASIC`` or ``ENHANCED``."""
    rules: tuple[ScanningRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scan:
    """How a repository is scanned, and why."""

    type: str
    frequency: ScanFrequency
    because: str


def read_scanning(properties: Properties) -> ScanningSettings:
    """The settings of the properties of an ``AWS::ECR::RegistryScanningConfiguration``."""
    rules = tuple(
        ScanningRule(frequency=text_of(rule, "ScanFrequency") or "", filters=filters_of(rule) or ())
        for rule in mappings_of(properties, "Rules")
    )
    return ScanningSettings(type=text_of(properties, "ScanType") or _BASIC, rules=rules)


def scanning_filter_matches(pattern: str, name: str) -> bool:
    """Whether a scanning filter takes a name: without ``*`` wherever the name contains it."""
    return Glob.of(pattern).matches(name) if _WILDCARD in pattern else pattern in name


def scan_of(
    settings: ScanningSettings | None, name: str, repository: DeclaredRepository | None
) -> Answered[Scan]:
    """How the images of the name are scanned."""
    given = settings or ScanningSettings()
    matching = dict(_matching(given, name))
    notes = tuple(_notes(given))
    # "Amazon ECR enforces the continuous scanning filter over the scan on push filter."
    for frequency in (ScanFrequency.CONTINUOUS_SCAN, ScanFrequency.SCAN_ON_PUSH):
        if frequency in matching:
            because = _because(matching, frequency)
            return Answered(Scan(type=given.type, frequency=frequency, because=because), notes)
    if given.type == _ENHANCED:
        because = "no filter of enhanced scanning matches, so scanning is off"
        scan = Scan(type=given.type, frequency=ScanFrequency.OFF, because=because)
        return Answered(scan, notes)
    return _without_match(settings, given, repository, notes)


def _without_match(
    settings: ScanningSettings | None,
    given: ScanningSettings,
    repository: DeclaredRepository | None,
    notes: tuple[str, ...],
) -> Answered[Scan]:
    where = (
        "no scanning configuration of the registry is declared"
        if settings is None
        else "the registry's scanning configuration has no rules"
        if not given.rules
        else "no filter of basic scanning matches"
    )
    frequency, because = ScanFrequency.MANUAL, f"{where}, so scans are started by hand"
    if repository is not None and repository.scan_on_push:
        if given.rules:
            notes += (_OWN_SETTING,)
        else:
            frequency = ScanFrequency.SCAN_ON_PUSH
            because = f"{where}, and the repository's own ScanOnPush is true"
    return Answered(Scan(type=given.type, frequency=frequency, because=because), notes)


def _matching(settings: ScanningSettings, name: str) -> Iterator[tuple[ScanFrequency, str]]:
    """The frequencies that a filter gives the name, each with the first such filter."""
    found: set[ScanFrequency] = set()
    for rule in settings.rules:
        if rule.frequency not in _legal(settings.type):
            continue
        frequency = ScanFrequency(rule.frequency)
        for pattern in rule.filters:
            if frequency not in found and scanning_filter_matches(pattern, name):
                found.add(frequency)
                yield frequency, pattern


def _legal(scan_type: str) -> tuple[ScanFrequency, ...]:
    if scan_type == _ENHANCED:
        return (ScanFrequency.SCAN_ON_PUSH, ScanFrequency.CONTINUOUS_SCAN)
    return (ScanFrequency.SCAN_ON_PUSH,)


def _because(matching: dict[ScanFrequency, str], frequency: ScanFrequency) -> str:
    pattern = matching[frequency]
    how = "matches the name" if _WILDCARD in pattern else "is in the name"
    because = f"the {frequency.value} filter {pattern!r} {how}"
    if len(matching) > 1:
        other = matching[ScanFrequency.SCAN_ON_PUSH]
        because += f", and wins over the {ScanFrequency.SCAN_ON_PUSH.value} filter {other!r}"
    return because


def _notes(settings: ScanningSettings) -> Iterator[str]:
    for rule in settings.rules:
        if not rule.filters:
            yield (
                f"AWS does not say which repositories a {rule.frequency} rule without filters is "
                "for; taken to be for none"
            )
        elif rule.frequency not in _legal(settings.type):
            yield f"ECR refuses {rule.frequency} with {settings.type} scanning; passed over"
