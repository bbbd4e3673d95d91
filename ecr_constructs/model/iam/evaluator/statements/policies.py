"""Compiled policies, and the whole set of them that one request meets."""

from __future__ import annotations

from dataclasses import dataclass, field

from .statement import PolicyKind, Statement

__all__ = ["Levels", "Policy", "PolicySet"]


@dataclass(frozen=True, eq=False)
class Policy:
    """One policy document, compiled once and asked often."""

    name: str
    kind: PolicyKind
    statements: tuple[Statement, ...]
    _by_action: dict[str, tuple[Statement, ...]] = field(
        default_factory=dict, init=False, repr=False
    )

    def about(self, action: str) -> tuple[Statement, ...]:
        """The statements that cover an action (in lower case), remembered by action."""
        found = self._by_action.get(action)
        if found is None:
            found = tuple(entry for entry in self.statements if entry.actions.covers(action))
            self._by_action[action] = found
        return found


Levels = tuple[tuple[Policy, ...], ...]
"""Organization policies by level, from the root through each OU to the account itself."""


@dataclass(frozen=True, kw_only=True)
class PolicySet:
    """Every policy that applies to a request, by kind.

    ``identity`` holds a user's own policies and those of its groups. ``boundary``, ``session``,
    ``scps`` and ``rcps`` are None where there is none of the kind; a level of ``scps`` without a
    policy allows nothing. ``scps`` are those of the principal's account, ``rcps`` those of the
    resource's account; neither restricts an organization's management account, so leave them out
    there.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    scps: Levels | None = None
    rcps: Levels | None = None
    repository: Policy | None = None
    registry: Policy | None = None
    identity_assumed: bool = False
    """The identity-based policies are somebody else's and not at hand (another account's
    principal): whatever the resource side shares counts as allowed by them."""
