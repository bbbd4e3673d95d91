"""Resource tags in the order of CDK, which compares their keys as JavaScript's locales do."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

__all__ = ["rendered_tags"]

# The characters of a key that are no letters and no digits, in the order of ICU's root collation:
# they come before digits, and digits before letters. A letter with an accent comes behind the one
# without, and before the next. Other alphabets follow in the order of Unicode, which ICU does not
# always take; CloudFormation reads the tags as a set anyway.
_PUNCTUATION: Final = " _-:.@/+="


def rendered_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """The ``Tags`` property."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags, key=_collation)]


def _collation(key: str) -> tuple[list[tuple[int, int]], list[str], list[bool]]:
    """What is compared first, then where that is the same, and last."""
    accents: list[str] = []
    if not key.isascii():
        parts = unicodedata.normalize("NFD", key)
        accents = [each for each in parts if unicodedata.combining(each)]
        key = "".join([each for each in parts if not unicodedata.combining(each)])
    return [_primary(each) for each in key], accents, [each.isupper() for each in key]


def _primary(character: str) -> tuple[int, int]:
    place = _PUNCTUATION.find(character)
    if place >= 0:
        return 0, place
    if character.isdigit():
        return 1, ord(character)
    return 2, ord(character.lower()[0])
