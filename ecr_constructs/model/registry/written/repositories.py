"""Repositories of a template, private and public.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-publicrepository.html
"""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Finding
from ...repository.name import check_repository_name
from ...repository.policy.document import check_policy_size
from ...repository.tags import check_resource_tags
from ..address import RegistryAddress
from ..effective.properties import Properties, mapping_of, tags_of, text_of
from ..public.policy import check_public_statement
from ..public.repository import check_public_name, check_public_region
from .policies import statements_of
from .repository_settings import check_repository_settings

__all__ = ["check_public_properties", "check_repository_properties"]


def check_repository_properties(
    properties: Properties, *, registry: RegistryAddress
) -> Iterator[Finding]:
    """What ECR refuses about the properties of an AWS::ECR::Repository."""
    policy = properties.get("RepositoryPolicyText")
    name = text_of(properties, "RepositoryName")
    if name is not None:
        yield from check_repository_name(name)
    yield from check_repository_settings(
        properties,
        policy=policy,
        lifecycle=text_of(mapping_of(properties, "LifecyclePolicy"), "LifecyclePolicyText"),
        registry=registry,
    )
    yield from check_policy_size(statements_of(policy))
    yield from check_resource_tags(tags_of(properties, "Tags"))


def check_public_properties(
    properties: Properties, *, registry: RegistryAddress
) -> Iterator[Finding]:
    """What ECR Public refuses about the properties of an AWS::ECR::PublicRepository."""
    name = text_of(properties, "RepositoryName")
    yield from check_public_region(registry.region)
    if name is not None:
        yield from check_public_name(name)
    for statement in statements_of(properties.get("RepositoryPolicyText")):
        yield from check_public_statement(statement)
    yield from check_resource_tags(tags_of(properties, "Tags"))
