"""Findings about a policy, for a terminal and for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ...model.findings import Finding, Severity
from ...model.lifecycle import Explanation
from ..terminal import Style, wrapped

__all__ = ["finding_lines", "findings_json"]


def findings_json(findings: Iterable[Finding]) -> str:
    """The findings in the form that all reports share."""
    document = Explanation(findings=tuple(findings)).to_json()
    return json.dumps({key: document[key] for key in ("version", "findings")}, indent=2) + "\n"


def finding_lines(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Each finding with its fix."""
    paint = {
        Severity.DANGER: style.danger,
        Severity.WARNING: style.warning,
        Severity.NOTE: style.dim,
    }
    for finding in findings:
        text = f"{finding.severity.value}: {finding.property}: {finding.message} [{finding.code}]"
        yield from (paint[finding.severity](line) for line in wrapped(text, hanging="    "))
        yield from wrapped(f"fix: {finding.fix}", indent="    ")
