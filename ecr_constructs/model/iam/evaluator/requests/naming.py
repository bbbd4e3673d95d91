"""The ``Principal`` and ``NotPrincipal`` elements: whom a resource-based statement names, and how.

Pages of the IAM user guide: "AWS JSON policy elements: Principal", "... NotPrincipal", "How AWS
enforcement code logic evaluates requests to allow or deny access" (the table of resource-based
policies and implicit denies in other policy types).

How a statement names the principal decides what else must allow in the same account:

========================================  ========================================================
named by                                  what else must allow
========================================  ========================================================
its own ARN (user, session), ``*``        nothing
the ARN of the role or user behind it     the permissions boundary and the session policy
its account                               an identity-based policy too: the account ARN and the id
                                          "both delegate permissions to the account"
========================================  ========================================================

A unique id (``AIDA...``, ``AROA...``) names who has it; AWS shows one in a policy only after the
principal that the ARN named was deleted, so an id that is not known to be the principal's names
somebody else. ``CanonicalUser`` is of S3 and names nobody here.

The page on Principal spells the last line out for other accounts only. That it holds in the same
account too is the reading of every implementation that was found; nobody reported another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..values.arns import without_path
from ..values.truth import Truth
from .principals import Principal, PrincipalKind

__all__ = ["NOT_NAMED", "Naming", "PrincipalElement"]


@dataclass(frozen=True)
class Naming:
    """Whether a statement names the principal, by the three ways that count differently."""

    direct: Truth = Truth.NO
    through_issuer: Truth = Truth.NO
    through_account: Truth = Truth.NO
    any: Truth = field(init=False)

    def __post_init__(self) -> None:
        strongest = max(self.direct, self.through_issuer, self.through_account)
        object.__setattr__(self, "any", strongest)


NOT_NAMED = Naming()
_DIRECTLY = Naming(direct=Truth.YES)
_PERHAPS = Naming(direct=Truth.OPEN)
_OF_NO_ACCOUNT = (PrincipalKind.SERVICE, PrincipalKind.FEDERATED)


@dataclass(frozen=True, kw_only=True)
class PrincipalElement:
    """A compiled Principal or NotPrincipal element."""

    everyone: bool
    """``"*"``, or an ``AWS`` entry ``*``: "equivalent" for anonymous users."""
    everyone_of_aws: bool = False
    """The ``*`` stands under ``AWS`` only."""
    accounts: frozenset[str] = frozenset()
    arns: frozenset[str] = frozenset()
    """Users, roles and sessions by ARN; the root ARN is among ``accounts``."""
    unique_ids: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    federated: frozenset[str] = frozenset()
    inverted: bool
    """A NotPrincipal element."""
    sessions: tuple[str, ...] = field(init=False)
    pathless: frozenset[str] = field(init=False)
    """The ARNs without the paths of users and roles, which their sessions do not show."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pathless", frozenset(map(without_path, self.arns)))
        sessions = tuple(sorted(arn for arn in self.arns if ":assumed-role/" in arn))
        object.__setattr__(self, "sessions", sessions)

    def naming(self, principal: Principal, *, bounded: bool, settled: bool) -> Naming:
        """How the element names the principal.

        ``bounded``: it has a permissions boundary. ``settled``: what was not said about the
        principal is not so (a role asked about by its ARN is then no session by any name).
        """
        if self.inverted:
            return self._not_excepted(principal, bounded=bounded)
        kind = principal.kind
        if kind in _OF_NO_ACCOUNT:
            return self._naming_outsider(principal)
        if self.everyone:
            return _DIRECTLY
        return self._naming_identity(principal, settled=settled)

    def _naming_outsider(self, principal: Principal) -> Naming:
        is_service = principal.kind is PrincipalKind.SERVICE
        if is_service and principal.arn.lower() in self.services:
            return _DIRECTLY
        if self.everyone and not self.everyone_of_aws:
            return _DIRECTLY
        # Whether {"AWS": "*"} takes in services and identity providers: the page says it for
        # anonymous users only. {"Service": "*"} cannot be, and Federated principals "are not
        # supported in policy types other than role trust policies": what they do where they were
        # saved all the same is not said.
        listed = "*" in self.services if is_service else principal.arn in self.federated
        return _PERHAPS if listed or self.everyone else NOT_NAMED

    def _naming_identity(self, principal: Principal, *, settled: bool) -> Naming:
        in_account = principal.account in self.accounts
        if principal.is_root:
            return _DIRECTLY if in_account else NOT_NAMED
        direct = through_issuer = Truth.NO
        if principal.kind is PrincipalKind.ROLE:
            through_issuer = self._lists(principal.arn)
            if self.sessions and not settled and self._lists_a_session_of(principal):
                direct = Truth.OPEN
        elif principal.kind is not PrincipalKind.GROUP:
            direct = self._lists(principal.arn)
            if principal.issuer_arn:
                through_issuer = self._lists_issuer(principal.issuer_arn)
        if principal.unique_id and principal.unique_id in self.unique_ids:
            if principal.kind is PrincipalKind.USER:
                direct = Truth.YES
            else:
                through_issuer = Truth.YES
        return Naming(direct, through_issuer, Truth.YES if in_account else Truth.NO)

    def _lists(self, arn: str) -> Truth:
        return Truth.YES if arn in self.arns else Truth.NO

    def _lists_issuer(self, arn: str) -> Truth:
        # Names of users and of roles are unique in an account, whatever their paths.
        return Truth.YES if without_path(arn) in self.pathless else Truth.NO

    def _lists_a_session_of(self, role: Principal) -> bool:
        partition = role.arn.split(":")[1]
        start = f"arn:{partition}:sts::{role.account}:assumed-role/{role.name}/"
        return any(arn.startswith(start) for arn in self.sessions)

    def _not_excepted(self, principal: Principal, *, bounded: bool) -> Naming:
        """Whom a NotPrincipal leaves: everybody whom it does not list.

        "The NotPrincipal element with a Deny effect will always deny any IAM principal that has
        a permissions boundary policy attached, regardless of the values specified."

        "When you use NotPrincipal, you must also specify the account ARN of the not-denied
        principal"; AWS "might validate the account first", then the role, then the session. So
        who is listed from account to session is excepted, who is not listed at all is denied,
        and anything between is open.
        """
        if bounded:
            return _DIRECTLY
        if principal.kind in _OF_NO_ACCOUNT:
            listed = self._naming_outsider(principal)
            if listed is _PERHAPS:
                return _PERHAPS
            return NOT_NAMED if listed is _DIRECTLY else _DIRECTLY
        chain = self._chain_of_identity(principal)
        if self.everyone or all(chain):
            return NOT_NAMED
        return _PERHAPS if any(chain) else _DIRECTLY

    def _chain_of_identity(self, principal: Principal) -> Sequence[bool]:
        """What AWS checks of the principal, from its account inwards: whether each is listed."""
        in_account = principal.account in self.accounts
        if principal.is_root:
            return (in_account,)
        own = principal.arn in self.arns or principal.unique_id in self.unique_ids
        if principal.kind is PrincipalKind.GROUP:
            # Some user of the group, whom the element may or may not list.
            return (in_account, False)
        if principal.kind is PrincipalKind.ROLE:
            return (in_account, own, self._lists_a_session_of(principal))
        if principal.issuer_arn:
            return (in_account, self._lists_issuer(principal.issuer_arn) is Truth.YES, own)
        return (in_account, own)
