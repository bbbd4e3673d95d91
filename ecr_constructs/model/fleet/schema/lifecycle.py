"""Lifecycle rules in the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...lifecycle import CountType, RuleAction, StorageClass, TagStatus
from ..reading.rules import COUNTED, PROTECT, RAW_KEYS
from .shapes import Schema, list_of, objects, text

__all__ = ["lifecycle_rule"]

_COUNTS: Final[Mapping[str, str]] = {
    "keep_last": "Keep the newest images: how many stay.",
    "keep_last_untagged": "Keep the newest images without a tag: how many stay.",
    "expire_untagged": "Delete images without a tag: days after their push.",
    "expire_after": "Delete images: days after their push.",
    "archive_unpulled": "Archive images that nobody pulled: for so many days.",
    "archive_after": "Archive images: days after their push.",
    "expire_archived": "Delete archived images: days after they were archived, 90 or more.",
}
_WITHOUT_TAGS: Final = ("keep_last_untagged", "expire_untagged")


def lifecycle_rule() -> Schema:
    """One of the helpers' words, or a rule as ECR's documents have it."""
    return {
        "description": "A lifecycle rule: one word that says what it does, or ECR's own form.",
        "anyOf": [*(_counted(word) for word in COUNTED), _protect(), _raw()],
    }


def _counted(word: str) -> Schema:
    least = 90 if word == "expire_archived" else 1
    properties: dict[str, Schema] = {
        word: {"type": "integer", "minimum": least, "description": _COUNTS[word]}
    }
    if word not in _WITHOUT_TAGS:
        properties["tags"] = text(
            "Only images with a tag like this; '*' stands for any text. Default: any image."
        )
        properties["all_tags"] = list_of(
            {"type": "string"}, "Only images that carry a tag for EACH of these.", at_least=1
        )
    properties["description"] = text("Shown in the console. Default: what the rule does.")
    properties["priority"] = {
        "type": "integer",
        "minimum": 1,
        "description": "Lower numbers come first. Default: the order written.",
    }
    return objects(properties, _COUNTS[word], required=[word])


def _protect() -> Schema:
    properties: dict[str, Schema] = {
        PROTECT: list_of({"type": "string"}, "Tags and patterns whose images stay.", at_least=1),
        "archived": {
            "type": "boolean",
            "description": "Also shield archived images, from 'expire_archived'. Default: false.",
        },
    }
    description = "Keep every image with such a tag, whatever later rules say."
    return objects(properties, description, required=[PROTECT])


def _raw() -> Schema:
    selection: dict[str, Schema] = {
        "tagStatus": {"enum": [member.value for member in TagStatus]},
        "tagPatternList": list_of({"type": "string"}, "A tag for EACH of these patterns."),
        "tagPrefixList": list_of({"type": "string"}, "A tag for EACH of these beginnings."),
        "storageClass": {"enum": [member.value for member in StorageClass]},
        "countType": {"enum": [member.value for member in CountType]},
        "countUnit": {"const": "days"},
        "countNumber": {"type": "integer", "minimum": 1, "description": "Images, or days."},
    }
    action: dict[str, Schema] = {
        "type": {"enum": [member.value for member in RuleAction]},
        "targetStorageClass": {"const": "archive"},
    }
    values: dict[str, Schema] = {
        "rulePriority": {"type": "integer", "minimum": 1, "description": "Default: the order."},
        "description": text("Shown in the console."),
        "selection": objects(selection, "The images that the rule looks at."),
        "action": objects(action, "What it does with them.", required=["type"]),
    }
    return objects(
        {key: values[key] for key in RAW_KEYS},
        "A rule as ECR's lifecycle policies have it.",
        required=["selection", "action"],
    )
