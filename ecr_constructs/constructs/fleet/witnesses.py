"""The resources of a stack that are constructs in fast mode, and who looks at them.

A witness is what every CDK construct takes it for: an ``ecr.CfnRepository`` or an ``iam.CfnRole``.
It notes who reads it, for an Aspect that reads what differs between the witness and the resources
that it stands for may decide by it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ...model.fleet.meaning.properties import REPOSITORY_TYPE
from ...model.fleet.merging.readings import Reading
from ...model.fleet.merging.resources import keyed

if TYPE_CHECKING:
    from types import FrameType

    from constructs import Construct

    from ...model.fleet.merging.resources import Resource

__all__ = ["OWN_TAG_PRIORITY", "Watched", "make_witness"]

OWN_TAG_PRIORITY: Final = 100.5
"""Above the 100 of ``Tags.of(...)`` around the repository, as a construct's own tags are."""
_OURS: Final = frozenset({"watch", "unwatch"})
_TYPE: Final = "__jsii_type__"
_PRIVATE: Final = frozenset(
    {_TYPE, "_cfn_properties", "_render_properties", "_updated_properites", "_updated_properties"}
)
_LIBRARIES: Final = frozenset({"aws_cdk", "constructs", "jsii"})


class Watched:
    """A construct that notes who reads it, once it is watched."""

    _readings: list[Reading] | None = None

    def __getattribute__(self, name: str) -> Any:
        """Note the reading of what tells of it, and the calls of CDK that get the construct."""
        # jsii asks for the type of what is an argument of a call, and of nothing else.
        if not name.startswith("_") or name in _PRIVATE:
            readings = object.__getattribute__(self, "_readings")
            if readings is not None and name not in _OURS:
                code = sys._getframe(1)  # noqa: SLF001 - the one way to say who it was
                readings.append(_given(code) if name == _TYPE else _read(name, code))
        return super().__getattribute__(name)

    def watch(self, readings: list[Reading]) -> None:
        """Note readings from now on, in this list."""
        self._readings = readings

    def unwatch(self) -> None:
        """Note no more readings."""
        self._readings = None


def _read(name: str, code: FrameType) -> Reading:
    return Reading(attribute=name, place=_place(code))


def _given(code: FrameType) -> Reading:
    """The construct is an argument: of which method, and who called it."""
    method = code
    caller: FrameType | None = code
    while caller is not None and _package(caller) in _LIBRARIES:
        method, caller = caller, caller.f_back
    owner = method.f_locals.get("cls", type(method.f_locals.get("self")))
    name = f"{owner.__name__}.{method.f_code.co_name}"
    return Reading(attribute=name, place=_place(caller or method), given=True)


def _package(code: FrameType) -> str:
    return str(code.f_globals.get("__name__", "")).partition(".")[0]


def _place(code: FrameType) -> str:
    return f"{code.f_code.co_filename}:{code.f_lineno}"


class _RepositoryWitness(Watched, ecr.CfnRepository):
    """A repository that stands for others."""


class _RoleWitness(Watched, iam.CfnRole):
    """A role that stands for others."""


def make_witness(scope: Construct, logical_id: str, resource: Resource) -> cdk.CfnResource:
    """The construct of a resource, with the properties of the manifest."""
    make = _make_repository if resource["Type"] == REPOSITORY_TYPE else _make_role
    construct = make(scope, logical_id, resource["Properties"])
    policy = resource.get("DeletionPolicy")
    if policy is not None:
        construct.apply_removal_policy(
            cdk.RemovalPolicy.RETAIN if policy == "Retain" else cdk.RemovalPolicy.DESTROY
        )
    for key, value in keyed(resource, "Metadata").items():
        construct.add_metadata(key, value)
    return construct


def _make_repository(
    scope: Construct, logical_id: str, properties: Mapping[str, Any]
) -> cdk.CfnResource:
    repository = _RepositoryWitness(
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


def _make_role(scope: Construct, logical_id: str, properties: Mapping[str, Any]) -> cdk.CfnResource:
    return _RoleWitness(
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
