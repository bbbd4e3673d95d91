"""Who can reach what, drawn: a line for each principal, a mark for each level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ....model.iam.evaluator import Verdict
from ...drawing.marks import mark
from ...drawing.picture import WIDTH, Picture, number, rule_line, words
from ...drawing.shares import shares
from ...drawing.text import counted, fitted, listed, markup, plain
from ..model import LEVEL_NAMES, AccessReport, PrincipalRow
from ..printed.words import principal_text
from .kinds import Kind
from .lines import MOST_LISTED, Line, Lines, lines_of, merged

__all__ = ["MOST_LINES", "draw_access"]

MOST_LINES: Final = 40
_MOST_TOLD: Final = 8
_SIZE: Final = 13.0
_SMALL: Final = 11.5
_LEFT: Final = 24
_RIGHT: Final = WIDTH - 24
_WHO: Final = 50
_WHERE: Final = 350
_LEVELS: Final = tuple(650 + 56 * place for place in range(len(LEVEL_NAMES)))
_ROOM: Final = _LEVELS[0] - 34 - _WHERE
_ROW: Final = 30
_SECOND: Final = 15
_WORDS: Final = {
    Verdict.ALLOWED: "allowed",
    Verdict.CONDITIONAL: "under a condition that is open",
    Verdict.DENIED: "denied by a statement",
    Verdict.NONE: "nothing allows it",
}
_COUNTED: Final = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.DENIED)


def draw_access(report: AccessReport) -> Picture:
    """The report as a picture of at most :data:`MOST_LINES` lines; what is left out is counted."""
    return _Drawing(lines_of(report), report.notes).picture()


class _Drawing:
    """Draws one report from top to bottom."""

    def __init__(self, lines: Lines, notes: Sequence[str]) -> None:
        self._lines = lines
        self._notes = notes
        self._y = 0.0
        self._body: list[str] = []

    def picture(self) -> Picture:
        """The picture."""
        shown = self._chosen()
        self._head()
        for kind, every in self._by_kind.items():
            self._section(kind, every[: shown[kind]], every[shown[kind] :])
        if not self._by_kind:
            self._y += _ROW
            self._add(words("Nobody reaches anything.", _LEFT, self._y))
        self._foot()
        return Picture(
            title="Who can reach which repository",
            description=self._description(),
            height=self._y + 20,
            body=tuple(self._body),
        )

    def _chosen(self) -> Mapping[Kind, int]:
        """How many lines of each kind are drawn: all, or as even a share as can be."""
        self._by_kind = dict(self._lines.by_kind)
        if sum(map(len, self._by_kind.values())) > MOST_LINES:
            self._by_kind = {kind: merged(lines) for kind, lines in self._by_kind.items()}
        amounts = [len(lines) for lines in self._by_kind.values()]
        return dict(zip(self._by_kind, shares(amounts, MOST_LINES), strict=True))

    def _head(self) -> None:
        self._y = 38
        self._add(words("Who can reach which repository", _LEFT, self._y, "heading"))
        self._y += 20
        self._add(words(self._summary(), _LEFT, self._y, "dim"))
        self._y += 26
        for x, name in zip(_LEVELS, LEVEL_NAMES, strict=True):
            self._add(words(name, x, self._y, "section", "middle"))
        self._y += 2

    def _summary(self) -> str:
        repositories, principals = len(self._lines.repositories), len(self._lines.principals)
        return (
            f"{counted(repositories, 'repository', 'repositories')}, "
            f"{counted(principals, 'principal', 'principals')}, "
            f"{self._lines.acting:,} with access"
        )

    def _description(self) -> str:
        kinds = (
            f"{kind.heading}: {counted(_principals(lines), 'principal', 'principals')}"
            for kind, lines in self._lines.by_kind.items()
        )
        return f"{self._summary()}. {'; '.join(kinds)}."

    def _section(self, kind: Kind, drawn: Sequence[Line], left_out: Sequence[Line]) -> None:
        self._y += 30
        self._add(mark(kind.value, _LEFT + 9, self._y - 5, size=18))
        self._add(words(kind.heading, _WHO, self._y, "section"))
        self._y += 9
        self._add(rule_line(self._y))
        before: tuple[PrincipalRow, ...] = ()
        for place, line in enumerate(drawn):
            if place and line.principals != before:
                self._add(rule_line(self._y, left=_WHO))
            self._line(line, named=line.principals != before)
            before = line.principals
        if left_out:
            self._left_out(left_out)

    def _line(self, line: Line, *, named: bool) -> None:
        conditions = line.conditions()
        height = _ROW + (_SECOND if conditions else 0)
        self._add(f'<g class="line" data-cells="{line.cells}">')
        self._add(f"<title>{markup(_told(line))}</title>")
        if len(line.repositories) == len(self._lines.repositories) > 1:
            box = f'<rect x="{_WHERE - 8}" y="{number(self._y + 4)}" width="{_ROOM + 16}"'
            self._add(f'{box} height="{_ROW - 8}" rx="4" class="box"/>')
        y = self._y + 20
        if named:
            self._add(words(_who(line.principals, _WHERE - 24 - _WHO), _WHO, y, "name"))
        self._add(words(self._where(line), _WHERE, y, "name"))
        for x, verdict in zip(_LEVELS, line.verdicts, strict=True):
            self._add(mark(verdict.value, x, y - 5))
        if conditions:
            text = fitted(f"depends on {'; '.join(conditions)}", _RIGHT - _WHERE, _SMALL)
            self._add(words(text, _WHERE, y + _SECOND, "small", "dim", "name"))
        self._add("</g>")
        self._y += height

    def _where(self, line: Line) -> str:
        amount = len(line.repositories)
        if amount == len(self._lines.repositories) > 1:
            return f"all {amount:,} repositories"
        names = [self._lines.repositories[place].name for place in line.repositories[:50]]
        return listed(names, _ROOM, _SIZE, of=amount)

    def _left_out(self, lines: Sequence[Line]) -> None:
        """What is not drawn, counted by level and verdict."""
        more = counted(len(lines), "line", "lines")
        text = f"and {more} more, of {counted(_principals(lines), 'principal', 'principals')}"
        self._add('<g class="left-out">')
        self._add(rule_line(self._y, left=_WHO))
        for verdict in _COUNTED:
            counts = [
                sum(line.cells for line in lines if line.verdicts[level] is verdict)
                for level in range(len(LEVEL_NAMES))
            ]
            if not any(counts):
                continue
            y = self._y + 20
            if text:
                self._add(words(text, _WHO, y, "dim"))
                text = ""
            self._add(words(f"left out: {_WORDS[verdict]}", _WHERE, y, "small", "dim"))
            for x, count in zip(_LEVELS, counts, strict=True):
                if count:
                    self._add(mark(verdict.value, x, y - 8, size=10))
                    self._add(words(f"{count:,}", x, y + 8, "small", "middle", verdict.value))
            self._y += _ROW + 2
        self._add("</g>")

    def _foot(self) -> None:
        self._y += 18
        self._add(rule_line(self._y))
        self._y += 24
        x = float(_LEFT)
        for verdict, text in _WORDS.items():
            self._add(mark(verdict.value, x + 8, self._y - 5))
            self._add(words(text, x + 22, self._y, "small"))
            x += 40 + len(text) * 6.2
        for text in self._said_below():
            self._y += 18
            self._add(words(fitted(text, _RIGHT - _LEFT, _SMALL), _LEFT, self._y, "small", "dim"))

    def _said_below(self) -> Iterator[str]:
        drawn = sum(map(len, self._by_kind.values()))
        if drawn > MOST_LINES:
            yield (
                f"{MOST_LINES} of {drawn:,} lines are drawn, the others counted: --format html has "
                f"up to {MOST_LISTED:,} with reasons, --format json every one"
            )
        elif drawn and sum(map(len, self._lines.by_kind.values())) > drawn:
            yield "Principals with equal access share a line: --format html names each"
        if self._lines.idle:
            names = [principal_text(row) + _dagger(row) for row in self._lines.idle[:50]]
            yield "No access: " + listed(
                names, _RIGHT - _LEFT - 80, _SMALL, of=len(self._lines.idle)
            )
        if any(row.unresolved for row in self._lines.principals):
            yield "† also has policies that are not in the template, so they are not looked at"
        for note in self._notes[:_MOST_TOLD]:
            yield f"Note: {note}"
        if len(self._notes) > _MOST_TOLD:
            yield f"and {len(self._notes) - _MOST_TOLD:,} notes more, which the command prints"

    def _add(self, drawn: str) -> None:
        self._body.append(drawn)


def _principals(lines: Iterable[Line]) -> int:
    return len({id(row) for line in lines for row in line.principals})


def _who(rows: Sequence[PrincipalRow], room: float) -> str:
    rest = f" and {len(rows) - 1:,} like it" if len(rows) > 1 else ""
    rest = _dagger(*rows) + rest
    return fitted(principal_text(rows[0]), room - len(rest) * 7, _SIZE) + rest


def _dagger(*rows: PrincipalRow) -> str:
    return " †" if any(row.unresolved for row in rows) else ""


def _told(line: Line) -> str:
    """What a pointer is shown, and what a reader of the screen says."""
    verdicts = ", ".join(
        f"{name} {verdict.value}" for name, verdict in zip(LEVEL_NAMES, line.verdicts, strict=True)
    )
    told = [f"{'/'.join(each.levels)}: {each.reason.sentence()}" for each in line.told]
    more = [f"and {len(told) - _MOST_TOLD:,} more"] if len(told) > _MOST_TOLD else []
    names = plain(principal_text(line.principals[0]))[:300]
    said = [f"{names}: {verdicts}", *(plain(each)[:300] for each in told[:_MOST_TOLD]), *more]
    return "; ".join(said)
