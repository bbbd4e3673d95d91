"""The findings for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from ....model.findings import Severity
from ...terminal import Style, wrapped
from ..collector import Checked, Reported
from .words import given_text, heading, resource_text, summary

__all__ = ["render_table"]

_INDENT: Final = "    "
_HANGING: Final = "      "


def render_table(checked: Checked, style: Style) -> str:
    """The findings in 100 columns by stack and resource, and how many there are."""
    lines: list[str] = []
    for title, of_stack in groupby(checked.findings, heading):
        lines += (style.bold(line) for line in wrapped(title, hanging="  "))
        lines.append("")
        for resource, of_resource in groupby(of_stack, resource_text):
            lines += wrapped(resource, indent="  ", hanging=_INDENT)
            for reported in of_resource:
                lines += _lines_of(reported, style)
            lines.append("")
    lines.append(summary(checked))
    return "\n".join(lines) + "\n"


def _lines_of(reported: Reported, style: Style) -> Iterator[str]:
    finding, reason = reported.finding, reported.acknowledged
    known = "" if reason is None else ", acknowledged"
    text = (
        f"{finding.severity.value}{known}: {finding.property}: {finding.message} [{finding.code}]"
    )
    paint = style.dim if reason is not None else _paint(finding.severity, style)
    yield from (paint(line) for line in wrapped(text, indent=_INDENT, hanging=_HANGING))
    if reason is not None:
        yield from wrapped(f"reason: {reason}", indent=_HANGING, hanging=f"{_HANGING}  ")
        return
    given = given_text(finding.given)
    for name, said in (("given", given), ("allowed", finding.allowed), ("fix", finding.fix)):
        if said:
            yield from wrapped(f"{name}: {said}", indent=_HANGING, hanging=f"{_HANGING}  ")


def _paint(severity: Severity, style: Style) -> Callable[[str], str]:
    return {
        Severity.DANGER: style.danger,
        Severity.WARNING: style.warning,
        Severity.NOTE: style.dim,
    }[severity]
