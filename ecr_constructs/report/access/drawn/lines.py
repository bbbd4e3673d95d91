"""The matrix in lines: what is the same for several repositories or principals is told once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ....model.iam.evaluator import Because, PolicyKind, Verdict
from ..model import LEVEL_NAMES, AccessReport, Cell, PrincipalRow, RepositoryRow
from ..printed.words import condition_text
from .kinds import Kind, kind_of

__all__ = ["MOST_LISTED", "Line", "Lines", "Reason", "Told", "lines_of", "merged"]

MOST_LISTED: Final = 3_000
"""How many lines a page has."""


class Reason(NamedTuple):
    """A statement that decides; that of a repository's own policy is one for all of them."""

    effect: str
    source: str
    policy: str
    """Nothing for the repository's own."""
    sid: str | None
    statement: int
    condition: str

    def sentence(self) -> str:
        """The statement, and what it depends on."""
        policy = f" {self.policy}" if self.policy else ""
        sid = f" ({self.sid})" if self.sid else ""
        condition = f" if {self.condition}" if self.condition else ""
        return (
            f"{self.effect}: {self.source} policy{policy}, statement {self.statement}"
            f"{sid}{condition}"
        )


class Told(NamedTuple):
    """A reason with the levels that it decides and the repositories for which it does."""

    reason: Reason
    levels: tuple[str, ...]
    repositories: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """Principals that may do the same with the same repositories."""

    principals: tuple[PrincipalRow, ...]
    repositories: tuple[int, ...]
    """Places in :attr:`Lines.repositories`."""
    verdicts: tuple[Verdict, ...]
    """One for each level."""
    told: tuple[Told, ...]

    @property
    def cells(self) -> int:
        """How many cells of the matrix the line stands for."""
        return len(self.principals) * len(self.repositories)

    def conditions(self) -> tuple[str, ...]:
        """What its conditional levels depend on."""
        open_ = {
            name
            for name, verdict in zip(LEVEL_NAMES, self.verdicts, strict=True)
            if verdict is Verdict.CONDITIONAL
        }
        found = (each.reason.condition for each in self.told if open_ & set(each.levels))
        return tuple(dict.fromkeys(condition for condition in found if condition))


@dataclass(frozen=True)
class Lines:
    """The whole matrix."""

    repositories: tuple[RepositoryRow, ...]
    principals: tuple[PrincipalRow, ...]
    by_kind: Mapping[Kind, tuple[Line, ...]]
    """Every cell in which something is allowed or denied; kinds without one are not there."""
    idle: tuple[PrincipalRow, ...]
    """Those for whom nothing is allowed or denied anywhere."""
    groups: tuple[tuple[int, ...], ...]
    """Repositories that everybody reaches in the same way."""

    @property
    def acting(self) -> int:
        """How many principals may do anything."""
        able = (Verdict.ALLOWED, Verdict.CONDITIONAL)
        return len(
            {
                id(row)
                for line in self.every()
                if any(verdict in able for verdict in line.verdicts)
                for row in line.principals
            }
        )

    def every(self) -> Iterator[Line]:
        """The lines of all kinds."""
        for lines in self.by_kind.values():
            yield from lines


_NOTHING: Final = (Verdict.NONE,) * len(LEVEL_NAMES)


def lines_of(report: AccessReport) -> Lines:
    """The matrix in lines, for one principal each, in the order of the report."""
    reader = _Reader(report)
    by_kind: dict[Kind, list[Line]] = {kind: [] for kind in Kind}
    idle: list[PrincipalRow] = []
    patterns: list[list[int]] = [[] for _ in report.repositories]
    known: dict[object, int] = {}
    cells = report.cells()
    for row in report.principals:
        found: dict[tuple[Verdict, ...], dict[_Reasons, list[int]]] = {}
        for place in range(len(report.repositories)):
            cell = next(cells)
            verdicts = tuple(cell.verdict(name) for name in LEVEL_NAMES)
            patterns[place].append(known.setdefault(verdicts, len(known)))
            if verdicts != _NOTHING:
                by_reasons = found.setdefault(verdicts, {})
                by_reasons.setdefault(reader.reasons(cell), []).append(place)
        lines = [
            Line((row,), _sorted(by_reasons.values()), verdicts, _told(by_reasons))
            for verdicts, by_reasons in found.items()
        ]
        by_kind[kind_of(row)] += lines
        if not lines:
            idle.append(row)
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, pattern in enumerate(patterns):
        groups.setdefault(tuple(pattern), []).append(place)
    return Lines(
        repositories=report.repositories,
        principals=report.principals,
        by_kind={kind: tuple(lines) for kind, lines in by_kind.items() if lines},
        idle=tuple(idle),
        groups=tuple(map(tuple, groups.values())),
    )


def merged(lines: Sequence[Line], *, told: bool = False) -> tuple[Line, ...]:
    """The lines of principals with equal access as one; ``told``: and for the same reasons."""
    of_row: dict[int, list[Line]] = {}
    for line in lines:
        of_row.setdefault(id(line.principals[0]), []).append(line)
    alike: dict[object, list[list[Line]]] = {}
    for each in of_row.values():
        key = tuple((line.repositories, line.verdicts, line.told if told else ()) for line in each)
        alike.setdefault(key, []).append(each)
    return tuple(
        Line(
            tuple(row for each in same for row in each[number].principals),
            line.repositories,
            line.verdicts,
            line.told if told or len(same) == 1 else _of_all(each[number] for each in same),
        )
        for same in alike.values()
        for number, line in enumerate(same[0])
    )


_Reasons = tuple[tuple[Reason, ...], ...]


class _Reader:
    """Reads the reasons of cells; what is the same is the same value."""

    def __init__(self, report: AccessReport) -> None:
        self._readable: Callable[[str], str] = lambda text: str(report.marks.readable(text))
        self._conditions: dict[str, str] = {}
        self._known: dict[Because, Reason] = {}

    def reasons(self, cell: Cell) -> _Reasons:
        """For each level the statements that decide."""
        return tuple(
            tuple(dict.fromkeys(map(self._reason, cell.levels[name].because)))
            for name in LEVEL_NAMES
        )

    def _reason(self, because: Because) -> Reason:
        reason = self._known.get(because)
        if reason is None:
            own = because.source is PolicyKind.REPOSITORY
            reason = self._known[because] = Reason(
                because.effect.value,
                because.source.value,
                "" if own else self._readable(because.policy),
                None if because.sid is None else self._readable(because.sid),
                because.statement,
                self._condition(because.condition),
            )
        return reason

    def _condition(self, condition: Mapping[str, object] | None) -> str:
        if not condition:
            return ""
        text = json.dumps(condition, sort_keys=True, default=str)
        known = self._conditions.get(text)
        if known is None:
            known = self._conditions[text] = self._readable(condition_text(condition))
        return known


def _told(by_reasons: Mapping[_Reasons, Sequence[int]]) -> tuple[Told, ...]:
    """Each reason once, with what it decides and where."""
    places: dict[tuple[Reason, tuple[str, ...]], list[Sequence[int]]] = {}
    for reasons, repositories in by_reasons.items():
        levels: dict[Reason, list[str]] = {}
        for name, of_level in zip(LEVEL_NAMES, reasons, strict=True):
            for reason in of_level:
                levels.setdefault(reason, []).append(name)
        for reason, names in levels.items():
            places.setdefault((reason, tuple(names)), []).append(repositories)
    return tuple(
        Told(reason, levels, _sorted(several)) for (reason, levels), several in places.items()
    )


def _of_all(lines: Iterable[Line]) -> tuple[Told, ...]:
    return tuple(dict.fromkeys(told for line in lines for told in line.told))


def _sorted(several: Iterable[Iterable[int]]) -> tuple[int, ...]:
    return tuple(sorted(place for places in several for place in places))
