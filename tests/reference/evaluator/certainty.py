"""How surely something is so, for the cases that AWS's pages leave open."""

from __future__ import annotations

from collections.abc import Iterable

YES = "yes"
OPEN = "open"
NO = "no"
WORST_FIRST = [NO, OPEN, YES]


def sure(is_so: bool) -> str:
    """What the page settles."""
    return YES if is_so else NO


def every(answers: Iterable[str]) -> str:
    """Whether all are so."""
    return min(answers, key=WORST_FIRST.index, default=YES)


def some(answers: Iterable[str]) -> str:
    """Whether at least one is so."""
    return max(answers, key=WORST_FIRST.index, default=NO)


def opposite(answer: str) -> str:
    """Whether it is not so."""
    return {YES: NO, OPEN: OPEN, NO: YES}[answer]


def takes_effect(effect: str, answer: str) -> bool:
    """Where it is open whether a statement applies, an Allow does and a Deny does not.

    So a repository's owner is told of access that may be there, and is never told of a denial that
    may not.
    """
    return answer == YES or (answer == OPEN and effect == "Allow")
