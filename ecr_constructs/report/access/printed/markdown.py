"""Who can reach what, for a pull request comment or a job summary (GitHub Flavored Markdown)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ....model.iam.evaluator import Verdict
from ...drawing.shares import shares
from ...drawing.text import counted
from ...markdown import markdown_text
from ..drawn.kinds import Kind
from ..drawn.lines import Line, Lines, lines_of, merged
from ..model import LEVEL_NAMES, AccessReport, PrincipalRow
from .words import principal_text

__all__ = ["render_markdown"]

_HEAD: Final = (
    f"| who | repositories | {' | '.join(LEVEL_NAMES)} | why |",
    f"|---|---|{':-:|' * len(LEVEL_NAMES)}---|",
)
_WORDS: Final = {
    Verdict.ALLOWED: "**yes**",
    Verdict.CONDITIONAL: "_if_",
    Verdict.DENIED: "denied",
    Verdict.NONE: "",
}
_OPEN: Final = (Kind.EVERYBODY, Kind.ORGANIZATION, Kind.ACCOUNT, Kind.FEDERATED, Kind.WILDCARD)
_MOST_LINES: Final = 100
_MOST_NAMES: Final = 5
_MOST_REASONS: Final = 4
_MOST_SHOWN: Final = 20
_MOST_CHARACTERS: Final = 200
_MOST_WRITTEN: Final = 600
_ROOM: Final = 60_000


def render_markdown(report: AccessReport) -> str:
    """Outsiders and wildcards in a table, and whoever is inside in one to be opened.

    GitHub takes comments of up to 65,536 characters: what does not fit is counted.
    """
    lines = lines_of(report)
    by_kind = {kind: merged(of_kind, told=True) for kind, of_kind in lines.by_kind.items()}
    amounts = [len(of_kind) for of_kind in by_kind.values()]
    for most in (_MOST_LINES, 50, 20, 10, 5, 1):
        shown = dict(zip(by_kind, shares(amounts, most), strict=True))
        chosen = {kind: of_kind[: shown[kind]] for kind, of_kind in by_kind.items()}
        text = "\n".join(_page(lines, chosen, report.notes, sum(amounts))) + "\n"
        if len(text) <= _ROOM:
            break
    return text


def _page(
    lines: Lines, chosen: dict[Kind, tuple[Line, ...]], notes: Sequence[str], amount: int
) -> Iterator[str]:
    repositories = counted(len(lines.repositories), "repository", "repositories")
    principals = counted(len(lines.principals), "principal", "principals")
    yield "### Who can reach which repository"
    yield ""
    yield f"{repositories}, {principals}, {lines.acting:,} with access."
    outside = [line for kind in chosen if kind in _OPEN for line in chosen[kind]]
    inside = [line for kind in chosen if kind not in _OPEN for line in chosen[kind]]
    if outside:
        yield ""
        yield "**Wildcards and outsiders**"
        yield from ("", *_HEAD, *(_row(lines, line) for line in outside))
    if inside:
        yield ""
        title = f"Inside: {counted(len(inside), 'line', 'lines')}"
        yield f"<details><summary>{title}</summary>"
        yield from ("", *_HEAD, *(_row(lines, line) for line in inside), "", "</details>")
    drawn = len(outside) + len(inside)
    if drawn < amount:
        yield ""
        yield (
            f"{amount - drawn:,} of {amount:,} lines are left out here; "
            "`ecr-constructs access --format html` has every one."
        )
    yield from _rest(lines, notes)


def _rest(lines: Lines, notes: Sequence[str]) -> Iterator[str]:
    if lines.idle:
        yield ""
        yield f"No access: {_names([_who(row) for row in lines.idle], _MOST_SHOWN)}"
    unresolved = [row for row in lines.principals if row.unresolved]
    if unresolved:
        said = [f"{_who(row)} ({_short(', '.join(row.unresolved))})" for row in unresolved]
        yield ""
        yield f"Not in the template, so not looked at: {_names(said, _MOST_NAMES)}"
    for note in notes[:_MOST_NAMES]:
        yield ""
        yield f"Note: {_short(note)}"
    if len(notes) > _MOST_NAMES:
        yield ""
        yield f"and {len(notes) - _MOST_NAMES:,} notes more, which the command prints"


def _row(lines: Lines, line: Line) -> str:
    names = [_short(lines.repositories[place].name) for place in line.repositories]
    every = len(names) == len(lines.repositories) > 1
    reasons = [_short(each.reason.sentence()) for each in line.told]
    why = list(dict.fromkeys(reasons))
    cells = (
        _names([_who(row) for row in line.principals], _MOST_NAMES),
        f"all {len(names):,}" if every else _names(names, _MOST_NAMES),
        *(_WORDS[verdict] for verdict in line.verdicts),
        "<br>".join(why[:_MOST_REASONS])
        + (f"<br>and {len(why) - _MOST_REASONS:,} more" if len(why) > _MOST_REASONS else ""),
    )
    return f"| {' | '.join(cells)} |"


def _names(names: Sequence[str], most: int) -> str:
    rest = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _who(row: PrincipalRow) -> str:
    return _short(principal_text(row))


def _short(text: str) -> str:
    """The text, its middle left out where it is long as it stands or as it is written here."""
    most = _MOST_CHARACTERS
    while True:
        half = most // 2
        shown = f"{text[:half]}...{text[-half:]}" if len(text) > most else text
        written = markdown_text(shown)
        if len(written) <= _MOST_WRITTEN:
            return written
        most = half
