"""The secret with which ECR reads an upstream registry.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...account.identifiers import AccountMatch, compare_accounts
from ...deferred import ARN_PART, is_deferred
from ...findings import Finding

__all__ = [
    "ACCESS_TOKEN",
    "NAME_PREFIX",
    "USERNAME",
    "check_credential_arn",
    "check_credential_key",
    "check_credential_name",
    "check_username",
    "credential_name",
]

DOCS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html"
)
NAME_PREFIX: Final = "ecr-pullthroughcache/"
"""How the name of the secret must begin: ECR reads no other."""
USERNAME: Final = "username"
ACCESS_TOKEN: Final = "accessToken"  # noqa: S105 - a key, not a token
_NAME = re.compile(r"ecr-pullthroughcache/[a-zA-Z0-9/_+=.@-]+")
_LONGEST_NAME = 512
_ARN = re.compile(
    rf"arn:(?P<partition>{ARN_PART}):secretsmanager:(?P<region>{ARN_PART}):(?P<account>{ARN_PART})"
    r":secret:(?P<name>.+)"
)
# Secrets Manager puts '-' and six characters behind the name; ECR asks for the whole ARN.
_SUFFIXED = re.compile(r".+-[a-zA-Z0-9]{6}")


def credential_name(prefix: str) -> str:
    """The name of the secret of a rule: its cache prefix behind what ECR asks for."""
    return f"{NAME_PREFIX}{prefix.rstrip('/')}"


def check_credential_name(name: object) -> tuple[Finding, ...]:
    """What ECR refuses about the name of a secret; None stands for one that is made up."""
    if isinstance(name, str):
        if is_deferred(name) and name.startswith((NAME_PREFIX, "${")):
            return ()
        if _NAME.fullmatch(name) and len(name) <= _LONGEST_NAME:
            return ()
    return (
        _finding(
            "pull-through-credential-name",
            "has a name under which ECR does not look" if name else "has no name of its own",
            name,
            f"a name of at most {_LONGEST_NAME} characters that begins with {NAME_PREFIX!r}",
            _rename(name),
        ),
    )


def check_credential_arn(
    arn: object, *, account: str | None = None, region: str | None = None
) -> tuple[Finding, ...]:
    """What ECR refuses about the ARN of a secret for a rule of this account and Region."""
    if not isinstance(arn, str):
        return (_not_an_arn(arn),)
    parts = _ARN.fullmatch(arn)
    if parts is None:
        return () if is_deferred(arn) else (_not_an_arn(arn),)
    return (
        *check_credential_name(parts["name"]),
        *_check_place(arn, parts["account"], parts["region"], account, region),
        *_check_whole(arn, parts["name"]),
    )


def check_credential_key(key: object) -> tuple[Finding, ...]:
    """A secret under a customer key (not None): "Amazon ECR doesn't support using" one."""
    if key is None:
        return ()
    return (
        _finding(
            "pull-through-credential-key",
            "is encrypted with a customer key, which ECR does not support here",
            str(key),
            "a secret under the key that AWS manages, aws/secretsmanager",
            "make the secret without an encryption key",
        ),
    )


def check_username(username: object) -> tuple[Finding, ...]:
    """A user name that would not get into the secret as it is."""
    if username is None or (isinstance(username, str) and username):
        return ()
    return (
        _finding(
            "pull-through-username-invalid",
            "is no user name",
            username,
            "the name of the user that the token belongs to",
            "give the name, or leave username out and write it into the secret later",
        ),
    )


def _check_place(
    arn: str, account: str, region: str, own_account: str | None, own_region: str | None
) -> Iterator[Finding]:
    elsewhere = []
    if compare_accounts(account, own_account) is AccountMatch.OTHER:
        elsewhere.append(f"account {account}")
    if own_region is not None and not is_deferred(own_region + region) and region != own_region:
        elsewhere.append(region)
    if elsewhere:
        yield _finding(
            "pull-through-credential-elsewhere",
            f"is a secret of {' in '.join(elsewhere)}",
            arn,
            "a secret in the account and Region of the rule",
            "make the secret there, or leave credential out: then one is made",
        )


def _check_whole(arn: str, name: str) -> Iterator[Finding]:
    if not is_deferred(name) and not _SUFFIXED.fullmatch(name):
        yield _finding(
            "pull-through-credential-partial-arn",
            "is known by a part of its ARN, and ECR asks for the whole",
            arn,
            "the ARN with '-' and the six characters that Secrets Manager adds",
            "use secretsmanager.Secret.from_secret_complete_arn with the ARN that "
            "'aws secretsmanager describe-secret' prints",
        )


def _rename(name: object) -> str:
    if isinstance(name, str) and name:
        nearest = NAME_PREFIX + re.sub(r"[^a-zA-Z0-9/_+=.@-]+", "-", name.rsplit("/", 1)[-1])
        if _NAME.fullmatch(nearest) and len(nearest) <= _LONGEST_NAME:
            return f"name it {nearest!r}, or leave credential out: then one is made"
    return "give it such a name, or leave credential out: then one is made"


def _not_an_arn(arn: object) -> Finding:
    return _finding(
        "pull-through-credential-arn",
        "has an ARN that is not a secret's",
        arn,
        "arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:ecr-pullthroughcache/NAME-SUFFIX",
        "take the secret by secretsmanager.Secret.from_secret_complete_arn",
    )


def _finding(code: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code=code,
        property="username" if code == "pull-through-username-invalid" else "credential",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
