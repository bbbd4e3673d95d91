"""The findings as one file for a browser or a printer: no script, and nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Final

from ....model.version import VERSION
from ..collector import Checked, Reported
from .words import given_text, heading, resource_text, summary

__all__ = ["render_html"]

# "light-dark" and the like are not everywhere: two sets of colours do.
_STYLE: Final = """
:root {
  color-scheme: light dark;
  --page: #fff; --text: #1c1f23; --dim: #5c636b; --line: #d5d9de; --box: #f6f7f9;
  --danger: #b3261e; --warning: #8a5a00; --note: #33658a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181b; --text: #e6e8ea; --dim: #9aa2ab; --line: #3a3f45; --box: #1f2226;
    --danger: #ff8a80; --warning: #f0b95a; --note: #8ec5ee;
  }
}
body {
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; margin-bottom: 0; }
h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin-bottom: .5rem; }
.dim, footer { color: var(--dim); }
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
a { color: inherit; }
@media print {
  body { max-width: none; margin: 0; background: #fff; color: #000; }
  article { background: none; }
  h2, h3 { break-after: avoid; }
}
"""

# Nothing of a template runs or is loaded, whatever a browser would make of it.
_RIGHTS: Final = "default-src 'none'; style-src 'unsafe-inline'"


def render_html(checked: Checked, *, title: str) -> str:
    """The findings by stack and resource, and how many there are."""
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_RIGHTS}">',
        f"<title>{_text(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{_text(title)}</h1>",
        f'<p class="dim">{_text(summary(checked))}</p>',
        "<main>",
        *_stacks(checked.findings),
        "</main>",
        f"<footer><p>ecr-constructs {_text(VERSION)}</p></footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


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
    """The text as it stands: neither markup nor what no file of UTF-8 may have."""
    printable = "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in value)
    return escape(printable)
