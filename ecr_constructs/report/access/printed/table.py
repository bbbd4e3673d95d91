"""The access report for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ....model.iam.evaluator import Verdict
from ...terminal import Style, clipped, columns, wrapped
from ..model import LEVEL_NAMES, AccessReport, Cell
from .words import principal_text, reason_text

__all__ = ["render_table"]

_WIDTHS: Final = (36, 27, 6, 6, 6, 6, 6)
_WORDS: Final = {
    Verdict.ALLOWED: "yes",
    Verdict.CONDITIONAL: "if",
    Verdict.DENIED: "denied",
    Verdict.NONE: "-",
}
_MOST_REASONS: Final = 6


def render_table(report: AccessReport, style: Style) -> str:
    """The report in 100 columns: wildcards and outsiders, insiders, what is conditional."""
    cells = [cell for cell in report.cells() if cell.any_access]
    plain = [cell for cell in cells if cell.certain]
    sections = (
        (
            "Wildcards and outsiders",
            [cell for cell in plain if cell.principal.external or cell.principal.wildcard],
        ),
        (
            "Inside",
            [cell for cell in plain if not (cell.principal.external or cell.principal.wildcard)],
        ),
        ("Only under a condition", [cell for cell in cells if not cell.certain]),
    )
    lines = [_summary(report, cells)]
    for title, chosen in sections:
        if chosen:
            lines += ["", style.bold(title), style.dim(columns(("", "", *LEVEL_NAMES), _WIDTHS))]
            for group in _groups(chosen):
                lines += _lines_of(report, group, style)
    lines += _without(report, cells, style)
    return "\n".join(lines) + "\n"


def _summary(report: AccessReport, cells: Sequence[Cell]) -> str:
    acting = {id(cell.principal) for cell in cells}
    return (
        f"{_counted(len(report.repositories), 'repository', 'repositories')}, "
        f"{_counted(len(report.principals), 'principal', 'principals')}, "
        f"{len(acting)} with access"
    )


def _counted(amount: int, one: str, several: str) -> str:
    return f"{amount} {one if amount == 1 else several}"


def _groups(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Cells of one principal that say the same of several repositories."""
    groups: dict[object, list[Cell]] = {}
    for cell in cells:
        reasons = tuple(_reasons(cell, same_repository=True))
        verdicts = tuple(cell.verdict(level) for level in LEVEL_NAMES)
        groups.setdefault((id(cell.principal), verdicts, reasons), []).append(cell)
    yield from groups.values()


def _lines_of(report: AccessReport, group: Sequence[Cell], style: Style) -> Iterator[str]:
    first = group[0]
    verdicts = [first.verdict(level) for level in LEVEL_NAMES]
    names = [cell.repository.name for cell in group]
    principal = principal_text(first.principal)
    line = columns((principal, names[0], *(_WORDS[verdict] for verdict in verdicts)), _WIDTHS)
    if first.principal.external or first.principal.wildcard:
        line = style.danger(line)
    elif not first.certain:
        line = style.warning(line)
    yield line
    if len(names) > 1:
        yield from wrapped("and " + ", ".join(names[1:]), indent=" " * (_WIDTHS[0] + 1))
    reasons = list(dict.fromkeys(_reasons(first)))
    for reason in reasons[:_MOST_REASONS]:
        text = str(report.marks.readable(reason))
        yield from (style.dim(part) for part in wrapped(text, indent="    ", hanging="      "))
    if len(reasons) > _MOST_REASONS:
        yield style.dim(f"    and {len(reasons) - _MOST_REASONS} more statements")
    for use in first.principal.uses:
        yield style.dim(clipped(f"    used by {use.kind} {use.name}", sum(_WIDTHS)))


def _reasons(cell: Cell, *, same_repository: bool = False) -> Iterator[str]:
    for level in LEVEL_NAMES:
        for reason in cell.levels[level].because:
            yield reason_text(reason, same_repository=same_repository)


def _without(report: AccessReport, cells: Sequence[Cell], style: Style) -> Iterator[str]:
    acting = {id(cell.principal) for cell in cells}
    idle = [row for row in report.principals if id(row) not in acting]
    if idle:
        names = ", ".join(principal_text(row) for row in idle)
        yield ""
        yield from wrapped(f"No access: {names}", hanging="  ")
    unresolved = [row for row in report.principals if row.unresolved]
    if unresolved:
        yield ""
        yield style.bold("Not in the template, so not looked at")
        for row in unresolved:
            text = f"{principal_text(row)}: {', '.join(row.unresolved)}"
            yield from wrapped(text, indent="  ", hanging="    ")
