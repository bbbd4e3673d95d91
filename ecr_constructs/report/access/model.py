"""Who can reach what: the model behind the table, the JSON and the asserts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from ...model.iam.evaluator import (
    LEVELS,
    Because,
    ContextValue,
    Level,
    LevelVerdict,
    Matrix,
    Principal,
    PrincipalKind,
    Subject,
    Target,
    Verdict,
)
from ..template.marks import Marks
from .documents import TEMPLATE_KEY

__all__ = ["ALWAYS", "AccessReport", "Cell", "PrincipalRow", "RepositoryRow", "Use"]

LEVEL_NAMES: Final = tuple(level.name for level in LEVELS)
_ISSUERS: Final = {
    PrincipalKind.SESSION: PrincipalKind.ROLE,
    PrincipalKind.FEDERATED_USER: PrincipalKind.USER,
}
# ECR answers over TLS only.
ALWAYS: Final = {"aws:SecureTransport": "true"}


@dataclass(frozen=True, kw_only=True)
class RepositoryRow:
    """A repository of the template."""

    arn: str
    name: str
    stack: str
    logical_id: str
    construct_path: str | None
    target: Target

    def as_json(self) -> dict[str, object]:
        """The repository as the command line prints it."""
        return {
            "arn": self.arn,
            "name": self.name,
            "construct_path": self.construct_path,
            "stack": self.stack,
            "logical_id": self.logical_id,
        }


@dataclass(frozen=True, kw_only=True)
class Use:
    """Something of the template that acts as a principal."""

    kind: str
    """``task definition (execution role)``, ``Lambda function``, ``instance profile``, ..."""
    name: str
    """Its construct path or logical id."""
    images: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrincipalRow:
    """A principal of the template, or one that a repository policy names."""

    arn: str
    kind: str
    external: bool
    construct_path: str | None
    logical_id: str | None = None
    unresolved: tuple[str, ...]
    wildcard: bool = False
    """Whether its own policies reach every repository there is, and not those of a list."""
    uses: tuple[Use, ...] = ()
    subject: Subject = field(hash=False)

    def as_json(self) -> dict[str, object]:
        """The principal as the command line prints it."""
        return {
            "arn": self.arn,
            "kind": self.kind,
            "external": self.external,
            "construct_path": self.construct_path,
            "unresolved": list(self.unresolved),
        }


@dataclass(frozen=True)
class Cell:
    """What one principal may do with one repository."""

    principal: PrincipalRow
    repository: RepositoryRow
    levels: Mapping[str, LevelVerdict] = field(hash=False)

    def verdict(self, level: str) -> Verdict:
        """The verdict of a level."""
        return self.levels[level].verdict

    @property
    def any_access(self) -> bool:
        """Whether anything is allowed, if only under a condition."""
        return any(
            entry.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
            for entry in self.levels.values()
        )

    @property
    def certain(self) -> bool:
        """Whether anything is allowed without a condition that is open."""
        return any(entry.verdict is Verdict.ALLOWED for entry in self.levels.values())


@dataclass(frozen=True)
class AccessReport:
    """Every repository, every principal and what each may do with each."""

    repositories: tuple[RepositoryRow, ...]
    principals: tuple[PrincipalRow, ...]
    """Wildcards and outsiders first."""
    notes: tuple[str, ...]
    """What could not be read, one sentence each."""
    marks: Marks = field(repr=False, compare=False)

    def row_of(self, principal: Principal) -> PrincipalRow | None:
        """The row of a principal, or of the role behind a session, asked as that session."""
        row = self._by_arn.get(principal.arn)
        if row is not None or principal.issuer_arn is None:
            return row
        # A session's ARN has the role's name without its path.
        row = self._by_name.get((_ISSUERS.get(principal.kind), principal.account,
                                 principal.issuer_arn.rpartition("/")[2]))  # fmt: skip
        if row is None:
            return None
        issuer = row.subject.principal
        session = replace(principal, issuer_arn=issuer.arn, unique_id=issuer.unique_id)
        return replace(row, subject=replace(row.subject, principal=session))

    @cached_property
    def _by_arn(self) -> Mapping[str, PrincipalRow]:
        return {row.subject.principal.arn: row for row in reversed(self.principals)}

    @cached_property
    def _by_name(
        self,
    ) -> Mapping[tuple[PrincipalKind | None, str | None, str], PrincipalRow]:
        principals = ((row, row.subject.principal) for row in reversed(self.principals))
        return {(each.kind, each.account, each.name): row for row, each in principals}

    def cells(self) -> Iterator[Cell]:
        """What each principal may do with each repository."""
        return self.cells_of(self.principals, self.repositories)

    def cells_of(
        self,
        principals: Sequence[PrincipalRow],
        repositories: Sequence[RepositoryRow],
        *,
        levels: Sequence[Level] = LEVELS,
        context: Mapping[str, ContextValue] | None = None,
    ) -> Iterator[Cell]:
        """What some principals may do with some repositories, where the context is so."""
        matrix = Matrix(
            [row.subject for row in principals],
            [row.target for row in repositories],
            context={**ALWAYS, **(context or {})},
            levels=levels,
        )
        decisions = matrix.decisions()
        for principal in principals:
            for repository in repositories:
                decided = next(decisions).levels
                found = {name: _decisive(verdict) for name, verdict in decided.items()}
                yield Cell(principal, repository, found)

    def as_json(self) -> dict[str, object]:
        """The report as the command line prints it."""
        return {
            "version": 1,
            "repositories": [row.as_json() for row in self.repositories],
            "principals": [row.as_json() for row in self.principals],
            "access": list(self.access_rows()),
        }

    def access_rows(self) -> Iterator[dict[str, object]]:
        """The rows of ``access``, one after the other."""
        for cell in self.cells():
            yield self._cell(cell)

    def _cell(self, cell: Cell) -> dict[str, object]:
        row: dict[str, Any] = {
            "principal": cell.principal.arn,
            "repository": cell.repository.arn,
        }
        row.update({name: cell.levels[name].as_json() for name in LEVEL_NAMES})
        readable: dict[str, object] = self.marks.readable(row)
        return readable


def _decisive(level: LevelVerdict) -> LevelVerdict:
    """Without statements that may apply too, where what is sure has decided already."""
    if level.verdict is not Verdict.ALLOWED:
        return level
    sure = tuple(reason for reason in level.because if not _undecided(reason))
    return LevelVerdict(level.verdict, sure) if sure else level


def _undecided(reason: Because) -> bool:
    compared = (reason.condition or {}).get("StringEquals")
    return isinstance(compared, Mapping) and any(
        str(key).startswith(TEMPLATE_KEY) for key in compared
    )
