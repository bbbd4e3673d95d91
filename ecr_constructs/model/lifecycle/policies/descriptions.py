"""The numbers that a rule's description names, to lay beside the rule's own."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

__all__ = ["contradicts"]

_WORDS: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "hundred": 100,
}
# The days that people mean by a unit: a month may be counted as 28, 30 or 31 of them.
_DAYS: Final = {
    "day": (1.0,),
    "week": (7.0,),
    "month": (28.0, 30.0, 31.0, 365 / 12),
    "quarter": (90.0, 91.0, 92.0),
    "year": (360.0, 365.0, 366.0),
}
_NUMBER: Final = r"(?<![\w.*-])(?P<number>\d[\d,_]*|" + "|".join(_WORDS) + r")(?![\w.*])"
_OF_DAYS: Final = _NUMBER + r"[\s-]*(?P<unit>day|week|month|quarter|year)s?\b"
_OF_IMAGES: Final = (
    r"\b(?:keep|keeps|retain|last|latest|newest|recent|(?:more|fewer|less) than|at most|max"
    r"(?:imum)?(?: of)?|only|beyond)\s+(?:(?:the|only|last|latest|newest|at most|most recent)\s+)*"
    + _NUMBER
    + r"(?![\s-]*(?:day|week|month|quarter|year))"
    + "|"
    + _NUMBER.replace("number", "amount")
    + r"\s+(?:(?:most\s+recent|newest|latest|last|recent|untagged|tagged|any)\s+)*"
    r"(?:images?|tags?|versions?|releases?|builds?|artifacts?)\b"
)


def contradicts(description: str, count: int, *, in_days: bool) -> tuple[int, ...]:
    """The numbers that the description gives for what the rule counts, if none is the rule's.

    Only numbers beside a unit or a word like "keep" count: "rule 3" and "v2" say nothing.
    """
    named = _days(description) if in_days else _images(description)
    if not named or any(count in meant for meant in named.values()):
        return ()
    return tuple(named)


def _days(description: str) -> dict[int, frozenset[int]]:
    named = {}
    for match in _compiled(_OF_DAYS).finditer(description):
        number = _value(match["number"])
        meant: set[int] = set()
        for length in _DAYS[match["unit"].lower()]:
            meant.update((int(number * length), round(number * length)))
        named[number] = frozenset(meant)
    return named


def _images(description: str) -> dict[int, frozenset[int]]:
    named = {}
    for match in _compiled(_OF_IMAGES).finditer(description):
        number = _value(match["number"] or match["amount"])
        named[number] = frozenset((number,))
    return named


def _value(text: str) -> int:
    return _WORDS.get(text.lower()) or int(re.sub(r"[,_]", "", text) or 0)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    # Not at import: it takes longer than all else that making a rule needs.
    return re.compile(expression, re.IGNORECASE)
