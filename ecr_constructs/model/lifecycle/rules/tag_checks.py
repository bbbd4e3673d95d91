"""What a pattern or prefix can be, and what people write in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...deferred import is_deferred
from ...findings import Finding
from .terms import EVALUATION_PAGE, MOST_WILDCARDS, PROPERTIES_PAGE, TAG_GRAMMAR_PAGE

if TYPE_CHECKING:
    from .rule import LifecycleRule

__all__ = ["check_entries"]

# The grammar of a tag: OCI distribution specification, "Pulling manifests".
TAG_FIRST: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
TAG_REST: Final = TAG_FIRST | frozenset(".-")
_REGEX_MARKS: Final = frozenset("^$+?[](){}|\\")
_NEVER_BEGINS: Final = re.compile(r"[.-]")


def check_entries(rule: LifecycleRule) -> Iterator[Finding]:
    """The patterns or prefixes of a rule that ECR refuses, or that no tag can ever match."""
    for pattern in rule.tag_patterns:
        if not is_deferred(pattern):
            yield from _pattern(pattern)
    for prefix in rule.tag_prefixes:
        if not is_deferred(prefix):
            yield from _prefix(prefix)


def _pattern(pattern: str) -> Iterator[Finding]:
    if pattern.count("*") > MOST_WILDCARDS:
        yield Finding(
            code="lifecycle-too-many-wildcards",
            property="tag_patterns",
            message=f"a pattern has {pattern.count('*')} wildcards",
            given=pattern,
            allowed="at most 4 of * in one pattern",
            fix="shorten the pattern: one * stands for any text",
            docs=EVALUATION_PAGE,
        )
    if not pattern:
        yield _unmatchable("tag_patterns", pattern, "an empty pattern", "write * for every tag")
        return
    yield from _impossible("tag_patterns", pattern, pattern.replace("*", ""))


def _prefix(prefix: str) -> Iterator[Finding]:
    if "*" in prefix:
        yield _unmatchable(
            "tag_prefixes",
            prefix,
            "a prefix is plain text, and * in it stands for itself",
            "move it to the patterns",
        )
        return
    yield from _impossible("tag_prefixes", prefix, prefix)


def _impossible(name: str, entry: str, literal: str) -> Iterator[Finding]:
    wrong = sorted(set(literal) - TAG_REST)
    if wrong and _REGEX_MARKS.intersection(wrong):
        yield _unmatchable(
            name,
            entry,
            "a regular expression is read as plain text",
            "use * for any text, one rule for each alternative",
        )
    elif wrong:
        yield _unmatchable(
            name,
            entry,
            f"no tag can hold {wrong[0]!r}",
            "use letters, digits, _ . and - (and * for any text)",
        )
    elif _NEVER_BEGINS.match(entry):
        yield _unmatchable(
            name,
            entry,
            f"no tag begins with {entry[0]!r}: this is a part from the middle of a tag",
            f"use the pattern *{entry}{'' if entry.endswith('*') else '*'}",
        )


def _unmatchable(name: str, entry: str, why: str, fix: str) -> Finding:
    return Finding(
        code="lifecycle-tag-never-matches",
        property=name,
        message=f"{why}, so the rule would select nothing",
        given=entry,
        allowed="text that a tag can hold (and * in a pattern)",
        fix=fix,
        docs=PROPERTIES_PAGE if "*" in entry else TAG_GRAMMAR_PAGE,
    )
