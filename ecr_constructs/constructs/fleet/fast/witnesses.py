"""The resources of a stack that are constructs in fast mode, and who looks at them.

A witness is what an app takes it for: an ``ecr.CfnRepository`` or an ``iam.CfnRole``. It is noted
who reads it, for an Aspect that reads what differs between the witness and the resources that it
stands for may decide by it. So it is of a subclass, and an Aspect that asks for the very class
would pass by: one of each sort is of CDK's own, and that they came out differently is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ....model.fleet.meaning.properties import REPOSITORY_TYPE
from ....model.fleet.merging.resources import keyed
from ..stacks import OWN_TAG_PRIORITY
from .watching import listening

if TYPE_CHECKING:
    from constructs import Construct

    from ....model.fleet.merging.resources import Resource

__all__ = ["make_witness"]


def make_witness(
    scope: Construct, logical_id: str, resource: Resource, *, plain: bool
) -> cdk.CfnResource:
    """The construct of a resource, with the properties of the manifest.

    :param plain: whether it is of CDK's own class, and tells nobody who reads it.
    """
    make = _make_repository if resource["Type"] == REPOSITORY_TYPE else _make_role
    construct = make(scope, logical_id, resource["Properties"], plain=plain)
    policy = resource.get("DeletionPolicy")
    if policy is not None:
        construct.apply_removal_policy(
            cdk.RemovalPolicy.RETAIN if policy == "Retain" else cdk.RemovalPolicy.DESTROY
        )
    for key, value in keyed(resource, "Metadata").items():
        construct.add_metadata(key, value)
    return construct


def _make_repository(
    scope: Construct, logical_id: str, properties: Mapping[str, Any], *, plain: bool
) -> cdk.CfnResource:
    repository = (ecr.CfnRepository if plain else listening(ecr.CfnRepository))(
        scope,
        logical_id,
        empty_on_delete=properties.get("EmptyOnDelete"),
        encryption_configuration=_nested(properties.get("EncryptionConfiguration")),
        image_scanning_configuration=_nested(properties.get("ImageScanningConfiguration")),
        image_tag_mutability=properties.get("ImageTagMutability"),
        image_tag_mutability_exclusion_filters=_nested(
            properties.get("ImageTagMutabilityExclusionFilters")
        ),
        lifecycle_policy=_nested(properties.get("LifecyclePolicy")),
        repository_name=properties["RepositoryName"],
        repository_policy_text=properties.get("RepositoryPolicyText"),
    )
    for tag in properties.get("Tags", ()):
        repository.tags.set_tag(tag["Key"], tag["Value"], OWN_TAG_PRIORITY)
    return repository


def _make_role(
    scope: Construct, logical_id: str, properties: Mapping[str, Any], *, plain: bool
) -> cdk.CfnResource:
    return (iam.CfnRole if plain else listening(iam.CfnRole))(
        scope,
        logical_id,
        assume_role_policy_document=properties["AssumeRolePolicyDocument"],
        description=properties.get("Description"),
        policies=_nested(properties.get("Policies")),
        role_name=properties.get("RoleName"),
    )


def _nested(value: Any) -> Any:
    """A nested property as jsii takes it: its names begin with a small letter."""
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: entry for name, entry in value.items()}
    if isinstance(value, list):
        return [_nested(entry) for entry in value]
    return value
