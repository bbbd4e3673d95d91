"""One kind of policy against one request: which statements apply, and how surely.

A layer's result is an object that a matrix keeps and knows again: the same results give the same
decision, which is what makes many principals and repositories fast.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ..requests.naming import Naming
from ..statements.policies import Policy
from ..statements.statement import Effect, Statement
from ..values.truth import Truth

__all__ = ["EMPTY", "PLAINLY", "Applied", "Facts", "Layer", "applied", "layer"]


class Facts(Protocol):
    """What a request makes of the parts of a statement."""

    @property
    def action(self) -> str:
        """The action, in lower case."""

    def naming(self, statement: Statement) -> Naming:
        """How a resource-based statement names the principal."""

    def resource(self, statement: Statement) -> Truth:
        """Whether a statement covers the resource."""

    def condition(self, statement: Statement) -> Truth:
        """Whether a statement's condition holds."""


PLAINLY = Naming(direct=Truth.YES)
"""Policies that name no principal are about whom they are attached to."""


@dataclass(frozen=True, eq=False)
class Applied:
    """A statement that applies, at least perhaps. Compared by identity, for memos."""

    statement: Statement
    naming: Naming
    """Its three ways of naming the principal, each lowered to how surely the rest applies."""
    truth: Truth


@dataclass(frozen=True, eq=False)
class Layer:
    """The statements of one layer that apply. Compared by identity, for memos."""

    allows: tuple[Applied, ...] = ()
    denies: tuple[Applied, ...] = ()
    allowed: Truth = field(init=False)
    direct: Truth = field(init=False)
    through_issuer: Truth = field(init=False)
    through_account: Truth = field(init=False)

    def __post_init__(self) -> None:
        for name, truths in (
            ("allowed", [entry.truth for entry in self.allows]),
            ("direct", [entry.naming.direct for entry in self.allows]),
            ("through_issuer", [entry.naming.through_issuer for entry in self.allows]),
            ("through_account", [entry.naming.through_account for entry in self.allows]),
        ):
            object.__setattr__(self, name, max(truths, default=Truth.NO))


EMPTY = Layer()


def applied(statement: Statement, naming: Naming, truth: Truth) -> Applied:
    """A statement that names the principal so, and applies so surely as a whole."""
    if truth is Truth.OPEN and naming is not PLAINLY:
        naming = Naming(
            min(naming.direct, truth),
            min(naming.through_issuer, truth),
            min(naming.through_account, truth),
        )
    return Applied(statement, naming, truth)


def _matched(statement: Statement, facts: Facts) -> Applied | None:
    """The statement as it applies to the request whose action it covers; None if not at all."""
    naming = facts.naming(statement)
    truth = naming.any
    if truth is not Truth.NO:
        truth = min(truth, facts.resource(statement))
    if truth is not Truth.NO:
        truth = min(truth, facts.condition(statement))
    return None if truth is Truth.NO else applied(statement, naming, truth)


def layer(policies: Iterable[Policy], facts: Facts) -> Layer:
    """The statements of the policies that apply to the request."""
    allows: list[Applied] = []
    denies: list[Applied] = []
    for policy in policies:
        for statement in policy.about(facts.action):
            entry = _matched(statement, facts)
            if entry is not None:
                (allows if statement.effect is Effect.ALLOW else denies).append(entry)
    if not allows and not denies:
        return EMPTY
    return Layer(tuple(allows), tuple(denies))
