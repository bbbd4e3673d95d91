"""The levels of access that a report speaks of, as actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...actions import Access

__all__ = ["LEVELS", "Level"]

_LOOKING = ("ecr:describe", "ecr:get", "ecr:list", "ecr:start")


@dataclass(frozen=True, eq=False)
class Level:
    """A kind of access: which actions make it, all of them or any, and whether with a token."""

    name: str
    actions: tuple[str, ...]
    needs_all: bool
    """Whether every action is needed for it to work; else one of them is already access."""
    needs_token: bool = False
    """Whether a client must log in first. Only asked of who has identity-based policies: a
    service brings its own way in (Lambda pulls by the repository policy alone)."""


def _changing(actions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(action for action in actions if not action.lower().startswith(_LOOKING))


LEVELS: Final = (
    Level("pull", Access.PULL.actions, needs_all=True, needs_token=True),
    Level("push", Access.PUSH.actions, needs_all=True, needs_token=True),
    # A client works only with all of an action set. Reading, deleting and administering are what
    # a report warns of, and one action is enough to do it.
    Level("read", Access.READ.actions, needs_all=False),
    Level("delete", (*Access.DELETE.actions, "ecr:DeleteRepository"), needs_all=False),
    Level("admin", _changing(Access.ADMIN.actions), needs_all=False),
)
