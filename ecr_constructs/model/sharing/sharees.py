"""Whom a repository is shared with, and the two halves of it.

The repository's policy opens the door to an account or an organization; the identity policies over
there decide who goes through. Both must allow.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..account.identifiers import (
    AccountMatch,
    check_account_id,
    check_organization_id,
    check_organizational_unit_path,
    compare_accounts,
)
from ..findings import Finding
from ..iam.actions import GET_AUTHORIZATION_TOKEN, Access, Wanted
from ..iam.statement import Statement
from ..repository.options import check_listed

__all__ = [
    "Sharees",
    "identity_policy_text",
    "identity_statements",
    "not_literal",
]

SHARING_DOCS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
    "repository-policy-examples.html#IAM_allow_other_accounts"
)


@dataclass(frozen=True, kw_only=True)
class Sharees:
    """Accounts, organizations and organizational units."""

    accounts: Sequence[str] = ()
    organizations: Sequence[str] = ()
    organizational_units: Sequence[str] = ()

    def findings(self) -> tuple[Finding, ...]:
        """What is no account, organization or unit, and whether there is anybody at all."""
        given = {
            "accounts": self.accounts,
            "organizations": self.organizations,
            "organizational_units": self.organizational_units,
        }
        unlisted = tuple(
            finding for name, values in given.items() for finding in check_listed(name, values)
        )
        if unlisted:
            return unlisted
        if not any(given.values()):
            return (_nobody(),)
        return (
            *(found for value in self.accounts for found in _account(value)),
            *(found for value in self.organizations for found in check_organization_id(value)),
            *(
                found
                for value in self.organizational_units
                for found in check_organizational_unit_path(value)
            ),
        )

    def statements(self, access: Access, *, partition: str) -> tuple[Statement, ...]:
        """The statements of the repository's policy, one for each sharee."""
        return (
            *(
                Statement(
                    actions=access.actions,
                    principal={"AWS": f"arn:{partition}:iam::{account}:root"},
                )
                for account in self.accounts
            ),
            *(
                Statement(
                    actions=access.actions,
                    principal={"*": "*"},
                    conditions={"StringEquals": {"aws:PrincipalOrgID": organization}},
                )
                for organization in self.organizations
            ),
            *(
                Statement(
                    actions=access.actions,
                    principal={"*": "*"},
                    conditions={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [path]}},
                )
                for path in self.organizational_units
            ),
        )

    def check_home_of_policy(self, account: str | None, *, owner: str) -> tuple[Finding, ...]:
        """Whether an identity policy in this account could use what is shared.

        :param account: the account of the policy; None where it is filled in at deployment.
        :param owner: the account of the repositories.
        """
        if account is None or account == owner:
            return (
                _home_finding(
                    "is in the account of the repositories, or in none that is known",
                    account,
                    "a stack of an account that the share names, with env=",
                    "grant to the role itself: api.grant_pull(role)",
                ),
            )
        elsewhere = not self.organizations and not self.organizational_units
        # An account that is filled in at deployment may be this one.
        if elsewhere and all(
            compare_accounts(account, one) is AccountMatch.OTHER for one in self.accounts
        ):
            return (
                _home_finding(
                    "is in an account that the repositories are not shared with",
                    account,
                    ", ".join(self.accounts),
                    f"add {account!r} to accounts",
                ),
            )
        return ()


def identity_statements(access: Access | Wanted, arns: Sequence[str]) -> tuple[Statement, ...]:
    """The other side's half: what an identity policy there must allow."""
    own = Statement(actions=access.actions, resources=tuple(arns))
    token = Statement(actions=(GET_AUTHORIZATION_TOKEN,), resources=("*",))
    return (own, token) if access.needs_token else (own,)


def identity_policy_text(access: Access, arns: Sequence[str]) -> str:
    """The other side's half as a policy document, ready to be attached over there."""
    statements = [statement.to_json() for statement in identity_statements(access, arns)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def not_literal(repository: str) -> Finding:
    """A repository that another account's stack cannot name."""
    return Finding(
        code="sharing-repository-unnamed",
        property="repositories",
        message=f"has {repository}, whose ARN is known only where it is deployed",
        given=repository,
        allowed="repositories with a repository_name, in a stack with an account and a Region",
        fix="give it a repository_name, and its stack an env",
        docs=SHARING_DOCS,
    )


def _account(value: object) -> tuple[Finding, ...]:
    return check_account_id(value, option="accounts")


def _nobody() -> Finding:
    return Finding(
        code="sharing-nobody",
        property="accounts",
        message="names nobody to share with",
        given=None,
        allowed="accounts, organizations or organizational_units",
        fix="write accounts=['222222222222'], say",
        docs=SHARING_DOCS,
    )


def _home_finding(message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code="sharing-policy-elsewhere",
        property="scope",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=SHARING_DOCS,
    )
