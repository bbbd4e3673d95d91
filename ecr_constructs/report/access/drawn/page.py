"""Who can reach what, as a page: the matrix with the reason of each cell, and a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ....model.iam.evaluator import Verdict
from ...drawing.marks import MARK_STYLE, MARKS
from ...drawing.page import FILTER, FILTER_SCRIPT, TABLE_STYLE, page
from ...drawing.shares import shares
from ...drawing.text import counted, markup
from ..model import LEVEL_NAMES, AccessReport, PrincipalRow
from ..printed.words import principal_text
from .kinds import Kind
from .lines import MOST_LISTED, Line, Lines, Told, lines_of, merged

__all__ = ["MOST_REASONS", "render_page"]

MOST_REASONS: Final = 30_000
_MOST_NAMES: Final = 5
_MOST_USES: Final = 20
_COLUMNS: Final = ("level", "effect", "policy", "statement", "condition", "where")
_TITLE: Final = "Who can reach which repository"
_WORDS: Final = {
    Verdict.ALLOWED: "yes",
    Verdict.CONDITIONAL: "if",
    Verdict.DENIED: "denied",
    Verdict.NONE: "",
}
_SAID: Final = {
    Verdict.ALLOWED: "allowed, whatever is not known here",
    Verdict.CONDITIONAL: "allowed under a condition that the template does not decide",
    Verdict.DENIED: "a statement denies it",
}


def render_page(report: AccessReport) -> str:
    """The report as one file.

    Principals with equal access for equal reasons share a line, and so do repositories. What is
    more than :data:`MOST_LISTED` lines or :data:`MOST_REASONS` reasons is left out, and said so.
    """
    built = _Page(lines_of(report), report.notes)
    return page(
        _TITLE, built.summary(), built.main(), style=TABLE_STYLE + MARK_STYLE, script=FILTER_SCRIPT
    )


class _Page:
    """Writes the page of one report."""

    def __init__(self, lines: Lines, notes: Sequence[str]) -> None:
        self._lines = lines
        self._notes = notes
        self._by_kind = {
            kind: merged(of_kind, told=True) for kind, of_kind in lines.by_kind.items()
        }
        self._group_of = {
            place: number for number, group in enumerate(lines.groups, 1) for place in group
        }
        self._reasons = MOST_REASONS

    def summary(self) -> str:
        """How much there is."""
        repositories, principals = len(self._lines.repositories), len(self._lines.principals)
        return (
            f"{counted(repositories, 'repository', 'repositories')}, "
            f"{counted(principals, 'principal', 'principals')}, "
            f"{self._lines.acting:,} with access"
        )

    def main(self) -> Iterator[str]:
        """What the page shows."""
        yield '<svg class="defs" aria-hidden="true"><defs>'
        for name in (*(verdict.value for verdict in _SAID), *(kind.value for kind in Kind)):
            yield f'<symbol id="{name}" viewBox="0 0 16 16">{MARKS[name]}</symbol>'
        yield "</defs></svg>"
        yield FILTER
        yield "<p>"
        for verdict, said in _SAID.items():
            yield f'<span class="level">{_mark(verdict.value)} {_WORDS[verdict]}</span>: {said}.'
        yield "</p>"
        yield from self._matrix()
        yield from self._rest()
        yield from self._repositories()

    def _matrix(self) -> Iterator[str]:
        amounts = [len(of_kind) for of_kind in self._by_kind.values()]
        shown = shares(amounts, MOST_LISTED)
        if sum(shown) < sum(amounts):
            yield (
                f"<p>{sum(shown):,} of {sum(amounts):,} lines are here: "
                "<code>--format json</code> has every one.</p>"
            )
        yield "<table>"
        heads = "".join(f'<th scope="col">{name}</th>' for name in LEVEL_NAMES)
        yield '<thead><tr><th scope="col">who</th><th scope="col">repositories</th>'
        yield f"{heads}</tr></thead>"
        for (kind, of_kind), most in zip(self._by_kind.items(), shown, strict=True):
            yield "<tbody>"
            yield f'<tr><th colspan="{2 + len(LEVEL_NAMES)}">{_mark(kind.value)} {kind.heading}'
            yield "</th></tr>"
            for line in of_kind[:most]:
                yield from self._row(line)
            yield "</tbody>"
        yield "</table>"

    def _row(self, line: Line) -> Iterator[str]:
        yield f'<tr data-row="{self._ranges(line.repositories)}">'
        yield f"<td>{_names([_who(row) for row in line.principals], most=_MOST_NAMES)}</td>"
        yield f"<td>{self._where(line.repositories)}"
        yield from self._why(line)
        yield "</td>"
        for verdict in line.verdicts:
            drawn = "" if verdict is Verdict.NONE else f"{_mark(verdict.value)} {_WORDS[verdict]}"
            yield f'<td class="level {verdict.value}">{drawn}</td>'
        yield "</tr>"

    def _where(self, places: Sequence[int]) -> str:
        names = [self._lines.repositories[place].name for place in places[:_MOST_NAMES]]
        if len(places) == len(self._lines.repositories) > 1:
            return f"all {len(places):,} repositories"
        shown = ", ".join(map(_isolated, names))
        if len(places) <= _MOST_NAMES:
            return shown
        return (
            f"{shown} and {len(places) - _MOST_NAMES:,} more"
            f"<details><summary>in groups</summary>{self._links(places)}</details>"
        )

    def _links(self, places: Iterable[int]) -> str:
        """The groups at the end of the page in which the repositories stand."""
        return ", ".join(
            f'<a href="#group-{part.partition("-")[0]}">{part}</a>'
            for part in self._ranges(places).split()
        )

    def _ranges(self, places: Iterable[int]) -> str:
        """The numbers of the groups, with a hyphen for those between: ``1 3-7``."""
        ranges: list[list[int]] = []
        for number in sorted({self._group_of[place] for place in places}):
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1][1] = number
            else:
                ranges.append([number, number])
        return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)

    def _why(self, line: Line) -> Iterator[str]:
        told = line.told[: self._reasons]
        self._reasons -= len(told)
        conditions = line.conditions()
        said = f"; depends on {'; '.join(conditions)}" if conditions else ""
        statements = counted(len(line.told), "statement", "statements")
        yield f"<details><summary>why: {statements}{markup(said[:200])}</summary>"
        yield f"<table><tr>{''.join(f'<th>{name}</th>' for name in _COLUMNS)}</tr>"
        for each in told:
            yield self._reason(each, line)
        yield "</table>"
        if len(told) < len(line.told):
            rest = counted(len(line.told) - len(told), "statement", "statements")
            yield f"<p>and {rest} more: <code>--format json</code> has every one</p>"
        yield "</details>"

    def _reason(self, told: Told, line: Line) -> str:
        reason = told.reason
        policy = f"{reason.source} {reason.policy}" if reason.policy else reason.source
        sid = f" ({reason.sid})" if reason.sid else ""
        everywhere = told.repositories == line.repositories
        names = [self._lines.repositories[place].name for place in told.repositories[:_MOST_NAMES]]
        rest = len(told.repositories) - len(names)
        where = ", ".join(names) + (f" and {rest:,} more" if rest else "")
        cells = (
            ", ".join(told.levels),
            reason.effect,
            policy,
            f"{reason.statement}{sid}",
            reason.condition,
            "" if everywhere else where,
        )
        return f"<tr>{''.join(f'<td>{markup(cell)}</td>' for cell in cells)}</tr>"

    def _rest(self) -> Iterator[str]:
        if self._lines.idle:
            names = _names([_who(row) for row in self._lines.idle], most=100)
            yield f"<h2>No access</h2><div>{names}</div>"
        unresolved = [row for row in self._lines.principals if row.unresolved]
        if unresolved:
            yield "<h2>Not in the template, so not looked at</h2>"
            yield "<ul>"
            for row in unresolved[:MOST_LISTED]:
                yield f"<li>{_who(row)}: {markup(', '.join(row.unresolved))}</li>"
            yield "</ul>"
            if len(unresolved) > MOST_LISTED:
                yield f"<p>and {len(unresolved) - MOST_LISTED:,} principals more</p>"
        if self._notes:
            yield "<h2>Notes</h2><ul>"
            for note in self._notes[:MOST_LISTED]:
                yield f"<li>{markup(note)}</li>"
            yield "</ul>"
            if len(self._notes) > MOST_LISTED:
                yield f"<p>and {len(self._notes) - MOST_LISTED:,} notes more</p>"

    def _repositories(self) -> Iterator[str]:
        yield "<h2>Repositories</h2>"
        yield '<p class="dim">In groups that everybody reaches in the same way.</p>'
        for number, group in enumerate(self._lines.groups, 1):
            amount = counted(len(group), "repository", "repositories")
            yield f'<details id="group-{number}" data-group="{number}">'
            yield f"<summary>group {number}: {amount}</summary><ul>"
            for place in group:
                row = self._lines.repositories[place]
                path = f' <span class="dim">{markup(row.construct_path or row.logical_id)}</span>'
                yield f"<li>{_isolated(row.name)}{path}</li>"
            yield "</ul></details>"


def _mark(name: str) -> str:
    return f'<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><use href="#{name}"/></svg>'


def _isolated(text: str) -> str:
    return f"<bdi>{markup(text)}</bdi>"


def _who(row: PrincipalRow) -> str:
    """The principal, its ARN, and what acts as it."""
    said = f'{_isolated(principal_text(row))}<br><span class="dim">{markup(row.arn)}</span>'
    uses = "".join(
        f"<br>used by {markup(use.kind)} {markup(use.name)}" for use in row.uses[:_MOST_USES]
    )
    more = f"<br>and {len(row.uses) - _MOST_USES:,} more" if len(row.uses) > _MOST_USES else ""
    return f'{said}<span class="dim">{uses}{more}</span>'


def _names(shown: Sequence[str], *, most: int) -> str:
    """The first of them, and the others to be opened."""
    first = "".join(f"<div>{each}</div>" for each in shown[:most])
    if len(shown) <= most:
        return first
    rest = "".join(f"<div>{each}</div>" for each in shown[most:])
    return f"{first}<details><summary>and {len(shown) - most:,} like it</summary>{rest}</details>"
