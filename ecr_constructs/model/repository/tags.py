"""Resource tags of a repository (not image tags).

https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ..deferred import is_deferred
from ..findings import Finding

__all__ = ["check_resource_tags"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html"
MAX_TAGS = 50
MAX_KEY = 127
MAX_VALUE = 255
_PUNCTUATION = frozenset("_.:/=+-@")
# Letters, separators (every space but the control characters) and numbers of Unicode.
_CATEGORIES = frozenset("LZN")
_RESERVED = re.compile(r"aws:", re.IGNORECASE)


def check_resource_tags(tags: object) -> tuple[Finding, ...]:
    """What AWS::ECR::Repository refuses about its tags: 50, keys of 127, values of 1 to 255."""
    if not isinstance(tags, Mapping):
        return (
            _finding(
                f"is a {type(tags).__name__}, not a mapping",
                tags,
                "a mapping of keys to values",
                "give {'team': 'shop'}, say",
            ),
        )
    found = []
    if len(tags) > MAX_TAGS:
        found.append(
            _finding(f"has {len(tags)} tags", len(tags), f"at most {MAX_TAGS}", "leave some out")
        )
    for key, value in tags.items():
        found.extend(_check_part(key, "key", MAX_KEY))
        found.extend(_check_part(value, f"value of {key!r}", MAX_VALUE))
        if isinstance(key, str) and _RESERVED.match(key):
            rest = re.sub(r"^(?:aws:)+", "", key, flags=re.IGNORECASE)
            found.append(
                _finding(
                    "has a key of the prefix that AWS keeps for itself",
                    key,
                    "keys that do not begin with 'aws:'",
                    f"use {rest!r}" if rest else "use another key",
                )
            )
    return tuple(found)


def _check_part(text: object, part: str, longest: int) -> tuple[Finding, ...]:
    if is_deferred(text):
        return ()
    if isinstance(text, str) and 1 <= len(text) <= longest and all(map(_is_taken, text)):
        return ()
    return (
        _finding(
            f"has a {part} that AWS does not take",
            text,
            f"1 to {longest} letters, digits, spaces and . : / = + - @ _",
            "shorten it, or replace other characters by '-'",
        ),
    )


def _is_taken(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in _CATEGORIES


def _finding(message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code="resource-tags-invalid",
        property="tags",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
