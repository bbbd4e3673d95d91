"""The role with which ECR makes repositories by a template, where it needs one.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...account.identifiers import AccountMatch, compare_accounts
from ...deferred import ARN_PART, is_deferred
from ...encryption_key import USE
from ...findings import Finding
from ...iam.statement import Conditions, Statement
from ...repository.encryption import Encryption
from .uses import AppliedFor

__all__ = [
    "ECR",
    "check_creation_role",
    "creation_statements",
    "creation_trust",
    "key_statement",
    "needs_creation_role",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html"
ECR: Final = "ecr.amazonaws.com"
_ROLE = re.compile(rf"arn:{ARN_PART}:iam::(?P<account>{ARN_PART}):role/.+")


def needs_creation_role(*, encryption: str | None, has_tags: bool) -> bool:
    """Whether a template without a role would make no repository.

    "This role must be provided when using repository tags and/or KMS in the template, otherwise
    the repository creation will fail."
    """
    return has_tags or (encryption or "").startswith(Encryption.KMS.value or "")


def creation_trust(account: str) -> Conditions:
    """The trust of ECR for this account, where ECR says for whom it acts.

    AWS's page has no condition, so the condition holds for a request that names no account. A
    template takes a role of its own account only.
    """
    return {"StringEqualsIfExists": {"aws:SourceAccount": account}}


def creation_statements(
    uses: Sequence[AppliedFor], *, resource: str, has_tags: bool
) -> tuple[Statement, ...]:
    """What ECR does with the role under the prefix, out of what AWS's page allows everywhere."""
    actions = ["ecr:CreateRepository"]
    if AppliedFor.REPLICATION in uses:
        actions.append("ecr:ReplicateImage")
    if has_tags:
        actions.append("ecr:TagResource")
    return (Statement(actions=tuple(actions), resources=(resource,)),)


def key_statement(*, key_arn: str | None, partition: str, region: str, account: str) -> Statement:
    """The key of the repositories, used by ECR alone; None: the one that AWS manages for it."""
    via = f"ecr.{region}.amazonaws.com"
    if key_arn is not None:
        return Statement(
            actions=USE,
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": via}},
        )
    return Statement(
        actions=USE,
        resources=(f"arn:{partition}:kms:{region}:{account}:key/*",),
        conditions={
            "StringEquals": {"kms:ViaService": via},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/aws/ecr"},
        },
    )


def check_creation_role(arn: str, *, account: str | None) -> tuple[Finding, ...]:
    """What ECR refuses about a role that is given."""
    parts = _ROLE.fullmatch(arn)
    if parts is None:
        if is_deferred(arn):
            return ()
        message, fix = "has an ARN that is not a role's", "take it by iam.Role.from_role_arn"
    elif compare_accounts(parts["account"], account) is AccountMatch.OTHER:
        message = "is a role of another account"
        fix = "leave role out: then one is made where it is needed"
    else:
        return ()
    return (
        Finding(
            code="creation-template-role-invalid",
            property="role",
            message=message,
            given=arn,
            allowed="a role of the account of the registry",
            fix=fix,
            docs=DOCS,
        ),
    )
