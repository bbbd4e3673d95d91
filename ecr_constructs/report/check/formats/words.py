"""What all forms say alike."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ....model.findings import Severity
from ..collector import SEVERITIES, Checked, Reported
from .json_form import plain

__all__ = ["counted", "given_text", "heading", "resource_text", "summary", "within"]

_MOST_GIVEN = 200


def heading(reported: Reported) -> str:
    """The stack, and where it is deployed."""
    source = reported.stack.source
    nested = f", {source.file}" if reported.stack.parent is not None else ""
    return f"{source.stack}{nested}, {reported.environment}"


def resource_text(reported: Reported) -> str:
    """The resource: its construct path and logical id, and its type."""
    resource = reported.resource
    return f"{resource.construct_path or resource.logical_id} ({resource.kind})"


def given_text(value: object) -> str:
    """What was given, in one line; empty where that is nothing or too long to be read."""
    if value is None:
        return ""
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= _MOST_GIVEN else f"{text[:_MOST_GIVEN]}..."


def summary(checked: Checked) -> str:
    """How many findings of each severity there are, and how many are acknowledged."""
    open_ = [each for each in checked.findings if each.acknowledged is None]
    parts = [
        counted(within(open_, severity), severity.value, f"{severity.value}s")
        for severity in SEVERITIES
    ]
    known = len(checked.findings) - len(open_)
    return f"{', '.join(parts)}; {known} acknowledged"


def within(findings: Iterable[Reported], severity: Severity) -> int:
    """How many findings have a severity."""
    return sum(each.finding.severity is severity for each in findings)


def counted(amount: int, one: str, several: str) -> str:
    """``1 note``, ``2 notes``."""
    return f"{amount} {one if amount == 1 else several}"
