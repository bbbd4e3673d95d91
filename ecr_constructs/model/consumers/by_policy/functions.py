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

from ...account.identifiers import AccountMatch, check_account_id, compare_accounts
from ...deferred import is_deferred
from ...errors import raise_dangers
from ...iam.actions import Access
from ..home import Home
from .makers import check_makers, makers_of
from .service_consumer import Party, ServiceConsumer, check_names

__all__ = ["LambdaFunctions", "is_let_in"]

DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"


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
                *check_makers(self.made_by, self.account, kind="functions", docs=DOCS),
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
        return (pulling, makers_of(home, self.made_by))


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
