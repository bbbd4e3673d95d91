"""Who gets which half of a grant.

Within an account an identity policy is enough. Over accounts both sides must allow: the caller's
identity policy and the repository's own policy.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence

from ..findings import Finding, Severity
from .statement import Statement

__all__ = [
    "IdentityKind",
    "cross_account_statement",
    "group_over_accounts",
    "identity_not_writable",
    "identity_side_left",
    "repository_not_writable",
    "repository_side_missing",
    "role_name_missing",
    "service_statement_missing",
    "token_missing",
]

DOCS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
    "reference_policies_evaluation-logic-cross-account.html"
)
_NAMED = "a role, user or group of this account, or a role or user of another one"


class IdentityKind(str, enum.Enum):
    """Who can have an identity policy."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"


def cross_account_statement(
    actions: tuple[str, ...], *, partition: str, account: str, principal_arn: str
) -> Statement:
    """The repository's half for one role or user of another account.

    It trusts the account's root and then asks for the one ARN, so that the role need not exist
    when the repository policy is written (ECR refuses a policy whose principal does not exist),
    and so that nobody else of that account gets in.
    """
    return Statement(
        actions=actions,
        principal={"AWS": f"arn:{partition}:iam::{account}:root"},
        conditions={"ArnEquals": {"aws:PrincipalArn": principal_arn}},
    )


def group_over_accounts(group: str) -> Finding:
    """A group is no principal, so a repository of another account cannot name it."""
    return _finding(
        "grant-group-over-accounts",
        "is a group, and the repository is of another account, whose policy cannot name a group",
        group,
        "a role or user of that account",
        "let the members assume a role, and grant to the role",
    )


def role_name_missing(principal: str) -> Finding:
    """A role or user of another account whose name CloudFormation will make up."""
    return _finding(
        "grant-principal-unnamed",
        "is of another account and has no name that the repository policy could say",
        principal,
        "a role or user with a physical name",
        "give it a role_name (or user_name), or grant to the account: "
        "iam.AccountPrincipal(account)",
    )


def repository_side_missing(statement: object, *, reason: str) -> Finding:
    """The identity policy is written, the repository's half must come from elsewhere."""
    return _finding(
        "grant-repository-side-missing",
        f"takes effect only once the repository's own policy has its half ({reason})",
        _asked(statement),
        "both halves of a grant over accounts",
        f"add this statement to the repository policy: {_text(statement)}",
        severity=Severity.WARNING,
    )


def repository_not_writable(statement: object) -> Finding:
    """Nothing of the grant can be written: the repository is not of this app."""
    return _finding(
        "grant-repository-not-writable",
        "needs the policy of a repository that this app does not own",
        _asked(statement),
        _NAMED,
        "add this statement to the policy of the repository where it is defined: "
        + _text(statement),
    )


def service_statement_missing(statement: object) -> Finding:
    """A service reads the policy of a repository that this app does not own."""
    return _finding(
        "grant-service-statement-missing",
        "needs a statement in the policy of a repository that this app does not own",
        _asked(statement),
        "a repository whose policy has the statement already",
        f"make sure that the repository policy has this statement: {_text(statement)}",
        severity=Severity.WARNING,
    )


def identity_not_writable(principal: str, statement: object) -> Finding:
    """An imported identity without updates: the statement has no place to go."""
    return _finding(
        "grant-identity-not-writable",
        f"{principal} has no policy that this app may write to",
        _asked(statement),
        "an identity of this app, or an imported one with mutable=True",
        f"add this statement to its policy where it is defined: {_text(statement)}",
        severity=Severity.WARNING,
    )


def identity_side_left(statements: Sequence[object]) -> Finding:
    """Another account decides itself which of its principals use what the repository allows."""
    return _finding(
        "grant-identity-side-left",
        "lets accounts in whose own identity policies must allow it as well",
        _asked(statements[0]),
        "both halves of a grant over accounts",
        f"attach these statements to roles over there: {_text(statements)}",
        severity=Severity.NOTE,
    )


def token_missing(principal: str, statement: object) -> Finding:
    """The repository's half is written, but logging in is never a repository's to give."""
    return _finding(
        "grant-token-missing",
        f"{principal} can log in to the registry only by an identity policy of its own",
        _asked(statement),
        "an identity policy with ecr:GetAuthorizationToken",
        f"add this statement to its policy where it is defined: {_text(statement)}",
        severity=Severity.WARNING,
    )


def _asked(statement: object) -> object:
    """The actions alone: the whole statement stands in the fix."""
    if isinstance(statement, Statement):
        return list(statement.actions)
    return statement.get("Action") if isinstance(statement, dict) else statement


def _text(statement: object) -> str:
    return (
        str(statement) if isinstance(statement, Statement) else json.dumps(statement, default=str)
    )


def _finding(
    code: str,
    message: str,
    given: object,
    allowed: str,
    fix: str,
    *,
    severity: Severity = Severity.DANGER,
) -> Finding:
    return Finding(
        code=code,
        property="grantee",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
        severity=severity,
    )
