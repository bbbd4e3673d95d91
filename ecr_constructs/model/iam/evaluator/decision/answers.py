"""The answers: a decision with its reasons, and a verdict for a level of access."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..statements.statement import Effect, PolicyKind, Statement

__all__ = ["Because", "Decision", "Outcome", "Verdict"]


class Outcome(str, enum.Enum):
    """What AWS would answer."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit-deny"
    IMPLICIT_DENY = "implicit-deny"


@dataclass(frozen=True)
class Because:
    """One statement that decided."""

    effect: Effect
    source: PolicyKind
    """The kind of policy that it stands in."""
    policy: str
    sid: str | None
    statement: int
    """Its place in the policy, from 0."""
    condition: Mapping[str, object] | None = field(default=None, hash=False)

    @classmethod
    def of(cls, statement: Statement) -> Because:
        """The reason that a statement gives."""
        return cls(
            statement.effect,
            statement.kind,
            statement.policy,
            statement.sid,
            statement.index,
            statement.condition_source,
        )

    def as_json(self) -> dict[str, object]:
        """The reason as the command line prints it."""
        return {
            "effect": self.effect.value,
            "source": self.source.value,
            "policy": self.policy,
            "sid": self.sid,
            "statement": self.statement,
            "condition": self.condition,
        }


@dataclass(frozen=True)
class Decision:
    """The answer to one request."""

    decision: Outcome
    because: tuple[Because, ...]
    """Allow: the statements that grant. Explicit deny: those that deny. Implicit deny: none."""
    missing_context: tuple[str, ...]
    """The keys that an applicable statement asks for and that nobody gave, as first written."""
    lacking: tuple[str, ...] = ()
    """Implicit deny: the kinds of policy in which an Allow was needed and not found."""

    def as_json(self) -> dict[str, object]:
        """The decision as ``access --ask`` prints it."""
        return {
            "decision": self.decision.value,
            "because": [reason.as_json() for reason in self.because],
            "missing_context": list(self.missing_context),
        }


class Verdict(str, enum.Enum):
    """What a template says about a level of access."""

    ALLOWED = "allowed"
    DENIED = "denied"
    """By an explicit deny."""
    CONDITIONAL = "conditional"
    """Holds only under a condition that is not decided."""
    NONE = "none"
