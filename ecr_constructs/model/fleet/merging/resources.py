"""Resources of a template, and which of them are alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final, TypeAlias

__all__ = [
    "KEYED",
    "PATH_KEY",
    "Resource",
    "ResourceClass",
    "class_of",
    "classes_of",
    "keyed",
    "parts_of",
    "reshaped_part",
]

Resource: TypeAlias = Mapping[str, Any]
"""A resource as a template has it."""
ResourceClass: TypeAlias = Mapping[str, Resource]
"""Resources that are alike, by logical id."""

KEYED: Final = ("Tags", "Metadata")
"""What is compared key by key: an Aspect adds to it, and seldom replaces it as a whole."""
PATH_KEY: Final = "aws:cdk:path"


def class_of(resource: Resource) -> Hashable:
    """What resources have in common that are alike: a few classes a stack, not one an entry.

    An Aspect may decide by it: each class has witnesses of its own.
    """
    properties = resource["Properties"]
    return (
        resource["Type"],
        tuple(properties),
        properties.get("ImageTagMutability"),
        properties.get("ImageScanningConfiguration", {}).get("ScanOnPush"),
        properties.get("EncryptionConfiguration", {}).get("EncryptionType"),
        resource.get("DeletionPolicy"),
        "Metadata" in resource,
    )


def classes_of(resources: Mapping[str, Resource]) -> tuple[ResourceClass, ...]:
    """The resources of each class, by logical id."""
    classes: dict[Hashable, dict[str, Resource]] = {}
    for logical_id, resource in resources.items():
        classes.setdefault(class_of(resource), {})[logical_id] = resource
    return tuple(classes.values())


def parts_of(resource: Resource) -> dict[str, object]:
    """Properties and attributes that are compared as a whole, by name; attributes have a dot."""
    parts = {
        name: value for name, value in resource.get("Properties", {}).items() if name not in KEYED
    }
    for name, value in resource.items():
        if name not in ("Properties", *KEYED):
            parts[f".{name}"] = value
    return parts


def reshaped_part(resource: Resource) -> str | None:
    """What an override made of a resource that is not compared part by part; None: nothing."""
    properties = resource.get("Properties")
    if not isinstance(properties, Mapping):
        return "Properties"
    if not isinstance(resource.get("Metadata", {}), Mapping):
        return "Metadata"
    return None if _are_tags(properties.get("Tags", [])) else "Tags"


def _are_tags(value: object) -> bool:
    """Whether it is a list of tags, each of another key, which is a text and no reference."""
    if not isinstance(value, list):
        return False
    if not all(isinstance(tag, Mapping) and tag.keys() == {"Key", "Value"} for tag in value):
        return False
    keys = {tag["Key"] for tag in value if isinstance(tag["Key"], str)}
    return len(keys) == len(value)


def keyed(resource: Resource, name: str) -> dict[str, Any]:
    """The tags, or the metadata without the construct path, by key."""
    if name == "Tags":
        return {tag["Key"]: tag["Value"] for tag in resource.get("Properties", {}).get("Tags", ())}
    return {key: value for key, value in resource.get(name, {}).items() if key != PATH_KEY}
