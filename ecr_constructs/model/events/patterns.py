"""Event patterns: which events a rule selects.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..deferred import masked
from ..findings import Finding
from .repositories import RepositoryFilter
from .selections import ImageEvent, ScanFindings, Selection
from .severity import FindingSeverity

__all__ = ["LONGEST_PATTERN", "check_events", "check_pattern_length", "pattern_of"]

LONGEST_PATTERN: Final = 2048
_QUOTA_DOCS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
_EVENT_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html"


def pattern_of(selection: Selection, repositories: RepositoryFilter) -> dict[str, Any]:
    """The event pattern for one type of event and these repositories."""
    place = repositories.pattern(selection.named)
    detail = {**place.pop("detail", {}), **selection.detail}
    return {
        "source": [selection.source],
        "detail-type": [selection.detail_type],
        **place,
        "detail": detail,
    }


def check_events(events: object) -> tuple[Finding, ...]:
    """Whether there are events to subscribe to, each once."""
    if isinstance(events, str) or not isinstance(events, Sequence) or not events:
        return (_no_event("names no event", events),)
    wrong = [event for event in events if not isinstance(event, (ImageEvent, ScanFindings))]
    if wrong:
        return tuple(_no_event(f"has a {type(event).__name__}", event) for event in wrong)
    scans = [event for event in events if isinstance(event, ScanFindings)]
    severities = tuple(
        _no_severity(scan.at_least)
        for scan in scans
        if not isinstance(scan.at_least, FindingSeverity)
    )
    flags = tuple(
        _no_event("has a ScanFindings whose each_finding is not True or False", scan.each_finding)
        for scan in scans
        if not isinstance(scan.each_finding, bool)
    )
    kinds = [event if isinstance(event, ImageEvent) else ScanFindings for event in events]
    if len(set(kinds)) < len(kinds):
        return (*severities, *flags, _no_event("has one kind of event twice", events))
    return (*severities, *flags)


def check_pattern_length(patterns: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Whether EventBridge takes each pattern; deferred parts count as one character."""
    longest = max((len(masked(json.dumps(pattern))) for pattern in patterns), default=0)
    if longest <= LONGEST_PATTERN:
        return ()
    return (
        Finding(
            code="event-pattern-too-long",
            property="repositories",
            message=f"makes an event pattern of {longest} characters",
            given=longest,
            allowed=f"at most {LONGEST_PATTERN} characters",
            fix="write prefixes=['shop/'] where names share one, or several subscriptions",
            docs=_QUOTA_DOCS,
        ),
    )


def _no_event(message: str, given: object) -> Finding:
    return Finding(
        code="event-invalid",
        property="events",
        message=message,
        given=given,
        allowed="a list of ImageEvent members and at most one ScanFindings(...), each once",
        fix="write events=[ImageEvent.PUSHED], say",
        docs=_EVENT_DOCS,
    )


def _no_severity(given: object) -> Finding:
    known = {severity.value: severity for severity in FindingSeverity}
    meant = known.get(str(given).upper())
    return Finding(
        code="event-severity-invalid",
        property="at_least",
        message=f"is a {type(given).__name__}, not a severity",
        given=given,
        allowed=", ".join(f"FindingSeverity.{name}" for name in known),
        fix=f"write FindingSeverity.{meant.value if meant else 'HIGH'}",
        docs="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html",
    )
