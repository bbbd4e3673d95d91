"""The verb ``access``."""

# ruff: noqa: PLC0415 - a table is printed without what draws
from __future__ import annotations

import json

from ...model.errors import InvalidInputError
from ..access.build import report_of
from ..access.model import AccessReport
from ..access.printed.table import render_table
from ..access.questions import answer_questions
from ..reading.documents import read_json_document
from ..reading.faults import UnusableInputError, unusable
from ..reading.text import STANDARD_INPUT
from ..terminal import Style
from .outcome import Outcome

__all__ = ["run_access"]


def run_access(
    path: str | None,
    *,
    ask: str | None,
    account: str | None,
    region: str | None,
    form: str,
    style: Style,
) -> Outcome:
    """The matrix of a template, or the answers to questions."""
    if ask is not None:
        return _answers(path, ask, account=account, region=region)
    report = report_of(path or "-", account=account, region=region)
    return Outcome(_written(report, form, style), messages=report.notes)


def _written(report: AccessReport, form: str, style: Style) -> str:
    """The report in its form; what draws is loaded only where something is drawn."""
    if form == "json":
        return _row_by_row(report)
    if form == "markdown":
        from ..access.printed.markdown import render_markdown

        return render_markdown(report)
    if form == "svg":
        from ..access.drawn.picture import draw_access

        return draw_access(report).svg()
    if form == "html":
        from ..access.drawn.page import render_page

        return render_page(report)
    return render_table(report, style)


def _answers(path: str | None, ask: str, *, account: str | None, region: str | None) -> Outcome:
    if path == ask == STANDARD_INPUT:
        raise unusable("-", "stands for standard input, which is read once", "give a file")
    source, questions = read_json_document(ask)
    report = report_of(path, account=account, region=region) if path is not None else None
    try:
        answers = answer_questions(questions, report, account=account, region=region)
    except UnusableInputError:
        raise
    except InvalidInputError as error:
        lines = tuple(f"{source.name}: {finding.sentence()}" for finding in error.findings)
        return Outcome("", 2, lines)
    messages = report.notes if report is not None else ()
    return Outcome(json.dumps(answers, indent=2) + "\n", messages=messages)


def _row_by_row(report: AccessReport) -> str:
    """JSON with a line for each row: a matrix has many, and they are read by programs and grep."""
    lists = (
        ("repositories", (row.as_json() for row in report.repositories)),
        ("principals", (row.as_json() for row in report.principals)),
        ("access", report.access_rows()),
    )
    parts = ['  "version": 1']
    for name, rows in lists:
        lines = ",\n".join(f"    {json.dumps(row)}" for row in rows)
        parts.append(f'  "{name}": [\n{lines}\n  ]' if lines else f'  "{name}": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"
