"""What the properties of a repository and of a creation template say alike.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repositorycreationtemplate.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ...deferred import has_deferred, is_deferred
from ...findings import Finding
from ...repository.encryption import Encryption, check_encryption
from ...repository.mutability import check_tag_mode, check_tag_patterns
from ...repository.policy.document import check_repository_statement
from ..address import RegistryAddress
from ..effective.properties import Properties, mapping_of, mappings_of, text_of
from .policies import statements_of

__all__ = ["check_repository_settings"]

_FILTERS = "ImageTagMutabilityExclusionFilters"


def check_repository_settings(
    properties: Properties, *, policy: object, lifecycle: str | None, registry: RegistryAddress
) -> Iterator[Finding]:
    """What ECR refuses about encryption, tags that move, the policy and the lifecycle.

    Policy and lifecycle are given apart, because the two types have other names for them.
    """
    yield from _check_encryption(properties, registry)
    yield from _check_tags_that_move(properties)
    for statement in statements_of(policy):
        yield from check_repository_statement(statement, own_account=registry.account)
    if lifecycle is not None and not is_deferred(lifecycle):
        yield from _check_lifecycle(lifecycle)


@lru_cache(maxsize=256)
def _check_lifecycle(text: str) -> tuple[Finding, ...]:
    """What is wrong with a policy: thousands of repositories have one of a few."""
    from ...lifecycle import parse  # noqa: PLC0415 - most templates have no lifecycle

    return parse(text)[1]


def _check_encryption(properties: Properties, registry: RegistryAddress) -> tuple[Finding, ...]:
    written = mapping_of(properties, "EncryptionConfiguration")
    known = {kind.value: kind for kind in Encryption if kind.value is not None}
    kind = known.get(text_of(written, "EncryptionType") or "")
    key = text_of(written, "KmsKey")
    # "The alias, key ID, or full ARN": only an ARN says where the key is.
    arn = key if key is not None and key.startswith("arn:") else None
    return check_encryption(kind, has_key=key is not None, key_arn=arn, region=registry.region)


def _check_tags_that_move(properties: Properties) -> Iterator[Finding]:
    patterns = [
        entry.get("ImageTagMutabilityExclusionFilterValue")
        for entry in mappings_of(properties, _FILTERS)
    ]
    yield from check_tag_patterns(patterns)
    if not has_deferred(properties.get(_FILTERS)):
        yield from check_tag_mode(properties.get("ImageTagMutability"), has_patterns=bool(patterns))
