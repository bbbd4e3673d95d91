"""What a deploy changes of who can do what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ....model.findings import Finding
from ....model.iam.access_changes import (
    Gained,
    access_changed,
    access_gained,
    access_lost,
    access_uncompared,
)
from ....model.iam.evaluator import Because, LevelVerdict, PolicyKind, Target, Verdict
from ...access.documents import TEMPLATE_KEY
from ...access.model import LEVEL_NAMES, AccessReport, Cell, PrincipalRow, RepositoryRow
from ...access.printed.words import principal_text, reason_text
from ...check.located import Located
from ...reading.faults import UnusableInputError
from ...reading.source import Sources
from ...template.app import App
from ...template.marks import Marks, is_open, marked
from ...template.stack import Resource
from .concerned import Concerned, amount
from .essence import decides_the_same
from .versions import Side, in_one_place

__all__ = ["access_changes", "changed_access"]

_MOST_PAIRS: Final = 250_000
_OUTSIDE: Final = ("public", "organization", "federated", "service")
_PROPERTIES: Final = {
    PolicyKind.REPOSITORY: "RepositoryPolicyText",
    PolicyKind.REGISTRY: "PolicyText",
    PolicyKind.BOUNDARY: "PermissionsBoundary",
}
_RANKS: Final = {Verdict.CONDITIONAL: 1, Verdict.ALLOWED: 2}
_UNDEFINED: Final = "some of its own policies are not in the templates"
_OWN_OR_NOT: Final = (
    "whether that is another account than the stack's own, --account says where the template does "
    "not"
)
_Key = tuple[str, ...]


def access_changes(old: Sources, new: Sources) -> Iterator[Located]:
    """What templates that are deployed over others change of who can do what.

    Each finding is located at the repository as the new templates have it.
    """
    given = new
    old, new = in_one_place(old, new)
    if decides_the_same(old, new):
        return
    before = App(old.stacks)
    after = App(new.stacks, beside=before)
    found = changed_access(before, after)
    yield from found if new == given else _as_given(found, after, App(given.stacks))


def changed_access(old: App, new: App) -> Iterator[Located]:
    """The same of apps that are at hand: the new one was made ``beside`` the old one."""
    concerned = Concerned(Side(old), Side(new))
    try:
        concerned.find()
        yield from _Changes(concerned).find()
    except UnusableInputError:
        # More statements than anybody looks through: nothing is certain then.
        return


def _as_given(found: Iterable[Located], placed: App, given: App) -> Iterator[Located]:
    """The findings at the stacks as they were given, where the old version says their account."""
    stacks = {id(each): other for each, other in zip(placed.stacks, given.stacks, strict=True)}
    for located in found:
        resource = replace(located.resource, stack=stacks[id(located.resource.stack)])
        yield replace(located, resource=resource)


@dataclass(frozen=True)
class _Said:
    """A finding at a repository, and what it shares with the same finding at others."""

    finding: Finding
    repository: str
    alike: _Key | None


class _Changes:
    """Evaluates the pairs of which something changed, before and after."""

    def __init__(self, concerned: Concerned) -> None:
        self._concerned = concerned
        self._old, self._new = concerned.old, concerned.new
        self._marks: Marks = self._new.marks
        self._places = {arn: place for place, arn in enumerate(self._new.repositories)}

    def find(self) -> Iterator[Located]:
        """What changed, in the order of the repositories."""
        concerned = self._concerned
        pairs: Mapping[str, Mapping[str, None]] = concerned.pairs
        if amount(pairs) > _MOST_PAIRS:
            own = {arn: each for arn, each in pairs.items() if arn not in concerned.outsiders}
            pairs = {arn: each for arn, each in pairs.items() if arn in concerned.outsiders}
            found = {repository: None for each in own.values() for repository in each}
            yield self._located(
                next(iter(found)), access_uncompared(len(own), len(found), _MOST_PAIRS)
            )
        said = [
            each
            for repositories, principals in self._groups(pairs).items()
            for each in self._of_group(principals, repositories)
        ]
        for each in sorted(_joined(said), key=lambda entry: self._places[entry.repository]):
            yield self._located(each.repository, each.finding)

    def _located(self, repository: str, finding: Finding) -> Located:
        texts = {
            name: self._marks.readable(getattr(finding, name))
            for name in ("property", "message", "given", "allowed", "fix")
        }
        return Located(
            finding=replace(finding, **texts), resource=self._new.repositories[repository]
        )

    def _groups(
        self, pairs: Mapping[str, Mapping[str, None]]
    ) -> Mapping[tuple[str, ...], list[str]]:
        """The principals by the repositories that they are evaluated with."""
        groups: dict[tuple[str, ...], list[str]] = {}
        readable: dict[str, bool] = {}
        for arn, concerned in pairs.items():
            identities = (self._old.identities.get(arn), self._new.identities.get(arn))
            if any(each is not None and each.unread for each in identities):
                # What could not be read may be what lets it in, or keeps it out.
                continue
            for repository in concerned:
                if repository not in readable:
                    readable[repository] = self._readable(repository)
            known = sorted(filter(readable.__getitem__, concerned), key=self._places.__getitem__)
            groups.setdefault(tuple(known), []).append(arn)
        return groups

    def _of_group(self, principals: list[str], repositories: tuple[str, ...]) -> Iterator[_Said]:
        there = [each for each in repositories if each in self._old.repositories]
        outsiders = [self._concerned.outsiders.get(arn) for arn in principals]
        before, now = (
            [side.row(*each) for each in zip(principals, outsiders, strict=True)]
            for side in (self._old, self._new)
        )
        cells = self._cells(self._old, before, there)
        cells_now = self._cells(self._new, now, repositories)
        for arn, outsider, row, row_now in zip(principals, outsiders, before, now, strict=True):
            is_new = arn not in self._old.identities and outsider is None
            for repository in repositories:
                cell = next(cells) if repository in self._old.repositories else None
                compared = _Compared(
                    arn, row, row_now, cell, next(cells_now), is_new and bool(row_now.logical_id)
                )
                yield from (_Said(finding, repository, alike) for finding, alike in compared.find())

    def _readable(self, repository: str) -> bool:
        sides = (side for side in (self._old, self._new) if repository in side.repositories)
        return all(side.read(repository).readable for side in sides)

    def _cells(
        self, side: Side, rows: list[PrincipalRow], repositories: Sequence[str]
    ) -> Iterator[Cell]:
        targets = [_row(side.repositories[each], side.read(each).target) for each in repositories]
        return AccessReport((), (), (), self._marks).cells_of(rows, targets)


def _row(resource: Resource, target: Target) -> RepositoryRow:
    return RepositoryRow(
        arn=resource.arn,
        name=resource.name,
        stack=resource.stack.source.stack,
        logical_id=resource.logical_id,
        construct_path=resource.construct_path,
        target=target,
    )


@dataclass(frozen=True)
class _Compared:
    """One principal and one repository, before and after."""

    arn: str
    before: PrincipalRow
    now: PrincipalRow
    old: Cell | None
    """None: the repository is new."""
    new: Cell
    is_new: bool
    """Whether the principal is a role or user that the new templates make."""

    def find(self) -> Iterator[tuple[Finding, _Key | None]]:
        """What changed, with what makes it alike at other repositories."""
        gained: list[str] = []
        lost: list[str] = []
        perhaps_lost: list[str] = []
        changed: list[str] = []
        for level in LEVEL_NAMES:
            rank, rank_now = (_rank(each, level) for each in (self.old, self.new))
            if rank_now > rank:
                gained.append(level)
            elif rank and not rank_now:
                if self._surely_not(level):
                    (lost if rank == _RANKS[Verdict.ALLOWED] else perhaps_lost).append(level)
            elif rank_now < rank or (
                self.old is not None
                and self.new.verdict(level) is Verdict.CONDITIONAL
                and _conditions(self.old.levels[level]) != _conditions(self.new.levels[level])
            ):
                changed.append(level)
        if gained:
            yield from self._gained(gained)
        for levels, surely in ((lost, True), (perhaps_lost, False)):
            if levels:
                yield self._lost(levels, surely=surely)
        if changed:
            yield self._changed(changed)

    def _gained(self, levels: list[str]) -> Iterator[tuple[Finding, _Key | None]]:
        because = _because(self.new, levels)
        own = [each for each in because if each.source is PolicyKind.REPOSITORY]
        if self.old is None and not own:
            # What holds for the whole registry is no matter of a repository that is new.
            return
        outsider = self.now.external or self.now.kind in _OUTSIDE
        undecided = all(self._undecided(level) for level in levels)
        besides = self._besides() if outsider else self._unknown()
        found = access_gained(
            principal_text(self.now),
            levels,
            Gained(
                outsider=outsider,
                new=self.old is None or self.is_new,
                undecided=undecided or (outsider and self._is_anyone()),
                besides=besides,
            ),
            at=_property(because),
            why=_words(because),
        )
        for finding in found:
            yield finding, None if outsider or own else self._alike("gained", levels, because)

    def _lost(self, levels: list[str], *, surely: bool) -> tuple[Finding, _Key | None]:
        denied = _because(self.new, levels)
        because = denied or _because(self.old, levels)
        finding = access_lost(
            principal_text(self.before),
            levels,
            at=_property(because),
            surely=surely,
            why=f"now {_words(denied)}" if denied else f"before {_words(because)}",
            besides="" if denied else self._unknown(),
        )
        return finding, self._alike("lost", levels, because)

    def _changed(self, levels: list[str]) -> tuple[Finding, _Key | None]:
        old, new = _because(self.old, levels), _because(self.new, levels)
        at, now = _property(new), _words(new)
        finding = access_changed(
            principal_text(self.now), levels, at=at, before=_words(old), now=now
        )
        return finding, self._alike("changed", levels, (*old, *new))

    def _alike(self, what: str, levels: list[str], because: tuple[Because, ...]) -> _Key | None:
        """What a finding shares with those at other repositories that the same statement makes."""
        if any(each.source is PolicyKind.REPOSITORY for each in because):
            return None
        return (what, self.arn, *levels, _words(because))

    def _surely_not(self, level: str) -> bool:
        """Whether the principal cannot do it, and no policy may allow it that is not at hand."""
        if self.new.verdict(level) is Verdict.DENIED:
            return True
        return set(self.now.unresolved) <= set(self.before.unresolved)

    def _undecided(self, level: str) -> bool:
        """Whether the templates leave open that anything allows it."""
        found = self.new.levels[level]
        allows = [each for each in found.because if each.effect.value == "Allow"]
        return found.verdict is Verdict.CONDITIONAL and bool(allows) and all(map(_is_open, allows))

    def _is_anyone(self) -> bool:
        """Whether the principal is one that the template does not say, of any account perhaps."""
        principal = self.now.subject.principal
        return is_open(self.arn) or (not principal.account and self.now.kind in ("role", "user"))

    def _unknown(self) -> str:
        rows = (self.now,) if self.is_new else (self.before, self.now)
        return _UNDEFINED if any(row.unresolved and not row.external for row in rows) else ""

    def _besides(self) -> str:
        account = self.now.subject.principal.account
        own = self.new.repository.arn.split(":repository/")[0].rpartition(":")[2]
        return _OWN_OR_NOT if account and not marked(account) and marked(own) else ""


def _joined(said: list[_Said]) -> Iterator[_Said]:
    """The findings, those of one cause once for all repositories that it is about."""
    groups: dict[object, list[_Said]] = {}
    for place, each in enumerate(said):
        groups.setdefault(place if each.alike is None else each.alike, []).append(each)
    for first, *others in groups.values():
        finding = first.finding
        if others:
            more = "1 other repository" if len(others) == 1 else f"{len(others)} other repositories"
            finding = replace(finding, message=f"{finding.message}; the same at {more}")
        yield replace(first, finding=finding)


def _rank(cell: Cell | None, level: str) -> int:
    return 0 if cell is None else _RANKS.get(cell.verdict(level), 0)


def _because(cell: Cell | None, levels: list[str]) -> tuple[Because, ...]:
    """The statements that decide about some levels, each once."""
    if cell is None:
        return ()
    found = (reason for level in levels for reason in cell.levels[level].because)
    return tuple(dict.fromkeys(found))


def _words(because: tuple[Because, ...]) -> str:
    if not because:
        return "no statement"
    return "; ".join(reason_text(each, same_repository=True) for each in because)


def _property(because: tuple[Because, ...]) -> str:
    source = because[0].source if because else PolicyKind.REPOSITORY
    return _PROPERTIES.get(source, "PolicyDocument")


def _is_open(because: Because) -> bool:
    compared = (because.condition or {}).get("StringEquals")
    keys = compared if isinstance(compared, Mapping) else {}
    return any(str(key).startswith(TEMPLATE_KEY) for key in keys)


def _conditions(verdict: LevelVerdict) -> frozenset[object]:
    """The conditions of the statements that decide, whatever their order and names."""
    return frozenset((each.effect, _frozen(each.condition)) for each in verdict.because)


def _frozen(condition: Mapping[str, object] | None) -> frozenset[object]:
    tests: set[object] = set()
    for operator, keys in (condition or {}).items():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            listed = values if isinstance(values, (list, tuple)) else [values]
            tests.add((operator.lower(), str(key).lower(), frozenset(map(str, listed))))
    return frozenset(tests)
