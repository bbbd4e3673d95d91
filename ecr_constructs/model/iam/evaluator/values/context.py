"""What is known of a request: the context keys and their values.

"Condition key names are not case-sensitive" (IAM JSON policy elements: Condition), so keys are
held in lower case. Two tag keys that differ only by case make one key with two values: "the key
name matches both tags, but only one value matches".
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Union

__all__ = ["UNKNOWN", "Context", "ContextValue", "Unknown", "Values", "context_values"]

ContextValue = Union[str, bool, int, float, bytes, Sequence[Union[str, bool, int, float, bytes]]]
"""What a caller may give for one key: one value, or several for a multivalued key."""

Values = tuple[str, ...]
"""The values of one key as text; none at all for a key that is there and empty (null)."""


class Unknown:
    """The type of :data:`UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""The key may or may not be in the request, and nobody said which value it has."""


def context_values(value: ContextValue) -> Values:
    """One key's value or values as the text that policies compare with."""
    if isinstance(value, (str, bool, int, float, bytes)):
        return (_text(value),)
    return tuple(_text(entry) for entry in value)


def _text(value: str | float | bytes) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        # As policies write bytes, so that BinaryEquals reads both sides alike.
        return b64encode(value).decode()
    return str(value)


class Context:
    """The values of a request, which keys it certainly lacks, and what silence means.

    ``settled``: every key that was not given is absent from the request, as when one concrete
    request is asked about. Otherwise such a key is :data:`UNKNOWN`, except those known absent.
    """

    __slots__ = ("_absent", "_absent_families", "_values", "settled")

    def __init__(
        self,
        given: Mapping[str, ContextValue] | None = None,
        *,
        absent: Iterable[str] = (),
        absent_families: Iterable[str] = (),
        settled: bool,
    ) -> None:
        self._values: dict[str, Values] = {}
        for key, value in (given or {}).items():
            name = key.lower()
            values = context_values(value)
            known = self._values.get(name)
            self._values[name] = values if known is None else known + values
        self._absent = frozenset(key.lower() for key in absent)
        self._absent_families = tuple(family.lower() for family in absent_families)
        self.settled = settled

    def __contains__(self, key: str) -> bool:
        """Whether somebody gave the key."""
        return key.lower() in self._values

    def value(self, key: str) -> Values | Unknown | None:
        """The values of a key in lower case; None where the request certainly lacks it."""
        values = self._values.get(key)
        if values is not None:
            return values
        if self.settled or self.lacks(key):
            return None
        return UNKNOWN

    def lacks(self, key: str) -> bool:
        """Whether a request of this kind never has the key (in lower case)."""
        return key in self._absent or key.startswith(self._absent_families)
