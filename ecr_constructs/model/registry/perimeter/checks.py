"""What a data perimeter cannot be made of.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...account.identifiers import check_account_id, check_organization_id
from ...deferred import ARN_PART, is_deferred
from ...findings import Finding

__all__ = ["check_perimeter"]

DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html"
_ENDPOINT = re.compile(r"vpce-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_ROLE = re.compile(rf"arn:(?:{ARN_PART}|\*):iam::(?P<account>{ARN_PART}|\*):role/.+")


def check_perimeter(
    *, organizations: object, accounts: object, vpc_endpoints: object, exempt_roles: object
) -> tuple[Finding, ...]:
    """What is wrong with the parts of a perimeter."""
    found = [
        *_each("organizations", organizations, check_organization_id),
        *_each("accounts", accounts, check_account_id),
        *_each("vpc_endpoints", vpc_endpoints, _check_endpoint),
        *_each("exempt_roles", exempt_roles, _check_role),
    ]
    if not organizations and not accounts and not vpc_endpoints:
        found.append(
            _finding(
                "perimeter-empty",
                "organizations",
                "names nobody, so the perimeter would deny nothing",
                (),
                "organizations, accounts or vpc_endpoints",
                "name your organization: organizations=['o-a1b2c3d4e5']",
            )
        )
    if exempt_roles and not vpc_endpoints:
        found.append(
            _finding(
                "perimeter-exempt-roles-unused",
                "exempt_roles",
                "are exempt from the network, and no vpc_endpoints are named",
                exempt_roles,
                "exempt_roles beside vpc_endpoints",
                "leave exempt_roles out",
            )
        )
    return tuple(found)


def _each(
    option: str, values: object, check: Callable[[object], tuple[Finding, ...]]
) -> Iterator[Finding]:
    if not isinstance(values, tuple):
        yield _finding(
            "perimeter-not-a-list",
            option,
            f"is a {type(values).__name__}, not a list",
            values,
            "a list",
            f"write {option}=[...]",
        )
        return
    for value in values:
        yield from check(value)


def _check_endpoint(endpoint: object) -> tuple[Finding, ...]:
    if isinstance(endpoint, str) and (is_deferred(endpoint) or _ENDPOINT.fullmatch(endpoint)):
        return ()
    return (
        _finding(
            "perimeter-endpoint-invalid",
            "vpc_endpoints",
            "has what is not the id of a VPC endpoint",
            endpoint,
            "'vpce-' and 8 or 17 characters of 0-9 and a-f",
            "take it from 'aws ec2 describe-vpc-endpoints', or from vpc_endpoint_id",
        ),
    )


def _check_role(role: object) -> tuple[Finding, ...]:
    if isinstance(role, str):
        parts = _ROLE.fullmatch(role)
        if (is_deferred(role) and parts is None) or (parts and parts["account"] != "*"):
            return ()
    return (
        _finding(
            "perimeter-exempt-role-invalid",
            "exempt_roles",
            "has what is not the ARN of roles of one account",
            role,
            "arn:aws:iam::ACCOUNT:role/NAME, in which the name may hold '*'",
            "name the account of the role",
        ),
    )


def _finding(
    code: str, option: str, message: str, given: object, allowed: str, fix: str
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
