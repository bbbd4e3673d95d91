"""Amazon EMR Serverless: applications whose workers run in your images.

EMR Serverless itself pulls the image, when an application or a job starts, so the repository policy
must let it in. Whoever makes or updates the application needs the same actions on the repository:
in its account by their own permissions, over accounts by the repository policy as well.
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from ...account.identifiers import AccountMatch, check_account_id, compare_accounts
from ...deferred import is_deferred
from ...errors import raise_dangers
from ...findings import Finding
from ...iam.actions import DESCRIBING_PULL
from ..home import Home
from .makers import check_makers, makers_of
from .service_consumer import Party, ServiceConsumer

__all__ = ["EmrServerlessApplications"]

DOCS = (
    "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html"
)
_ID = re.compile(r"\*|[0-9a-z]{1,64}")


@dataclass(frozen=True, kw_only=True)
class EmrServerlessApplications(ServiceConsumer):
    """EMR Serverless applications with a custom image, for ``repository.grant_pull``.

    An application stands in the Region of its repository. AWS's page shows both in one account; it
    says nothing for or against an image of another account, for which this writes what IAM asks
    for: the service for applications of that account, and those who make them.

    https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
    """

    service: ClassVar[str] = "emr-serverless.amazonaws.com"
    pull_actions: ClassVar[tuple[str, ...]] = DESCRIBING_PULL
    docs: ClassVar[str] = DOCS

    application_ids: Sequence[str] = ("*",)
    """The applications by the ids that EMR Serverless gave them, ``00f1abcdexample``, or ``*``. An
    id is there once its application is made, which is after the repository. Default: every
    application of the account."""
    account: str | None = None
    """The account of the applications, 12 digits. Default: that of the repository."""
    made_by: Sequence[str] = ()
    """ARNs of the roles or users of another account that make and update the applications there
    (the execution role of CloudFormation, say). Default: whoever that account allows to."""

    def __post_init__(self) -> None:
        """Refuse what EMR Serverless or IAM could not have.

        :raises InvalidInputError: for ids, an account or ARNs that cannot exist, and for the id of
            an application that is yet to be made.
        """
        raise_dangers(
            [
                *_check_ids(self.application_ids),
                *(check_account_id(self.account) if self.account is not None else ()),
                *check_makers(self.made_by, self.account, kind="applications", docs=DOCS),
            ]
        )

    def parties(self, repository: Home) -> tuple[Party, ...]:
        """EMR Serverless for these applications, and their account where it is another one.

        :param repository: where the repository stands.
        """
        account = self.account or repository.account
        home = Home(partition=repository.partition, region=repository.region, account=account)
        arns = [home.arn("emr-serverless", f"/applications/{one}") for one in self.application_ids]
        pulling = Party(
            principal={"Service": self.service},
            # The page compares the ARN as text.
            conditions={"StringLike": {"aws:SourceArn": arns[0] if len(arns) == 1 else arns}},
        )
        if compare_accounts(account, repository.account) is AccountMatch.SAME:
            return (pulling,)
        return (pulling, makers_of(home, self.made_by))


def _check_ids(ids: object) -> Iterator[Finding]:
    """Wrong ids: https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_Application.html.

    One that CloudFormation fills in is of an application that is made in the same deployment. It
    waits for the repository of its image, whose policy would wait for it.
    """
    if isinstance(ids, str) or not isinstance(ids, Sequence) or not ids:
        yield _not_an_id(ids)
        return
    for one in ids:
        if isinstance(one, str) and is_deferred(one):
            yield Finding(
                code="consumer-application-not-made",
                property="application_ids",
                message="is known once the application is made, which waits for this repository",
                given=one,
                allowed="ids of applications that are there, or '*'",
                fix="leave application_ids out, and write the id once the application is made",
                docs=DOCS,
            )
        elif not (isinstance(one, str) and _ID.fullmatch(one)):
            yield _not_an_id(one)


def _not_an_id(given: object) -> Finding:
    return Finding(
        code="consumer-id-invalid",
        property="application_ids",
        message="is not the id of an EMR Serverless application",
        given=given,
        allowed="a list of ids: 1 to 64 lowercase letters and digits, or '*' for every application",
        fix="write application_ids=['00f1abcdexample'], say: the id alone, no name, no ARN",
        docs=DOCS,
    )
