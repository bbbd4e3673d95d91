"""Which tags of a repository of the app may move, as its resource says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from ...model.repository.mutability import MutableTags, check_tag_patterns

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr

__all__ = ["mutable_tags_in", "mutable_tags_of"]


def mutable_tags_of(repository: ecr.CfnRepository) -> MutableTags:
    """Which tags may be moved to another image; every one where ECR would refuse what it says."""
    stack = cdk.Stack.of(repository)
    filters: Any = stack.resolve(repository.image_tag_mutability_exclusion_filters) or ()
    return _mutable_tags(
        stack.resolve(repository.image_tag_mutability),
        [entry.get("imageTagMutabilityExclusionFilterValue") for entry in filters if entry],
    )


def mutable_tags_in(properties: Mapping[str, Any]) -> MutableTags:
    """The same of the properties of a template."""
    return _mutable_tags(
        properties.get("ImageTagMutability"),
        [
            entry.get("ImageTagMutabilityExclusionFilterValue")
            for entry in properties.get("ImageTagMutabilityExclusionFilters", ())
        ],
    )


def _mutable_tags(written: object, found: Iterable[object]) -> MutableTags:
    mode = str(written or "MUTABLE")
    patterns = tuple(pattern for pattern in found if isinstance(pattern, str))
    if check_tag_patterns(patterns):
        return MutableTags.all()
    return MutableTags(patterns=patterns, rest_is_mutable=not mode.startswith("IMMUTABLE"))
