"""The scanning configuration of a registry.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..deferred import has_deferred, is_deferred
from ..findings import Finding, Severity
from ..repository.options import check_listed
from .filters import FilterGrammar, check_filters, filter_texts

__all__ = ["BasicScanning", "EnhancedScanning", "check_kind_of_scanning", "check_scanning"]

DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html"
_PROPERTY = "scanning"
_BASIC, _ENHANCED = "BASIC", "ENHANCED"
_ON_PUSH, _CONTINUOUS = "SCAN_ON_PUSH", "CONTINUOUS_SCAN"
_EVERYTHING = "*"
# As the API has it, without the repetition in a repetition that makes matching slow.
_GRAMMAR = FilterGrammar(
    kind="WILDCARD",
    pattern=re.compile(r"[a-z0-9*]+(?:[._\-/][a-z0-9*]+)*"),
    shortest=1,
    longest=255,
    allowed="1 to 255 characters of a-z, 0-9 and '*', joined by one '.', '_', '-' or '/'",
    docs="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ScanningRepositoryFilter.html",
)


@dataclass(frozen=True, kw_only=True)
class BasicScanning:
    """ECR's own scanner: operating system packages, once, when an image is pushed.

    A repository that no filter matches is scanned when somebody asks for it (``MANUAL``).
    A filter with ``*`` is matched against the whole name; one without takes every name that
    *contains* it: ``prod`` takes ``nonprod-api`` as well.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
    """

    scan_on_push: Sequence[str] = (_EVERYTHING,)
    """Filters of the repositories that are scanned on push; ``[]`` for none, all being manual.
    Default: every repository."""

    def properties(self) -> dict[str, Any]:
        """The properties of AWS::ECR::RegistryScanningConfiguration."""
        return {"ScanType": _BASIC, "Rules": _rules({_ON_PUSH: self.scan_on_push})}


@dataclass(frozen=True, kw_only=True)
class EnhancedScanning:
    """Amazon Inspector: operating system and language packages, on push or ever after.

    A repository that no filter matches is not scanned at all. Where both kinds of filters match,
    the continuous one wins. Filters match as those of :class:`BasicScanning`. Inspector has its
    price, and scanning an account by it must be possible in the Region.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html
    """

    continuous: Sequence[str] = (_EVERYTHING,)
    """Filters of the repositories whose images are scanned again as vulnerabilities become known.
    Default: every repository."""
    scan_on_push: Sequence[str] = ()
    """Filters of the repositories whose images are scanned once. Default: none."""

    def properties(self) -> dict[str, Any]:
        """The properties of AWS::ECR::RegistryScanningConfiguration."""
        rules = {_CONTINUOUS: self.continuous, _ON_PUSH: self.scan_on_push}
        return {"ScanType": _ENHANCED, "Rules": _rules(rules)}


def check_kind_of_scanning(value: object) -> tuple[Finding, ...]:
    """Whether a value is one of the kinds of scanning, with lists of filters."""
    if isinstance(value, (BasicScanning, EnhancedScanning)):
        return tuple(
            finding
            for option in ("scan_on_push", "continuous")
            if hasattr(value, option)
            for finding in check_listed(option, getattr(value, option))
        )
    return (
        _finding(
            "scanning-kind",
            f"is a {type(value).__name__}, not a kind of scanning",
            value,
            "BasicScanning(...) or EnhancedScanning(...)",
            "say which scanner is to scan, and what",
        ),
    )


def check_scanning(properties: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What ECR refuses about the properties of AWS::ECR::RegistryScanningConfiguration.

    The schema takes all of it: continuous scanning by the basic scanner, two rules of one
    frequency, rules without filters, and enhanced scanning that scans nothing.
    """
    listed = properties.get("Rules") or ()
    rules = [rule for rule in listed if isinstance(rule, Mapping)]
    scan_type = str(properties.get("ScanType"))
    return (
        *_check_frequencies(scan_type, rules),
        *(_check_any(scan_type, rules) if not has_deferred(listed) else ()),
        *(
            finding
            for rule in rules
            for finding in check_filters(
                rule.get("RepositoryFilters", ()),
                _GRAMMAR,
                code="scanning-filters-invalid",
                option=_PROPERTY,
            )
        ),
        *_check_cover(rules),
    )


def _rules(filters: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [
        {
            "ScanFrequency": frequency,
            "RepositoryFilters": [
                {"Filter": text, "FilterType": _GRAMMAR.kind} for text in of_frequency
            ],
        }
        for frequency, of_frequency in filters.items()
        if of_frequency
    ]


def _check_frequencies(scan_type: str, rules: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    frequencies = [str(rule.get("ScanFrequency")) for rule in rules]
    if scan_type not in (_BASIC, _ENHANCED) and not is_deferred(scan_type):
        yield _finding(
            "scanning-type",
            "has a type of scanning that ECR does not know",
            scan_type,
            f"{_BASIC} or {_ENHANCED}",
            "use BasicScanning or EnhancedScanning",
        )
    if scan_type == _BASIC and _CONTINUOUS in frequencies:
        yield _finding(
            "scanning-basic-continuous",
            "asks the basic scanner to scan continuously, which only Inspector does",
            _CONTINUOUS,
            f"{_BASIC} with {_ON_PUSH}, or {_ENHANCED}",
            "use EnhancedScanning(continuous=[...])",
        )
    for frequency in sorted(set(frequencies)):
        if is_deferred(frequency):
            continue
        if frequency not in (_ON_PUSH, _CONTINUOUS):
            yield _finding(
                "scanning-frequency",
                "has a frequency that a rule cannot have",
                frequency,
                f"{_ON_PUSH} or {_CONTINUOUS}; repositories without a rule are scanned by hand",
                "leave the rule out",
            )
        elif frequencies.count(frequency) > 1:
            yield _finding(
                "scanning-frequency-twice",
                f"has {frequencies.count(frequency)} rules of one frequency",
                frequency,
                "one rule for each frequency",
                "put the filters of both into one rule",
            )


def _check_any(scan_type: str, rules: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    if scan_type == _ENHANCED and not rules:
        yield _finding(
            "scanning-nothing",
            "turns scanning off: Inspector scans only what a filter takes",
            list(rules),
            "at least one filter",
            "name repositories, or '*' for all of them; BasicScanning scans by hand without any",
        )


def _check_cover(rules: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Filters for scanning on push that continuous scanning takes over."""
    by_frequency = {
        str(rule.get("ScanFrequency")): filter_texts(rule.get("RepositoryFilters"))
        for rule in rules
    }
    continuous = by_frequency.get(_CONTINUOUS, [])
    for text in by_frequency.get(_ON_PUSH, []):
        if text in continuous or _EVERYTHING in continuous:
            yield Finding(
                code="scanning-filter-covered",
                property=_PROPERTY,
                message="has a filter for scanning on push that continuous scanning takes over",
                given=text,
                allowed="filters of other repositories than those that are scanned continuously",
                fix="leave the filter out, or make those for continuous scanning narrower",
                docs=DOCS,
                severity=Severity.WARNING,
            )


def _finding(code: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code=code,
        property=_PROPERTY,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
