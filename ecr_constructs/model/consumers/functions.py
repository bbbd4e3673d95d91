"""Lambda functions made of images.

Lambda itself pulls the image, when a function is made or updated and whenever it optimizes the
image again, so the repository policy must let Lambda in. In the account of the repository whoever
makes the function may add that statement by their own permissions; over accounts it must be there,
with one for the other account, whose principal makes the function.
https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..account.identifiers import AccountMatch, check_account_id, compare_accounts
from ..deferred import is_deferred
from ..errors import raise_dangers
from ..findings import Finding
from ..iam.actions import Access
from .home import Home
from .service_consumer import Party, ServiceConsumer, check_names

__all__ = ["LambdaFunctions", "is_let_in"]

DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"
_ROLE_OR_USER = re.compile(r"arn:[^:]+:iam::(?P<account>[^:]+):(?:role|user)/[\w+=,.@/-]+")


@dataclass(frozen=True, kw_only=True)
class LambdaFunctions(ServiceConsumer):
    """Lambda functions that are made of images, for ``repository.grant_pull``.

    A function stands in the Region of its repository: Lambda pulls from no other.

    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
    """

    service: ClassVar[str] = "lambda.amazonaws.com"
    pull_actions: ClassVar[tuple[str, ...]] = Access.PULL.actions
    docs: ClassVar[str] = DOCS

    names: Sequence[str] = ("*",)
    """The functions, with all their versions; ``*`` in a name stands for any run of characters.
    Default: every function of the account."""
    account: str | None = None
    """The account of the functions, 12 digits. Default: that of the repository."""
    made_by: Sequence[str] = ()
    """ARNs of the roles or users of another account that make and update the functions there (the
    execution role of CloudFormation, say). Default: whoever that account allows to."""

    def __post_init__(self) -> None:
        """Refuse what Lambda or IAM could not have.

        :raises InvalidInputError: for names, an account or ARNs that cannot exist.
        """
        raise_dangers(
            [
                *check_names(
                    "names",
                    self.names,
                    shape=r"[A-Za-z0-9_*-]{1,64}",
                    allowed="1 to 64 letters, digits, '-' and '_', with '*' for any run of them",
                    kind="Lambda function",
                    docs=DOCS,
                ),
                *(check_account_id(self.account) if self.account is not None else ()),
                *_check_makers(self.made_by, self.account),
            ]
        )

    def parties(self, repository: Home) -> tuple[Party, ...]:
        """Lambda for these functions, and their account where it is another one.

        :param repository: where the repository stands.
        """
        account = self.account or repository.account
        home = Home(partition=repository.partition, region=repository.region, account=account)
        # Lambda's page compares the ARN as text. A version's ARN has its number behind the name.
        arns = [
            home.arn("lambda", f"function:{name}{version}")
            for name in self.names
            for version in (("",) if name.endswith("*") else ("", ":*"))
        ]
        pulling = Party(
            principal={"Service": self.service},
            conditions={
                "StringLike": {"aws:SourceArn": arns[0] if len(arns) == 1 else arns},
            },
        )
        if compare_accounts(account, repository.account) is AccountMatch.SAME:
            return (pulling,)
        return (pulling, self._makers(home))

    def _makers(self, home: Home) -> Party:
        root = {"AWS": f"arn:{home.partition}:iam::{home.account}:root"}
        if not self.made_by:
            return Party(principal=root)
        makers = list(self.made_by)
        return Party(
            principal=root,
            conditions={
                "ArnEquals": {"aws:PrincipalArn": makers[0] if len(makers) == 1 else makers}
            },
        )


def is_let_in(sources: Sequence[str], *, account: str, name: str, whole: bool) -> bool:
    """Whether one of the source ARNs, with their wildcards, is for a function.

    :param whole: whether the name is known; else it is the beginning of a name that CloudFormation
        makes up, and a source counts that may be for such a name.
    """
    for source in sources:
        _, _, tail = source.partition(":lambda:")
        _, of_account, names = tail.partition(f":{account}:function:")
        if not of_account:
            continue
        if is_deferred(names) or (whole and is_deferred(name)):
            return True
        fixed, wildcard, _ = names.partition("*")
        if whole and re.fullmatch(re.escape(names).replace(r"\*", ".*"), name):
            return True
        if not whole and wildcard and (name.startswith(fixed) or fixed.startswith(name)):
            return True
    return False


def _check_makers(makers: object, account: str | None) -> tuple[Finding, ...]:
    if isinstance(makers, str) or not isinstance(makers, Sequence):
        return (_maker(makers, "is not a list of ARNs"),)
    if makers and account is None:
        return (
            _maker(list(makers), "says who makes functions of another account, and no account"),
        )
    return tuple(finding for maker in makers for finding in _check_maker(maker, account) if finding)


def _check_maker(maker: object, account: str | None) -> tuple[Finding, ...]:
    if isinstance(maker, str):
        if is_deferred(maker) and not maker.startswith("arn:"):
            return ()
        parts = _ROLE_OR_USER.fullmatch(re.sub(r"\$\{[^}]*\}", "x", maker))
        if parts and account is not None:
            foreign = compare_accounts(maker.split(":iam::")[-1].split(":")[0], account)
            if foreign is not AccountMatch.OTHER:
                return ()
            return (_maker(maker, f"is of another account than the functions ({account})"),)
    return (_maker(maker, "is not the ARN of a role or user"),)


def _maker(given: object, message: str) -> Finding:
    return Finding(
        code="consumer-maker-invalid",
        property="made_by",
        message=message,
        given=given,
        allowed="arn:PARTITION:iam::ACCOUNT:role/NAME of the account of the functions",
        fix="name the roles there that make and update the functions, and the account",
        docs=DOCS,
    )
