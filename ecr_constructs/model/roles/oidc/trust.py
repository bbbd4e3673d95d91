"""Whose token a role is given for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, Protocol

from ...findings import Finding
from ...iam.statement import Conditions
from ...repository.options import check_repository_list

__all__ = ["TokenTrust", "Tokens", "check_repositories"]

TRUST_DOCS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"
)


@dataclass(frozen=True, kw_only=True)
class TokenTrust:
    """The issuer, audience and subject that a token must have."""

    issuer: str
    """Host and path, as IAM writes it in ARNs and condition keys: ``https://`` left out."""
    audience: str
    subject: str
    is_pattern: bool = False
    """Whether ``*`` and ``?`` in the subject stand for other characters."""

    @property
    def conditions(self) -> Conditions:
        """The conditions of the trust policy: both claims, each in full."""
        audience = {f"{self.issuer}:aud": self.audience}
        subject = {f"{self.issuer}:sub": self.subject}
        if self.is_pattern:
            return {"StringEquals": audience, "StringLike": subject}
        return {"StringEquals": {**audience, **subject}}


class Tokens(Protocol):
    """What a user says of the tokens that a role is for, in the words of one CI system."""

    @abstractmethod
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with it."""

    @property
    @abstractmethod
    def trust(self) -> TokenTrust:
        """What IAM is told."""


def check_repositories(repositories: object, *, verb: str = "push to") -> tuple[Finding, ...]:
    """Whether a role has something to push to, or to pull from."""
    if isinstance(repositories, (list, tuple)) and repositories:
        return check_repository_list("repositories", repositories)
    return (
        Finding(
            code="push-role-repositories-missing",
            property="repositories",
            message=f"names no repository to {verb}",
            given=repositories,
            allowed="a list of repositories",
            fix="write repositories=[api], say",
            docs=TRUST_DOCS,
        ),
    )
