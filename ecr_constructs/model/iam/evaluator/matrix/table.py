"""Every principal against every repository, by level of access.

What the template does not decide is open here: a context key that nobody gave may have any
value. ``allowed`` then holds whatever the values are, ``none`` and ``denied`` too, and everything
between is ``conditional``. Two conditions that exclude each other are not seen as one, so a few
conditionals could be settled by a closer look; none of the other verdicts is ever wrong by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..decision.answers import Because, Verdict
from ..decision.decide import Judgement
from ..requests.subjects import Subject, Target
from ..values.context import ContextValue
from ..values.truth import Truth
from .cells import Cell, Partition, SubjectSide, TargetSide
from .levels import LEVELS, Level

__all__ = ["AccessRow", "LevelVerdict", "Matrix"]


@dataclass(frozen=True)
class LevelVerdict:
    """A verdict with the statements that decided it."""

    verdict: Verdict
    because: tuple[Because, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The verdict as ``access`` prints it."""
        return {
            "verdict": self.verdict.value,
            "because": [reason.as_json() for reason in self.because],
        }


@dataclass(frozen=True)
class AccessRow:
    """What one principal may do with one repository."""

    principal: str
    repository: str
    levels: Mapping[str, LevelVerdict]

    def as_json(self) -> dict[str, object]:
        """The row as ``access`` prints it."""
        row: dict[str, object] = {"principal": self.principal, "repository": self.repository}
        row.update({name: level.as_json() for name, level in self.levels.items()})
        return row


_NOTHING = LevelVerdict(Verdict.NONE)
_ALL_ORDER = (Verdict.DENIED, Verdict.NONE, Verdict.CONDITIONAL, Verdict.ALLOWED)
_ANY_ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.DENIED, Verdict.NONE)


def _verdict(judgement: Judgement) -> Verdict:
    if judgement.access is Truth.YES:
        return Verdict.ALLOWED
    if judgement.access is Truth.OPEN:
        return Verdict.CONDITIONAL
    return Verdict.DENIED if judgement.denied is Truth.YES else Verdict.NONE


def _reasons(judgement: Judgement, verdict: Verdict) -> Iterator[Because]:
    if verdict is not Verdict.DENIED:
        for entry in judgement.grants:
            yield Because.of(entry.statement)
    if verdict is Verdict.CONDITIONAL:
        for entry in judgement.open_limits:
            yield Because.of(entry.statement)
    if verdict is not Verdict.ALLOWED:
        for entry in judgement.denies:
            if verdict is Verdict.CONDITIONAL or entry.truth is Truth.YES:
                yield Because.of(entry.statement)


def _combined(judgements: Sequence[Judgement], *, needs_all: bool) -> LevelVerdict:
    verdicts = [_verdict(judgement) for judgement in judgements]
    deciding = next(
        entry for entry in (_ALL_ORDER if needs_all else _ANY_ORDER) if entry in verdicts
    )
    if deciding is Verdict.NONE:
        return _NOTHING
    # Two policies may have the same name, so only what is wholly the same is told once.
    seen: dict[Because, None] = {}
    for judgement, verdict in zip(judgements, verdicts, strict=True):
        # What makes a conditional level work is told whole, its unconditional parts included.
        if verdict is deciding or (needs_all and deciding is Verdict.CONDITIONAL):
            for reason in _reasons(judgement, verdict):
                seen.setdefault(reason)
    return LevelVerdict(deciding, tuple(seen))


@dataclass(frozen=True)
class Matrix:
    """Principals, repositories and what is known of the circumstances.

    ``context`` holds for every request, such as ``aws:SecureTransport``: ECR answers over TLS
    only.
    """

    principals: Sequence[Subject]
    repositories: Sequence[Target]
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    levels: Sequence[Level] = LEVELS

    def decisions(self) -> Iterator[AccessRow]:
        """One row for each principal and repository, in the order given."""
        actions = self._actions()
        plans: dict[tuple[Partition, Partition], _Plan] = {}
        targets = [TargetSide(target, actions) for target in self.repositories]
        for subject in self.principals:
            side = SubjectSide(subject, self.context, actions)
            with_token = subject.principal.has_identity
            # What one principal may do is the same for most repositories.
            known: dict[tuple[object, ...], LevelVerdict] = {}
            for other in targets:
                key = (side.partition, other.partition)
                plan = plans.get(key)
                if plan is None:
                    plan = plans[key] = _Plan.of(key, actions, self.levels)
                cell = Cell(side, other)
                judged = [cell.judge(action) for action in plan.representatives]
                token = cell.token() if with_token else None
                levels: dict[str, LevelVerdict] = {}
                for level, places in zip(self.levels, plan.places, strict=True):
                    used = [judged[place] for place in places]
                    if level.needs_token and token is not None:
                        used.append(token)
                    outcome = (level, *used)
                    verdict = known.get(outcome)
                    if verdict is None:
                        verdict = known[outcome] = _combined(used, needs_all=level.needs_all)
                    levels[level.name] = verdict
                yield AccessRow(subject.principal.arn, other.target.arn, levels)

    def _actions(self) -> tuple[str, ...]:
        every = dict.fromkeys(action.lower() for level in self.levels for action in level.actions)
        return tuple(every)


@dataclass(frozen=True)
class _Plan:
    """Which actions stand for all the others, and which of them make each level.

    Two actions that the same statements cover, on the principal's side and on the repository's,
    have the same decision.
    """

    representatives: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]

    @classmethod
    def of(
        cls,
        partitions: tuple[Partition, Partition],
        actions: Sequence[str],
        levels: Sequence[Level],
    ) -> _Plan:
        first, second = partitions
        place_of: dict[tuple[int, int], int] = {}
        representatives: list[str] = []
        place_by_action: dict[str, int] = {}
        for number, action in enumerate(actions):
            kind = (first[number], second[number])
            if kind not in place_of:
                place_of[kind] = len(representatives)
                representatives.append(action)
            place_by_action[action] = place_of[kind]
        return cls(
            tuple(representatives),
            tuple(
                tuple(dict.fromkeys(place_by_action[action.lower()] for action in level.actions))
                for level in levels
            ),
        )
