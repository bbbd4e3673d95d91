"""Repositories of the app whose names a cache rule takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr

from ...fleet.declared import fast_repositories, without_witnesses
from ...repository.tag_mutability import mutable_tags_in, mutable_tags_of
from ..singletons import address_of

if TYPE_CHECKING:
    from constructs import IConstruct

    from ....model.registry.address import RegistryAddress
    from ....model.repository.mutability import MutableTags

__all__ = ["declared_repositories"]


def declared_repositories(
    root: IConstruct,
) -> Iterator[tuple[IConstruct, RegistryAddress, object, MutableTags]]:
    """Each repository of the app with its registry, its name and which of its tags may move.

    Of a fleet in fast mode the stack stands in the place of its construct.
    """
    found = root.node.find_all()
    for home, properties in fast_repositories(found):
        yield home, address_of(home), properties["RepositoryName"], mutable_tags_in(properties)
    for construct in without_witnesses(found):
        if isinstance(construct, ecr.CfnRepository):
            name = cdk.Stack.of(construct).resolve(construct.repository_name)
            yield construct, address_of(construct), name, mutable_tags_of(construct)
