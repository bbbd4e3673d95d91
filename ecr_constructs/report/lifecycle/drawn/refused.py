"""A policy that ECR would refuse has no preview: its findings stand in the place of one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from ....model.findings import Finding
from ...drawing.page import page
from ...drawing.picture import Picture, words
from ...drawing.text import counted, markup

__all__ = ["draw_refused", "render_refused"]

_TITLE: Final = "ECR would refuse this lifecycle policy"
_COLUMNS: Final = 120
_MOST: Final = 40


def draw_refused(findings: Sequence[Finding]) -> Picture:
    """The findings as a picture."""
    body = [words(_TITLE, 24, 38, "heading")]
    y = 46.0
    for finding in findings[:_MOST]:
        y += 8
        for line in textwrap.wrap(f"{finding.severity.value}: {finding.sentence()}", _COLUMNS):
            y += 18
            body.append(words(line, 24, y, "small", "name"))
    if len(findings) > _MOST:
        y += 26
        body.append(words(f"and {len(findings) - _MOST:,} more: --format json", 24, y, "small"))
    return Picture(_TITLE, _amount(findings), y + 24, tuple(body))


def render_refused(findings: Sequence[Finding]) -> str:
    """The findings as a page."""
    return page(_TITLE, _amount(findings), _main(findings))


def _amount(findings: Sequence[Finding]) -> str:
    return counted(len(findings), "finding", "findings")


def _main(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"<p><strong>{finding.severity.value}</strong>: {markup(finding.sentence())}"
        yield f'[<a href="{markup(finding.docs)}">{markup(finding.code)}</a>]</p>'
