"""Which tags of a repository of the app may move, as its resource says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from ...model.repository.mutability import MutableTags, check_tag_patterns

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr

__all__ = ["mutable_tags_of"]


def mutable_tags_of(repository: ecr.CfnRepository) -> MutableTags:
    """Which tags may be moved to another image; every one where ECR would refuse what it says."""
    stack = cdk.Stack.of(repository)
    mode = str(stack.resolve(repository.image_tag_mutability) or "MUTABLE")
    filters: Any = stack.resolve(repository.image_tag_mutability_exclusion_filters) or ()
    found = [entry.get("imageTagMutabilityExclusionFilterValue") for entry in filters if entry]
    patterns = tuple(pattern for pattern in found if isinstance(pattern, str))
    if check_tag_patterns(patterns):
        return MutableTags.all()
    return MutableTags(patterns=patterns, rest_is_mutable=not mode.startswith("IMMUTABLE"))
