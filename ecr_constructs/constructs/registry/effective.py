"""What an app sets for a registry, read from its constructs before it is synthesized."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk

from ...model.deferred import flatten
from ...model.registry.effective import (
    REGISTRY_TYPES,
    DeclaredRepository,
    Effective,
    Via,
    effective,
    read_configuration,
    read_repository,
)
from ...model.repository.name import check_repository_name
from .._jsii import refuse
from ..fleet.declared import fast_repositories, without_witnesses
from .singletons import address_of, type_of

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["effective_in_app"]

_REPOSITORY = "AWS::ECR::Repository"


def effective_in_app(scope: Construct, name: str, *, via: Via | None) -> Effective:
    """What holds for a name in the registry of the scope, by every stack of the app.

    :raises InvalidInputError: for a name that no repository can have.
    """
    refuse(check_repository_name(name), scope)
    found = list(_resources(scope))
    repositories = [
        read_repository(properties)
        for kind, properties in found
        if kind == _REPOSITORY and properties.get("RepositoryName") == name
    ]
    declared: DeclaredRepository | None = repositories[0] if repositories else None
    return effective(read_configuration(found), name, via=via, repository=declared)


def _resources(scope: Construct) -> Iterator[tuple[str, Mapping[str, Any]]]:
    registry = address_of(scope)
    every = scope.node.root.node.find_all()
    for home, properties in fast_repositories(every):
        if address_of(home) == registry:
            yield _REPOSITORY, properties
    for construct in without_witnesses(every):
        kind = type_of(construct)
        if kind in REGISTRY_TYPES or kind == _REPOSITORY:
            resource = cast("cdk.CfnResource", construct)
            if address_of(resource) == registry:
                yield kind, _properties(resource)


def _properties(resource: cdk.CfnResource) -> Mapping[str, Any]:
    """The properties as the template will have them."""
    # Protected in CDK: what the resource will write, in CloudFormation's names.
    written = resource._render_properties(resource._cfn_properties)  # noqa: SLF001
    flat = flatten(cdk.Stack.of(resource).resolve(written))
    return cast("Mapping[str, Any]", flat)
