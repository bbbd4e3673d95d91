"""The accounts of the tests, and what principals there hold of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from embedded_aws import EmbeddedAws
from embedded_aws.account import AUTHORIZATION_TOKEN, Account, Statement

from .callers import Principal

REGION = "eu-west-1"
OWNER = "111111111111"
ORGANIZATION = "o-a1b2c3d4e5"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/"
EVERYTHING: Statement = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}


@dataclass(frozen=True)
class Outside:
    """An account that is not the owner's, and where it stands."""

    account: str
    organization: str
    path: str


IN_UNIT = Outside("222222222222", ORGANIZATION, UNIT)
BELOW_UNIT = Outside("333333333333", ORGANIZATION, f"{UNIT}ou-ab12-22222222/")
BESIDE_UNIT = Outside("444444444444", ORGANIZATION, f"{ORGANIZATION}/r-ab12/ou-ab12-33333333/")
STRANGER = Outside("555555555555", "o-z9y8x7w6v5", "o-z9y8x7w6v5/r-ab12/ou-ab12-11111111/")
OUTSIDE = (IN_UNIT, BELOW_UNIT, BESIDE_UNIT, STRANGER)
OTHER = IN_UNIT.account


@dataclass(frozen=True)
class Outsiders:
    """An outside account's root, a role that may do all of ECR at home, and one that may log in."""

    root: Principal
    everything: Principal
    """A role whose own half of any grant is there."""
    login: Principal
    """A role whose own half of any grant is missing, but for the login."""

    @classmethod
    def of(cls, account: Account) -> Outsiders:
        """Make the roles."""
        return cls(
            root=Principal.of(account, "root", account.root),
            everything=Principal.of(
                account, "role everything", account.role("everything", [EVERYTHING])
            ),
            login=Principal.of(account, "role login", account.role("login", [AUTHORIZATION_TOKEN])),
        )


@dataclass(frozen=True)
class World:
    """The accounts, each at its place in its organization."""

    aws: EmbeddedAws
    owner: Account
    outsiders: Mapping[Outside, Outsiders]

    @classmethod
    def of(cls, aws: EmbeddedAws) -> World:
        """Put the accounts where they belong."""
        for outside in OUTSIDE:
            aws.set_organization(outside.account, outside.organization, (outside.path,))
        outsiders = {
            outside: Outsiders.of(Account(aws, outside.account, REGION)) for outside in OUTSIDE
        }
        return cls(aws, Account(aws, OWNER, REGION), outsiders)

    @property
    def other(self) -> Account:
        """The account of the principals that have names."""
        return Account(self.aws, OTHER, REGION)
