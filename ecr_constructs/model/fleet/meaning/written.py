"""A resource together with its text in a template, without white space.

Repositories of a kind have nearly all of their text in common: it is made once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["WrittenResource", "compact", "inside", "size_of", "text_of"]


_COMPACT: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class WrittenResource(dict[str, Any]):
    """A resource as a template has it; nobody may change it, for its text stays what it is."""

    def __init__(
        self, resource: dict[str, Any], properties: tuple[str, ...], attributes: str
    ) -> None:
        """A resource and the parts of its text.

        :param resource: type, properties and attributes.
        :param properties: what ``compact`` gives for it until its properties end, in parts that
            many resources share.
        :param attributes: the rest, from the brace behind the properties.
        """
        super().__init__(resource)
        self._properties = properties
        self._attributes = attributes

    def with_last_property(self, name: str, value: object, text: str) -> WrittenResource:
        """The resource with one more property behind all that it has.

        :param text: what ``compact`` gives for the value.
        """
        resource = {**self, "Properties": {**self["Properties"], name: value}}
        return WrittenResource(resource, (*self._properties, f',"{name}":{text}'), self._attributes)

    def with_last(self, name: str, value: object) -> WrittenResource:
        """The resource with one more attribute behind all that it has."""
        attributes = f'{self._attributes[:-1]},"{name}":{compact(value)}}}'
        return WrittenResource({**self, name: value}, self._properties, attributes)

    def text(self) -> str:
        """The same as ``compact`` of it."""
        return "".join((*self._properties, self._attributes))


def compact(value: object) -> str:
    """The text of a value in a template: in UTF-8, without white space."""
    return _COMPACT.encode(value)


def text_of(resource: Mapping[str, Any]) -> str:
    """The text of a resource; that of most is known."""
    return resource.text() if isinstance(resource, WrittenResource) else compact(resource)


def inside(text: str) -> str:
    """What stands between the braces of an object."""
    return text[1:-1]


def size_of(text: str) -> int:
    """The characters of a text in a template where what is beyond ASCII is escaped."""
    if text.isascii():
        return len(text)
    return len(text) + sum(len(json.dumps(each)) - 3 for each in text if not each.isascii())
