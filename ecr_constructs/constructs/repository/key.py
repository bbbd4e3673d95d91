"""The customer key of an option, whichever class it comes as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union, cast

from ...model.repository.options import check_construct
from .._jsii import check

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from ..image_key import ImageKey

__all__ = ["key_of"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"


def key_of(
    encryption_key: Union[kms.IKey, kms.Key, ImageKey, None], scope: Construct, construct_id: str
) -> kms.IKey | None:
    """The key; None where none is given. Its ARN alone is none: it would need a construct."""
    if encryption_key is None:
        return None
    key = getattr(encryption_key, "key", encryption_key)
    fix = "write kms.Key.from_key_arn(self, 'Key', ...) for a key that stands already"
    found = check_construct(
        "encryption_key", key, "key_arn", noun="a key of KMS", fix=fix, docs=DOCS
    )
    check(found, scope, construct_id)
    return cast("kms.IKey", key)
