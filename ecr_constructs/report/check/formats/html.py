"""The findings as one file for a browser or a printer: no script, and nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from ...drawing.page import page
from ...drawing.text import markup
from ..collector import Checked, Reported
from .words import given_text, heading, resource_text, summary

__all__ = ["render_html"]

_STYLE: Final = """
article {
  margin: .5rem 0; padding: .5rem .75rem; background: var(--box);
  border-left: .3rem solid var(--note); break-inside: avoid;
}
article.danger { border-color: var(--danger); }
article.warning { border-color: var(--warning); }
article p { margin: 0; }
.danger .severity { color: var(--danger); }
.warning .severity { color: var(--warning); }
.note .severity { color: var(--note); }
.severity { font-weight: bold; }
.known { opacity: .75; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: .25rem 0 0; }
dt { color: var(--dim); }
dd { margin: 0; white-space: pre-wrap; }
@media print { article { background: none; } }
"""


def render_html(checked: Checked, *, title: str) -> str:
    """The findings by stack and resource, and how many there are."""
    return page(title, summary(checked), _stacks(checked.findings), style=_STYLE)


def _stacks(findings: Iterable[Reported]) -> Iterator[str]:
    for title, of_stack in groupby(findings, heading):
        yield "<section>"
        yield f"<h2>{_text(title)}</h2>"
        for resource, of_resource in groupby(of_stack, resource_text):
            yield f"<h3>{_text(resource)}</h3>"
            for reported in of_resource:
                yield from _article(reported)
        yield "</section>"


def _article(reported: Reported) -> Iterator[str]:
    finding, reason = reported.finding, reported.acknowledged
    severity = finding.severity.value
    known, said = ("", "") if reason is None else (" known", ", acknowledged")
    yield f'<article class="{severity}{known}">'
    yield (
        f'<p><span class="severity">{severity}{said}</span>: {_text(finding.property)}: '
        f'{_text(finding.message)} [<a href="{_text(finding.docs)}">{_text(finding.code)}</a>]</p>'
    )
    rows = (
        ("reason", reason or ""),
        ("given", given_text(finding.given)),
        ("allowed", finding.allowed),
        ("fix", finding.fix),
    )
    yield "<dl>"
    for name, value in rows:
        if value:
            yield f"<dt>{name}</dt><dd>{_text(value)}</dd>"
    yield "</dl>"
    yield "</article>"


def _text(value: str) -> str:
    """The text as it stands, in its own lines."""
    return "\n".join(map(markup, value.split("\n")))
