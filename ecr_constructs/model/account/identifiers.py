"""Identifiers of accounts, organizations and organizational units.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
"""

from __future__ import annotations

import enum
import re

from ..deferred import is_deferred
from ..findings import Finding

__all__ = [
    "AccountMatch",
    "check_account_id",
    "check_organization_id",
    "check_organizational_unit_path",
    "compare_accounts",
]

ACCOUNT_DOCS = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html"
ORGANIZATION_DOCS = (
    "https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html"
)
PATH_DOCS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
    "access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path"
)
_ACCOUNT = re.compile(r"[0-9]{12}")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_UNIT_PATH = re.compile(
    r"o-[a-z0-9]{10,32}/r-[0-9a-z]{4,32}/(?:ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}/)+(?:\*|ou-\*)?"
)


class AccountMatch(enum.Enum):
    """Whether two accounts are one, as far as a synthesis can tell."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def compare_accounts(one: str | None, another: str | None) -> AccountMatch:
    """Compare two account ids; two that are both filled in at deployment count as the same.

    CDK itself takes all environment-agnostic stacks of an app for one environment.
    """
    one_open = one is None or is_deferred(one)
    another_open = another is None or is_deferred(another)
    if one_open and another_open:
        return AccountMatch.SAME
    if one_open or another_open:
        return AccountMatch.UNKNOWN
    return AccountMatch.SAME if one == another else AccountMatch.OTHER


def check_account_id(account: object, *, option: str = "account") -> tuple[Finding, ...]:
    """What is wrong with an account id."""
    if isinstance(account, str) and (is_deferred(account) or _ACCOUNT.fullmatch(account)):
        return ()
    fix = "give the twelve digits of the account"
    if isinstance(account, int) and not isinstance(account, bool) and 0 <= account < 10**12:
        fix = f"give it as a string: '{account:012d}'"
    elif isinstance(account, str) and re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}", account):
        fix = f"use {account.replace('-', '')!r}"
    return (
        Finding(
            code="account-id-invalid",
            property=option,
            message="is not an account id",
            given=account,
            allowed="a string of 12 digits",
            fix=fix,
            docs=ACCOUNT_DOCS,
        ),
    )


def check_organization_id(organization: object) -> tuple[Finding, ...]:
    """What is wrong with an organization id."""
    if isinstance(organization, str) and (
        is_deferred(organization) or _ORGANIZATION.fullmatch(organization)
    ):
        return ()
    return (
        Finding(
            code="organization-id-invalid",
            property="organization",
            message="is not an organization id",
            given=organization,
            allowed="'o-' and 10 to 32 letters a-z and digits",
            fix="take it from 'aws organizations describe-organization'",
            docs=ORGANIZATION_DOCS,
        ),
    )


def check_organizational_unit_path(path: object) -> tuple[Finding, ...]:
    """What is wrong with the path of an organizational unit (see ``aws:PrincipalOrgPaths``)."""
    if isinstance(path, str) and (is_deferred(path) or _UNIT_PATH.fullmatch(path)):
        return ()
    return (
        Finding(
            code="organizational-unit-path-invalid",
            property="path",
            message="is not the path of an organizational unit",
            given=path,
            allowed=(
                "'o-ORGANIZATION/r-ROOT/ou-ROOT-UNIT/' for the accounts of the unit itself, with "
                "'*' behind it for those of the units below as well, or 'ou-*' for those alone"
            ),
            fix=(
                "write the whole path from the organization down, "
                "'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*', say"
            ),
            docs=PATH_DOCS,
        ),
    )
