"""Who asks: a principal as a request names it, and what its kind says about the request.

Pages of the IAM user guide: "AWS JSON policy elements: Principal", "IAM policy elements:
Variables and tags" (the table of principal key values), "AWS global condition context keys".
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ..values.arns import arn_fields
from ..values.context import ContextValue

__all__ = ["Principal", "PrincipalKind"]


class PrincipalKind(str, enum.Enum):
    """The kinds of principals that the evaluation treats apart."""

    USER = "user"
    ROLE = "role"
    """Some session of the role, its name not said."""
    SESSION = "session"
    """One named session of an assumed role."""
    FEDERATED_USER = "federated-user"
    """A session from ``sts:GetFederationToken``."""
    GROUP = "group"
    """Some user of the group that has nothing but the group's policies."""
    ACCOUNT = "account"
    """The root user: what the account as a whole may do."""
    ORGANIZATION = "organization"
    """Anybody in any account of an organization or organizational unit."""
    SERVICE = "service"
    FEDERATED = "federated"
    """An identity provider. It assumes roles and never calls ECR itself."""
    ANONYMOUS = "public"
    """Anybody at all."""


_WITH_IDENTITY = (
    PrincipalKind.USER,
    PrincipalKind.ROLE,
    PrincipalKind.SESSION,
    PrincipalKind.FEDERATED_USER,
    PrincipalKind.GROUP,
    PrincipalKind.ACCOUNT,
    PrincipalKind.ORGANIZATION,
)
_WITH_BOUNDARY = (
    PrincipalKind.USER,
    PrincipalKind.ROLE,
    PrincipalKind.SESSION,
    PrincipalKind.FEDERATED_USER,
)
_WITH_SESSION_POLICY = (PrincipalKind.ROLE, PrincipalKind.SESSION, PrincipalKind.FEDERATED_USER)
_OWN_ARN = (
    PrincipalKind.USER,
    PrincipalKind.ROLE,
    PrincipalKind.FEDERATED_USER,
    PrincipalKind.ACCOUNT,
)
_ACCOUNT_DIGITS = 12
_OF_IAM = {
    "user": PrincipalKind.USER,
    "role": PrincipalKind.ROLE,
    "group": PrincipalKind.GROUP,
    "saml-provider": PrincipalKind.FEDERATED,
    "oidc-provider": PrincipalKind.FEDERATED,
}
_PRINCIPAL_TYPES = {
    PrincipalKind.USER: "User",
    PrincipalKind.GROUP: "User",
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.SESSION: "AssumedRole",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
    PrincipalKind.ACCOUNT: "Account",
    PrincipalKind.ANONYMOUS: "Anonymous",
}


@dataclass(frozen=True, kw_only=True)
class Principal:
    """A principal; :meth:`parse` reads it from an ARN, a service name, an account or ``*``."""

    kind: PrincipalKind
    arn: str
    """Its ARN; the name of a service or identity provider; ``*`` for anybody."""
    account: str | None = None
    unique_id: str | None = None
    """``AIDA...`` of a user, ``AROA...`` of a role, where it is known."""
    issuer_arn: str | None = None
    """The role behind a session, or the user behind a federated user.

    A session's ARN has the role's name without its path: give the role's ARN when it has one.
    """

    @classmethod
    def parse(cls, text: str) -> Principal | None:
        """The principal that a text names; None where it names none."""
        if text == "*":
            return cls(kind=PrincipalKind.ANONYMOUS, arn=text)
        if text.isascii() and text.isdigit() and len(text) == _ACCOUNT_DIGITS:
            return cls(kind=PrincipalKind.ACCOUNT, arn=f"arn:aws:iam::{text}:root", account=text)
        if not text.startswith("arn:"):
            # "usually in the following format: service-name.amazonaws.com".
            name, domain, rest = text.partition(".amazonaws.com")
            if name and domain and rest in ("", ".cn"):
                return cls(kind=PrincipalKind.SERVICE, arn=text)
            return cls(kind=PrincipalKind.FEDERATED, arn=text) if "." in text else None
        return cls._of_arn(text)

    @classmethod
    def of(cls, text: str) -> Principal:
        """The principal that a text names.

        :raises ValueError: where it names none.
        """
        principal = cls.parse(text)
        if principal is None:
            raise ValueError(f"{text!r} names no principal")
        return principal

    @classmethod
    def _of_arn(cls, text: str) -> Principal | None:
        fields = arn_fields(text)
        if fields is None:
            return None
        _, _, service, _, account, resource = fields
        kind_name, _, name = resource.partition("/")
        if service == "organizations" and kind_name in ("organization", "ou") and name:
            return cls(kind=PrincipalKind.ORGANIZATION, arn=text)
        if account and service == "iam":
            kind = PrincipalKind.ACCOUNT if resource == "root" else _OF_IAM.get(kind_name)
            named = bool(name) or kind is PrincipalKind.ACCOUNT
            return cls(kind=kind, arn=text, account=account) if kind and named else None
        if account and service == "sts":
            return cls._of_session(text, fields[1], account, resource)
        return None

    @classmethod
    def _of_session(
        cls, text: str, partition: str, account: str, resource: str
    ) -> Principal | None:
        kind_name, _, name = resource.partition("/")
        issuer, _, session = name.partition("/")
        home = f"arn:{partition}:iam::{account}"
        if kind_name == "federated-user" and name:
            kind, issuer_arn = PrincipalKind.FEDERATED_USER, f"{home}:user/{name}"
        elif kind_name == "assumed-role" and issuer and session:
            kind, issuer_arn = PrincipalKind.SESSION, f"{home}:role/{issuer}"
        else:
            return None
        return cls(kind=kind, arn=text, account=account, issuer_arn=issuer_arn)

    @property
    def has_identity(self) -> bool:
        """Whether identity-based policies decide about it (somewhere, perhaps elsewhere)."""
        return self.kind in _WITH_IDENTITY

    @property
    def takes_policies(self) -> bool:
        """Whether identity-based policies can be attached to it, which they cannot to a root."""
        return self.has_identity and not self.is_root

    @property
    def takes_boundary(self) -> bool:
        """Whether a boundary can limit it: that of a user or role, or of who began the session.

        "AWS supports permissions boundaries for IAM entities (users or roles)".
        """
        return self.kind in _WITH_BOUNDARY

    @property
    def takes_session_policy(self) -> bool:
        """Whether it makes its requests in a session.

        "If the principal is not a session principal, the enforcement code returns a final decision
        of Allow" before it comes to session policies.
        """
        return self.kind in _WITH_SESSION_POLICY

    @property
    def is_root(self) -> bool:
        """The root user, who "has full access" in the account (policy evaluation logic)."""
        return self.kind is PrincipalKind.ACCOUNT

    @property
    def service_linked(self) -> bool:
        """A service-linked role: neither SCPs nor RCPs restrict it (Organizations user guide)."""
        return ":role/aws-service-role/" in (self.issuer_arn or self.arn)

    @property
    def under_scps(self) -> bool:
        """Whether SCPs reach it: users, roles and the root user of a member account."""
        return self.has_identity and not self.service_linked

    @property
    def name(self) -> str:
        """The friendly name: what follows the last slash."""
        return self.arn.rpartition("/")[2]

    def known(self) -> dict[str, ContextValue]:
        """The context keys that follow from the principal."""
        known: dict[str, ContextValue] = {}
        principal_type = _PRINCIPAL_TYPES.get(self.kind)
        if principal_type:
            known["aws:PrincipalType"] = principal_type
        if self.account:
            known["aws:PrincipalAccount"] = self.account
        if self.kind in _OWN_ARN:
            known["aws:PrincipalArn"] = self.arn
        elif self.kind is PrincipalKind.SESSION and self.issuer_arn:
            # "the role session principal is granted the permissions based on the ARN of role
            # that was assumed, and not the ARN of the resulting session" (aws:PrincipalArn).
            known["aws:PrincipalArn"] = self.issuer_arn
        if self.kind is PrincipalKind.USER:
            known["aws:username"] = self.name
        known.update(self._known_of_others())
        if self.kind not in (PrincipalKind.ANONYMOUS, PrincipalKind.FEDERATED):
            known["aws:PrincipalIsAWSService"] = self.kind is PrincipalKind.SERVICE
        user_id = self._user_id()
        if user_id:
            known["aws:userid"] = user_id
        return known

    def _known_of_others(self) -> dict[str, ContextValue]:
        """What is known of a principal that is in no account."""
        if self.kind is PrincipalKind.ORGANIZATION:
            return {"aws:PrincipalOrgID": self.arn.split("/")[1]}
        if self.kind is PrincipalKind.SERVICE:
            return {"aws:PrincipalServiceName": self.arn}
        if self.kind is PrincipalKind.ANONYMOUS:
            return {"aws:PrincipalAccount": "anonymous"}
        return {}

    def _user_id(self) -> str | None:
        if self.kind is PrincipalKind.USER:
            return self.unique_id
        if self.kind is PrincipalKind.ACCOUNT:
            return self.account
        if self.kind is PrincipalKind.ANONYMOUS:
            return "anonymous"
        if self.kind is PrincipalKind.FEDERATED_USER:
            return f"{self.account}:{self.name}"
        if self.kind is PrincipalKind.SESSION and self.unique_id:
            return f"{self.unique_id}:{self.name}"
        return None

    def lacking(self) -> tuple[str, ...]:
        """The context keys that a request of this kind of principal never has."""
        lacking: list[str] = []
        if self.kind not in (PrincipalKind.USER, PrincipalKind.GROUP, PrincipalKind.ORGANIZATION):
            lacking.append("aws:username")
        if self.kind is not PrincipalKind.SERVICE:
            lacking += ["aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"]
        if self.kind is PrincipalKind.ANONYMOUS:
            lacking += [
                "aws:PrincipalArn",
                "aws:PrincipalIsAWSService",
                "aws:PrincipalOrgID",
                "aws:PrincipalOrgPaths",
            ]
        return tuple(lacking)
