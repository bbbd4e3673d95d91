"""Three answers to whether something holds: no, undecided, yes.

``OPEN`` stands for two things that are handled alike: a fact that the template does not decide
(a context key that nobody gave), and a case that AWS's pages leave open. The evaluation is
monotone in every ``Allow`` and antitone in every ``Deny``, so the algebra below (Kleene's) never
says yes or no of anything that an unknown fact could turn.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

__all__ = ["Truth", "all_of", "any_of", "negate"]


class Truth(enum.IntEnum):
    """Ordered so that ``min`` is "and" and ``max`` is "or"."""

    NO = 0
    OPEN = 1
    YES = 2


_NEGATED = (Truth.YES, Truth.OPEN, Truth.NO)


def negate(truth: Truth) -> Truth:
    """The opposite; what is open stays open."""
    return _NEGATED[truth]


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether every one holds; of none, yes."""
    return min(truths, default=Truth.YES)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether at least one holds; of none, no."""
    return max(truths, default=Truth.NO)
