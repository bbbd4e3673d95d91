"""What `*` and `?` stand for in actions, resources and condition values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Letter(NamedTuple):
    """One character of a pattern, and whether it stands for itself or for others."""

    text: str
    is_wildcard: bool
    takes_colons: bool = True


def letters_of(text: str) -> list[Letter]:
    """A pattern as it was written: every `*` and `?` in it is a wildcard."""
    return list(every_letter_of(text))


@lru_cache(maxsize=50_000)
def every_letter_of(text: str) -> tuple[Letter, ...]:
    """The same, remembered."""
    return tuple(Letter(character, character in "*?") for character in text)


def literal_letters(text: str) -> list[Letter]:
    """Text in which nothing is a wildcard."""
    return [Letter(character, is_wildcard=False) for character in text]


def within_segments(pattern: list[Letter]) -> list[Letter]:
    """IAM/reference_policies_elements_resource, "Using wildcards in resource ARNs".

    Wildcards stand "within the individual segments of an ARN (the parts separated by colons)".
    "If the * wildcard is the last character of a resource ARN segment, it can expand to match
    beyond the colon boundaries."
    """
    following = [*pattern, Letter(":", is_wildcard=False)][1:]
    return [
        Letter(letter.text, letter.is_wildcard, letter.text == "*" and after.text == ":")
        for letter, after in zip(pattern, following, strict=True)
    ]


def matches(pattern: list[Letter], text: str) -> bool:
    """IAM/reference_policies_elements_condition_operators, StringLike.

    "The values can include multi-character match wildcards (*) and single-character match
    wildcards (?) anywhere in the string."
    """
    return expression(tuple(pattern)).fullmatch(text) is not None


@lru_cache(maxsize=50_000)
def expression(pattern: tuple[Letter, ...]) -> re.Pattern[str]:
    """A pattern as a regular expression."""
    written = ""
    for letter in pattern:
        if not letter.is_wildcard:
            written += re.escape(letter.text)
            continue
        written += "." if letter.takes_colons else "[^:]"
        written += "*" if letter.text == "*" else ""
    return re.compile(written, re.DOTALL)


def split_at_colons(pattern: list[Letter], pieces: int) -> list[list[Letter]]:
    """A pattern's colon-delimited components; the last one takes all that is left."""
    components: list[list[Letter]] = [[]]
    for letter in pattern:
        if letter.text == ":" and len(components) < pieces:
            components.append([])
        else:
            components[-1].append(letter)
    return components
