"""Whoever makes what a service pulls for: over accounts the repository policy lets them in, too.

Such a service checks the image with the permissions of the caller as well as with its own, and a
call over accounts needs both accounts' word:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...account.identifiers import AccountMatch, compare_accounts
from ...deferred import is_deferred
from ...findings import Finding
from ..home import Home
from .service_consumer import Party

__all__ = ["check_makers", "makers_of"]

_ROLE_OR_USER = re.compile(r"arn:[^:]+:iam::(?P<account>[^:]+):(?:role|user)/[\w+=,.@/-]+")


def makers_of(home: Home, made_by: Sequence[str]) -> Party:
    """These roles and users of another account; without any, whoever that account allows to."""
    root = {"AWS": f"arn:{home.partition}:iam::{home.account}:root"}
    if not made_by:
        return Party(principal=root)
    makers = list(made_by)
    return Party(
        principal=root,
        conditions={"ArnEquals": {"aws:PrincipalArn": makers[0] if len(makers) == 1 else makers}},
    )


def check_makers(
    makers: object, account: str | None, *, kind: str, docs: str
) -> tuple[Finding, ...]:
    """What is wrong with the ARNs of those who make resources of a kind (``functions``)."""

    def finding(given: object, message: str) -> Finding:
        return Finding(
            code="consumer-maker-invalid",
            property="made_by",
            message=message,
            given=given,
            allowed=f"arn:PARTITION:iam::ACCOUNT:role/NAME of the account of the {kind}",
            fix=f"name the roles there that make and update the {kind}, and the account",
            docs=docs,
        )

    if isinstance(makers, str) or not isinstance(makers, Sequence):
        return (finding(makers, "is not a list of ARNs"),)
    if makers and account is None:
        message = f"says who makes {kind} of another account, and no account"
        return (finding(list(makers), message),)
    wrong = ((maker, _wrong_with(maker, account, kind)) for maker in makers)
    return tuple(finding(maker, message) for maker, message in wrong if message)


def _wrong_with(maker: object, account: str | None, kind: str) -> str | None:
    if isinstance(maker, str):
        if is_deferred(maker) and not maker.startswith("arn:"):
            return None
        parts = _ROLE_OR_USER.fullmatch(re.sub(r"\$\{[^}]*\}", "x", maker))
        if parts and account is not None:
            foreign = compare_accounts(maker.split(":iam::")[-1].split(":")[0], account)
            if foreign is not AccountMatch.OTHER:
                return None
            return f"is of another account than the {kind} ({account})"
    return "is not the ARN of a role or user"
