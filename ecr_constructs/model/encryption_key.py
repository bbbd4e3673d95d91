"""A KMS key for images: who administers it, and what ECR may do with it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
"""

from __future__ import annotations

import re
from typing import Final

from .deferred import is_deferred
from .findings import Finding, Severity
from .iam.statement import Conditions, Statement
from .repository.removal import is_kept

__all__ = [
    "ADMINISTRATION",
    "USE",
    "administration_statement",
    "check_alias",
    "check_key_enabled",
    "check_key_kept",
    "check_key_removed",
    "check_pending_window",
    "check_rotation_period",
    "use_statement",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"
KMS_DOCS = "https://docs.aws.amazon.com/kms/latest/APIReference/"
STATE_DOCS = "https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html"
KEY_DELETION_DOCS = "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"

ADMINISTRATION: Final = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""What the account may do with the key: everything but use it or let somebody use it."""
USE: Final = ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant")
"""What whoever makes a repository must be allowed through ECR.

ECR then reads and writes by the two grants that it makes itself, so nobody needs Encrypt, Decrypt
or GenerateDataKey, neither pusher nor puller.
"""
_ALIAS = re.compile(r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}")


def administration_statement(*, partition: str, account: str) -> Statement:
    """The account administers the key, by its own identity policies."""
    return Statement(
        actions=ADMINISTRATION,
        resources=("*",),
        principal={"AWS": f"arn:{partition}:iam::{account}:root"},
    )


def use_statement(*, partition: str, account: str, region: str) -> Statement:
    """Who makes repositories in this account and Region may let ECR use the key."""
    conditions: Conditions = {
        "StringEquals": {
            "kms:CallerAccount": account,
            "kms:ViaService": f"ecr.{region}.amazonaws.com",
        }
    }
    return Statement(
        actions=USE,
        resources=("*",),
        principal={"AWS": f"arn:{partition}:iam::{account}:root"},
        conditions=conditions,
    )


def check_alias(alias: object) -> tuple[Finding, ...]:
    """What KMS refuses about the alias of a key."""
    if isinstance(alias, str) and (is_deferred(alias) or _ALIAS.fullmatch(alias)):
        return ()
    fix = "choose an alias of that form"
    if isinstance(alias, str) and re.fullmatch(r"[A-Za-z0-9/_-]{1,250}", alias):
        fix = _nearest_alias(alias) or fix
    return (
        Finding(
            code="image-key-alias-invalid",
            property="alias",
            message="is not an alias",
            given=alias,
            allowed="'alias/' and 1 to 250 letters, digits, '/', '_' and '-', not 'alias/aws/...'",
            fix=fix,
            docs=KMS_DOCS + "API_CreateAlias.html",
        ),
    )


def _nearest_alias(alias: str) -> str | None:
    name = re.sub(r"^(?:alias/|aws/)+", "", alias)
    return f"use 'alias/{name}'" if _ALIAS.fullmatch(f"alias/{name}") else None


def check_rotation_period(days: object) -> tuple[Finding, ...]:
    """What KMS refuses about the days between two rotations."""
    return _check_days("rotation_period_days", days, 90, 2560, "API_EnableKeyRotation.html")


def check_pending_window(days: object) -> tuple[Finding, ...]:
    """What KMS refuses about the days between the order to delete a key and its deletion."""
    return _check_days("pending_window_days", days, 7, 30, "API_ScheduleKeyDeletion.html")


def check_key_enabled(enabled: object, *, encrypts: str) -> tuple[Finding, ...]:
    """Whether the key of some repositories can be used; it can where nobody says anything.

    :param encrypts: the repositories, for the message.
    """
    if enabled is not False and enabled != "false":
        return ()
    return (
        Finding(
            code="key-disabled",
            property="Enabled",
            message=f"disables the key of {encrypts}: no image there can be pushed or pulled",
            given=enabled,
            allowed="true",
            fix="write true, or leave it out",
            docs=STATE_DOCS,
        ),
    )


def check_key_kept(deletion: object, *, encrypts: str) -> tuple[Finding, ...]:
    """Whether the key of some repositories stays where its stack goes.

    :param deletion: the ``DeletionPolicy``; None is CloudFormation's default, ``Delete``.
    :param encrypts: the repositories, for the message.
    """
    if is_kept(deletion) is not False:
        return ()
    return (
        Finding(
            code="key-not-retained",
            property="DeletionPolicy",
            message=f"deletes the key of {encrypts} with its stack: every image there is lost",
            given=deletion,
            allowed="Retain or RetainExceptOnCreate",
            fix="write Retain, for DeletionPolicy and for UpdateReplacePolicy",
            docs=KEY_DELETION_DOCS,
        ),
    )


def check_key_removed(deletion: object, *, encrypts: str) -> tuple[Finding, ...]:
    """What becomes of the images under a key that leaves its template.

    :param deletion: the ``DeletionPolicy`` that was deployed; None is the default, ``Delete``.
    :param encrypts: the repositories, for the message.
    """
    kept = is_kept(deletion)
    message = f"is the key of {encrypts} and leaves the template: "
    if kept:
        message += "it stays in the account, and no stack manages it"
    elif kept is None:
        message += "it may be deleted, and every image there with it"
    else:
        message += (
            "its deletion is scheduled, nobody pulls or pushes an image there from then on, and "
            "all are lost when it is gone"
        )
    return (
        Finding(
            code="key-removed",
            property="DeletionPolicy",
            message=message,
            given=deletion,
            allowed="a key that stays as long as the images under it",
            fix="keep the key in the template; where it was deleted, cancel the deletion in time",
            docs=KEY_DELETION_DOCS,
            severity=Severity.DANGER if kept is False else Severity.WARNING,
        ),
    )


def _check_days(option: str, days: object, least: int, most: int, page: str) -> tuple[Finding, ...]:
    if is_deferred(days):
        return ()
    if isinstance(days, int) and not isinstance(days, bool):
        if least <= days <= most:
            return ()
        fix = f"use {min(max(days, least), most)}"
    else:
        fix = f"give a whole number of days, {most}, say"
    return (
        Finding(
            code="image-key-days-invalid",
            property=option,
            message="is not a number of days that KMS takes",
            given=days,
            allowed=f"{least} to {most} days",
            fix=fix,
            docs=KMS_DOCS + page,
        ),
    )
