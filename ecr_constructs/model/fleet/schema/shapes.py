"""The pieces that a JSON Schema is made of.

https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

__all__ = ["Schema", "by_name", "exactly_one", "list_of", "objects", "reference", "text"]

Schema: TypeAlias = dict[str, object]


def text(description: str, *, pattern: str | None = None) -> Schema:
    """A text, perhaps of a form."""
    found: Schema = {"type": "string", "description": description}
    if pattern is not None:
        found["pattern"] = f"^(?:{pattern})$"
    return found


def objects(
    properties: Mapping[str, Schema], description: str, *, required: Iterable[str] = ()
) -> Schema:
    """An object with these keys and no other."""
    found: Schema = {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "additionalProperties": False,
    }
    needed = list(required)
    if needed:
        found["required"] = needed
    return found


def exactly_one(properties: Mapping[str, Schema], description: str) -> Schema:
    """An object with exactly one of these keys."""
    return objects(properties, description) | {"minProperties": 1, "maxProperties": 1}


def by_name(entry: Schema, description: str) -> Schema:
    """An object whose keys the user chooses."""
    return {"type": "object", "description": description, "additionalProperties": entry}


def list_of(entry: Schema, description: str, *, at_least: int = 0) -> Schema:
    """A list."""
    found: Schema = {"type": "array", "description": description, "items": entry}
    if at_least:
        found["minItems"] = at_least
    return found


def reference(name: str) -> Schema:
    """A piece that stands under ``$defs``."""
    return {"$ref": f"#/$defs/{name}"}
