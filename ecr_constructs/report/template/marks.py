"""Stand-ins for what a template does not say, such as the name that CloudFormation makes up.

A stand-in is a short text of private characters and a number: no wildcard, no colon and no policy
variable, so that an ARN keeps its fields and a policy compares it as the literal that it is. The
same thing always has the same stand-in. A report prints it as ``${LogicalId}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Marks", "begins_marked", "begins_open", "is_open", "marked", "opened"]

# A closed mark is one certain thing, unlike every other; an open one may be any text at all.
_CLOSED: Final = "\ue000"
_OPEN: Final = "\ue001"
_END: Final = "\ue002"
_MARK: Final = re.compile(f"[{_CLOSED}{_OPEN}]([0-9]{{1,9}}){_END}")
_PRINTED: Final = re.compile(r"\$\{[^{}]*\}")
_OPEN_MARK: Final = re.compile(f"{_OPEN}[0-9]{{1,9}}{_END}")


@dataclass(frozen=True)
class _Meaning:
    scope: str
    text: str
    raw: bool


class Marks:
    """The stand-ins of one report, and what each means."""

    def __init__(self, ambiguous: frozenset[str] = frozenset()) -> None:
        """Begin without any. ``ambiguous``: logical ids that are told apart by their stacks."""
        self._ambiguous = ambiguous
        self._numbers: dict[tuple[_Meaning, str], int] = {}
        self._meanings: list[_Meaning] = []
        self._all: list[str] = []

    def tell_apart(self, ambiguous: frozenset[str]) -> None:
        """Further logical ids that are told apart by their stacks, of another app with these."""
        self._ambiguous |= ambiguous

    def closed(self, text: str, *, scope: str = "") -> str:
        """The stand-in of one certain thing: a resource of the stack ``scope``, say."""
        return self._mark(_CLOSED, _Meaning(scope, text, raw=False), text)

    def open(self, text: str, *, scope: str = "", key: str = "", raw: bool = False) -> str:
        """The stand-in of a value that may be any text: a parameter without a default, say.

        ``key`` tells apart what prints alike; ``raw`` prints ``text`` without braces.
        """
        return self._mark(_OPEN, _Meaning(scope, text, raw), key or text)

    def readable(self, value: Any) -> Any:
        """The value with each stand-in as people read it."""
        if isinstance(value, str):
            return _MARK.sub(self._printed, value) if _END in value else value
        if isinstance(value, Mapping):
            return {self.readable(key): self.readable(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.readable(entry) for entry in value]
        return value

    def deferred(self, value: Any) -> Any:
        """The value with each stand-in as the rules of the model take what is known later.

        It is as :meth:`readable` but for what prints without braces, ``{{resolve:...}}`` say.
        """
        if isinstance(value, str):
            return _MARK.sub(self._in_braces, value) if _END in value else value
        if isinstance(value, Mapping):
            return {self.deferred(key): self.deferred(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.deferred(entry) for entry in value]
        return value

    def told(self, text: str) -> str:
        """The opposite of :meth:`readable`: stand-ins for what is printed so."""
        if "${" not in text:
            return text
        printed = {self._printed_as(number): mark for number, mark in enumerate(self._all)}
        return _PRINTED.sub(_Lookup(printed).replace, text)

    def names_in(self, text: str) -> tuple[str, ...]:
        """What the open stand-ins in a text mean, as people read it, without braces."""
        numbers = (int(match.group()[1:-1]) for match in _OPEN_MARK.finditer(text))
        known = (number for number in numbers if number < len(self._meanings))
        return tuple(dict.fromkeys(self._meanings[number].text for number in known))

    def _mark(self, kind: str, meaning: _Meaning, key: str) -> str:
        known = (meaning, kind + key)
        number = self._numbers.get(known)
        if number is None:
            number = self._numbers[known] = len(self._meanings)
            self._meanings.append(meaning)
            self._all.append(f"{kind}{number}{_END}")
        return self._all[number]

    def _printed(self, match: re.Match[str]) -> str:
        number = int(match.group(1))
        return self._printed_as(number) if number < len(self._meanings) else match.group()

    def _in_braces(self, match: re.Match[str]) -> str:
        number = int(match.group(1))
        if number < len(self._meanings) and self._meanings[number].raw:
            return f"${{{self._meanings[number].text.strip('{}')}}}"
        return self._printed(match)

    def _printed_as(self, number: int) -> str:
        meaning = self._meanings[number]
        if meaning.raw:
            return meaning.text
        if meaning.scope and meaning.text.partition(".")[0] in self._ambiguous:
            return f"${{{meaning.scope}.{meaning.text}}}"
        return f"${{{meaning.text}}}"


@dataclass(frozen=True)
class _Lookup:
    """Stand-ins by what is printed for them."""

    marks: Mapping[str, str]

    def replace(self, match: re.Match[str]) -> str:
        """The stand-in, or the text itself where nothing is printed so."""
        return self.marks.get(match.group(), match.group())


def marked(text: str) -> bool:
    """Whether a part of the text is a stand-in."""
    return _END in text


def begins_marked(text: str) -> bool:
    """Whether the text begins with a stand-in: one for a whole ARN, where an ARN belongs."""
    return text.startswith((_CLOSED, _OPEN)) and marked(text)


def begins_open(text: str) -> bool:
    """Whether the beginning of the text may be anything."""
    return _OPEN_MARK.match(text) is not None


def is_open(text: str) -> bool:
    """Whether a part of the text may be anything."""
    return _OPEN in text and _OPEN_MARK.search(text) is not None


def opened(text: str) -> str:
    """The text as a pattern: a wildcard for each part that may be anything."""
    return _OPEN_MARK.sub("*", text)
