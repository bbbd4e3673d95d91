"""Filters that say which repositories a setting of the registry is for.

Each feature has a grammar of its own: see the page that its module names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..deferred import is_deferred
from ..findings import Finding

__all__ = ["FilterGrammar", "check_filters", "filter_texts"]


@dataclass(frozen=True, kw_only=True)
class FilterGrammar:
    """What a feature takes as a filter."""

    kind: str
    """The ``FilterType`` of the feature: there is one."""
    pattern: re.Pattern[str]
    shortest: int
    longest: int
    allowed: str
    docs: str
    most: int = 100


def check_filters(
    filters: object, grammar: FilterGrammar, *, code: str, option: str
) -> Iterator[Finding]:
    """What ECR refuses about the ``RepositoryFilters`` of a rule, or would not do with them."""
    if not isinstance(filters, (list, tuple)):
        return
    many = f"1 to {grammar.most} filters, each once: {grammar.allowed}"
    if not 1 <= len(filters) <= grammar.most:
        yield Finding(
            code=code,
            property=option,
            message=f"has {len(filters)} filters in one rule",
            given=len(filters),
            allowed=many,
            fix="give at least one; leave the rule out for no repository, or the list for every one"
            if not filters
            else "say with one filter what several say",
            docs=grammar.docs,
        )
    texts = filter_texts(filters)
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield Finding(
            code=code,
            property=option,
            message="has a filter twice in one rule",
            given=text,
            allowed=many,
            fix="leave one out",
            docs=grammar.docs,
        )
    for entry in filters:
        kind = entry.get("FilterType", grammar.kind) if isinstance(entry, dict) else grammar.kind
        given = entry.get("Filter") if isinstance(entry, dict) else entry
        if kind != grammar.kind and not is_deferred(kind):
            yield _finding(code, option, f"has a filter of the type {kind!r}", kind, grammar)
        elif not _taken(given, grammar):
            yield _finding(code, option, "has a filter that ECR does not take", given, grammar)


def filter_texts(filters: Any) -> list[str]:
    """The texts of filters; none where they are no list."""
    listed = filters if isinstance(filters, (list, tuple)) else ()
    found = [entry.get("Filter") if isinstance(entry, dict) else entry for entry in listed]
    return [text for text in found if isinstance(text, str)]


def _taken(text: object, grammar: FilterGrammar) -> bool:
    if not isinstance(text, str):
        return False
    if is_deferred(text):
        return True
    short_enough = grammar.shortest <= len(text) <= grammar.longest
    return short_enough and grammar.pattern.fullmatch(text) is not None


def _nearest(text: object, grammar: FilterGrammar) -> str:
    if isinstance(text, str):
        for nearest in (text.lower(), text.lower().strip("/"), text.lower().rstrip("*")):
            if _taken(nearest, grammar):
                return f"use {nearest!r}"
    return "write a filter of that form"


def _finding(
    code: str, option: str, message: str, given: object, grammar: FilterGrammar
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=f"{grammar.allowed} ({grammar.kind})",
        fix=_nearest(given, grammar),
        docs=grammar.docs,
    )
