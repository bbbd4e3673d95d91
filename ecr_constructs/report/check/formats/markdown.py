"""The findings for a pull request comment or a job summary (GitHub Flavored Markdown)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ...markdown import markdown_text
from ..collector import Checked, Reported
from .words import given_text, summary

__all__ = ["render_markdown"]

_HEAD: Final = ("| severity | stack | construct | finding | fix |", "|---|---|---|---|---|")
_KNOWN_HEAD: Final = (
    "| severity | stack | construct | finding | reason |",
    "|---|---|---|---|---|",
)


def render_markdown(checked: Checked, *, title: str = "ECR check") -> str:
    """A table of what is open, and one of what is acknowledged."""
    open_ = [each for each in checked.findings if each.acknowledged is None]
    known = [each for each in checked.findings if each.acknowledged is not None]
    lines = [f"### {title}", "", f"{summary(checked)}."]
    if open_:
        lines += ["", *_HEAD, *_rows(open_)]
    if known:
        known_title = f"<details><summary>{len(known)} acknowledged</summary>"
        lines += ["", known_title, "", *_KNOWN_HEAD, *_rows(known), "", "</details>"]
    return "\n".join(lines) + "\n"


def _rows(findings: Iterable[Reported]) -> Iterator[str]:
    for reported in findings:
        finding, resource, reason = reported.finding, reported.resource, reported.acknowledged
        given = given_text(finding.given)
        said = f"{finding.property}: {finding.message}" + (f" (given: {given})" if given else "")
        cells = (
            finding.severity.value,
            markdown_text(reported.stack.source.stack),
            markdown_text(resource.construct_path or resource.logical_id),
            f"{markdown_text(said)} ([{finding.code}]({_address(finding.docs)}))",
            markdown_text(finding.fix if reason is None else reason),
        )
        yield f"| {' | '.join(cells)} |"


def _address(docs: str) -> str:
    return docs.replace("(", "%28").replace(")", "%29").replace("|", "%7C").replace(" ", "%20")
