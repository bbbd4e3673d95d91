"""Properties as a template has them, whatever somebody wrote there.

What is not of the expected form is passed over: whether a template is valid is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = [
    "Properties",
    "filters_of",
    "mapping_of",
    "mappings_of",
    "tags_of",
    "text_of",
    "texts_of",
]

Properties = Mapping[str, Any]

_NOTHING: Final[Properties] = {}


def mapping_of(properties: Properties, name: str) -> Properties:
    """A property that holds properties; without any where it does not."""
    value = properties.get(name)
    return value if isinstance(value, Mapping) else _NOTHING


def mappings_of(properties: Properties, name: str) -> Iterator[Properties]:
    """The entries of a list of properties."""
    value = properties.get(name)
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, Mapping):
            yield entry


def text_of(properties: Properties, name: str) -> str | None:
    """A text; None where there is none."""
    value = properties.get(name)
    return value if isinstance(value, str) else None


def texts_of(properties: Properties, name: str) -> tuple[str, ...]:
    """The texts of a list."""
    value = properties.get(name)
    entries = value if isinstance(value, list) else ()
    return tuple(entry for entry in entries if isinstance(entry, str))


def tags_of(properties: Properties, name: str) -> dict[Any, Any]:
    """The tags of a list of them; a value that is left out is an empty one."""
    tags = ((tag.get("Key"), tag.get("Value", "")) for tag in mappings_of(properties, name))
    return {key: value for key, value in tags if not isinstance(key, (Mapping, list))}


def filters_of(rule: Properties) -> tuple[str, ...] | None:
    """The filters of a rule; None where it has no list of them."""
    if not isinstance(rule.get("RepositoryFilters"), list):
        return None
    found = (text_of(entry, "Filter") for entry in mappings_of(rule, "RepositoryFilters"))
    return tuple(text for text in found if text is not None)
