"""Repositories of the app whose names a cache rule takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr

from ....model.repository.mutability import MutableTags, check_tag_patterns
from ..singletons import address_of

if TYPE_CHECKING:
    from constructs import IConstruct

    from ....model.registry.address import RegistryAddress

__all__ = ["declared_repositories"]


def declared_repositories(
    root: IConstruct,
) -> Iterator[tuple[ecr.CfnRepository, RegistryAddress, object, MutableTags]]:
    """Each repository of the app with its registry, its name and which of its tags may move."""
    for construct in root.node.find_all():
        if isinstance(construct, ecr.CfnRepository):
            stack = cdk.Stack.of(construct)
            name = stack.resolve(construct.repository_name)
            yield construct, address_of(construct), name, _mutable_tags(construct, stack)


def _mutable_tags(repository: ecr.CfnRepository, stack: cdk.Stack) -> MutableTags:
    mode = str(stack.resolve(repository.image_tag_mutability) or "MUTABLE")
    filters: Any = stack.resolve(repository.image_tag_mutability_exclusion_filters) or ()
    found = [entry.get("imageTagMutabilityExclusionFilterValue") for entry in filters if entry]
    patterns = tuple(pattern for pattern in found if isinstance(pattern, str))
    if check_tag_patterns(patterns):
        # An L1 that ECR refuses: nothing is known of its tags.
        return MutableTags.all()
    return MutableTags(patterns=patterns, rest_is_mutable=not mode.startswith("IMMUTABLE"))
