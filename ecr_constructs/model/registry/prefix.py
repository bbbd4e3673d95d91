"""Prefixes of cache rules and creation templates: a namespace, or ROOT.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html
"""

from __future__ import annotations

import re
from typing import Final

from ..deferred import is_deferred
from ..findings import Finding
from ..repository.name import nearest_repository_name
from .effective.namespaces import ROOT, beginning

__all__ = ["ROOT", "beginning", "check_prefix", "is_inside"]

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PREFIX: Final = re.compile(rf"{_PART}(?:/{_PART})*/?")


def check_prefix(
    prefix: object, *, code: str, option: str, shortest: int, longest: int, docs: str
) -> tuple[Finding, ...]:
    """What ECR refuses about a prefix; a deferred one is not judged."""
    if isinstance(prefix, str):
        if is_deferred(prefix) or prefix == ROOT:
            return ()
        if _PREFIX.fullmatch(prefix) and shortest <= len(prefix) <= longest:
            return ()
    return (
        Finding(
            code=code,
            property=option,
            message=_fault(prefix, shortest, longest),
            given=prefix,
            allowed=(
                f"{ROOT!r}, or {shortest} to {longest} characters: parts of a-z and 0-9, joined by "
                "one '.', one '_', '__' or any number of '-', and separated by '/'"
            ),
            fix=_fix(prefix, shortest, longest),
            docs=docs,
        ),
    )


def is_inside(prefix: str, other: str) -> bool:
    """Whether a namespace lies inside another; ROOT stands for all others, and not over them."""
    if ROOT in (prefix, other) or is_deferred(prefix) or is_deferred(other):
        return False
    return beginning(prefix) != beginning(other) and beginning(prefix).startswith(beginning(other))


def _fault(prefix: object, shortest: int, longest: int) -> str:
    if not isinstance(prefix, str):
        return f"is a {type(prefix).__name__}, not a string"
    if not shortest <= len(prefix) <= longest:
        return f"is {len(prefix)} characters long"
    return "is not a prefix that repository names can have"


def _fix(prefix: object, shortest: int, longest: int) -> str:
    if isinstance(prefix, str):
        if prefix.upper() == ROOT:
            return f"write {ROOT!r}"
        nearest = nearest_repository_name(prefix)
        if nearest and shortest <= len(nearest) <= longest:
            return f"use {nearest!r}"
    return "choose a prefix of that form"
