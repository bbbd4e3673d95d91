"""Encryption at rest.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
"""

from __future__ import annotations

import enum
import re

from ..deferred import is_deferred
from ..findings import Finding

__all__ = ["Encryption", "check_encryption", "encryption_type"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"

_KEY_ARN = re.compile(
    r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):(?P<kind>key|alias)/\S+"
)


class Encryption(enum.Enum):
    """How ECR encrypts the images of a repository. It cannot be changed without a replacement."""

    AES_256 = "AES256"
    """Keys that Amazon S3 manages, said explicitly in the template."""
    KMS = "KMS"
    """A KMS key: the one given as ``encryption_key``, else the AWS-managed key ``aws/ecr``."""
    KMS_DSSE = "KMS_DSSE"
    """Two layers of KMS encryption. AWS offers it in the AWS GovCloud (US) Regions only."""
    AS_DEPLOYED = None
    """Say nothing: a repository that was deployed without the property keeps its encryption.

    For repositories that another construct or template has made: CloudFormation replaces a
    repository whose ``EncryptionConfiguration`` property appears, although AES256 is what it has.
    """


def encryption_type(encryption: Encryption | None, *, has_key: bool) -> str | None:
    """The ``EncryptionType`` of the template; None leaves the property out."""
    if encryption is None:
        encryption = Encryption.KMS if has_key else Encryption.AES_256
    value: str | None = encryption.value
    return value


def check_encryption(
    encryption: object, *, has_key: bool, key_arn: str | None = None, region: str | None = None
) -> tuple[Finding, ...]:
    """What ECR refuses about the encryption of a repository in a Region (None: not known)."""
    if encryption is not None and not isinstance(encryption, Encryption):
        return (
            _finding(
                "encryption-invalid",
                "encryption",
                f"is a {type(encryption).__name__}, not a kind of encryption",
                encryption,
                ", ".join(f"Encryption.{kind.name}" for kind in Encryption),
                "use a member of ecr_constructs.Encryption",
            ),
        )
    found = []
    if has_key and encryption in (Encryption.AES_256, Encryption.AS_DEPLOYED):
        found.append(
            _finding(
                "encryption-key-unused",
                "encryption_key",
                f"is given, and Encryption.{encryption.name} uses no key",
                key_arn or "a key",
                "a key with Encryption.KMS or Encryption.KMS_DSSE",
                "leave encryption out, or leave encryption_key out",
            )
        )
    known = region if region is not None and not is_deferred(region) else None
    if encryption is Encryption.KMS_DSSE and known and not known.startswith("us-gov-"):
        found.append(
            _finding(
                "encryption-dual-layer-region",
                "encryption",
                f"is dual-layer encryption in {known}, where ECR does not offer it",
                "Encryption.KMS_DSSE",
                "dual-layer encryption in us-gov-west-1 and us-gov-east-1",
                "use Encryption.KMS, or deploy the stack to a GovCloud Region",
            )
        )
    if key_arn is not None and not is_deferred(key_arn):
        found.extend(_check_key_arn(key_arn, known))
    return tuple(found)


def _check_key_arn(key_arn: str, region: str | None) -> tuple[Finding, ...]:
    parts = _KEY_ARN.fullmatch(key_arn)
    if parts is None:
        return (
            _finding(
                "encryption-key-invalid",
                "encryption_key",
                "has an ARN that is not a KMS key's",
                key_arn,
                "arn:PARTITION:kms:REGION:ACCOUNT:key/ID",
                "take the key by kms.Key.from_key_arn with the ARN of the key",
            ),
        )
    if region is not None and parts["region"] != region:
        return (
            _finding(
                "encryption-key-region",
                "encryption_key",
                f"is a key in {parts['region']}, and the repository is in {region}",
                key_arn,
                "a key in the Region of the repository, of any account",
                f"use a key, or a replica of a multi-Region key, in {region}",
            ),
        )
    return ()


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
