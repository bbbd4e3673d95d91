"""The findings for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

from ....model.findings import Severity
from ...terminal import Style, wrapped
from ..collector import Checked, Reported
from .words import given_text, heading, resource_text, summary

__all__ = ["render_table"]

_INDENT: Final = "    "
_BELOW: Final = "      "


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
    yield from (paint(line) for line in _wrapped(text, _INDENT))
    if reason is not None:
        yield from _wrapped(f"reason: {reason}", _BELOW)
        return
    given = given_text(finding.given)
    for name, said in (("given", given), ("allowed", finding.allowed), ("fix", finding.fix)):
        if said:
            yield from _wrapped(f"{name}: {said}", _BELOW)


@lru_cache(maxsize=1024)
def _wrapped(text: str, indent: str) -> tuple[str, ...]:
    """Lines of a text: thousands of resources have one of a few findings."""
    return tuple(wrapped(text, indent=indent, hanging=f"{indent}  "))


def _paint(severity: Severity, style: Style) -> Callable[[str], str]:
    return {
        Severity.DANGER: style.danger,
        Severity.WARNING: style.warning,
        Severity.NOTE: style.dim,
    }[severity]
