"""Policies that reach whatever repository there is, or will be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...model.iam.evaluator import LEVELS, Effect, Subject
from ...model.iam.evaluator.values.context import Context
from ...model.iam.evaluator.values.truth import Truth

__all__ = ["reaches_every_repository"]

_ACTIONS: Final = tuple(action.lower() for level in LEVELS for action in level.actions)
_NOTHING_KNOWN: Final = Context()


def reaches_every_repository(subject: Subject, places: Iterable[str]) -> bool:
    """Whether a statement of the principal's own policies allows something on any repository.

    ``places`` are ARNs of repositories without their names.
    """
    # No repository may be called so: what reaches it reaches every one.
    arns = [f"{place}-" for place in places]
    return any(
        statement.effect is Effect.ALLOW
        and statement.resources is not None
        and any(statement.resources.covers(arn, _NOTHING_KNOWN) is Truth.YES for arn in arns)
        and any(statement.actions.covers(action) for action in _ACTIONS)
        for policy in subject.identity
        for statement in policy.statements
    )
