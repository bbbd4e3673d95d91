"""What is legal and rarely meant: the mistakes that people's lifecycle policies really have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ..rules.language import Comparison
from ..rules.rule import LifecycleRule
from ..rules.terms import (
    EVALUATION_PAGE,
    EXAMPLES_PAGE,
    MOST_IMAGES,
    MOST_RULES,
    PROPERTIES_PAGE,
    CountType,
    StorageClass,
    TagStatus,
)
from .descriptions import contradicts

__all__ = ["find_traps"]

# ".*" where a dot is no part of a version number: v1.* is meant, v.* is a regular expression.
_REGEX_REST: Final = re.compile(r"(?:^|[^0-9*x])\.\*")


def find_traps(rules: Sequence[LifecycleRule]) -> tuple[Finding, ...]:
    """The warnings about numbered rules, in order of priority."""
    if len(rules) > MOST_RULES:
        return ()
    found: list[Finding] = []
    comparison = Comparison()
    for index, rule in enumerate(rules):
        before = [other for other in rules[:index] if other.storage_class is rule.storage_class]
        found += (
            *_list_is_and(comparison, rule),
            *_regular_expression(rule),
            *_no_wildcard(rule),
            *_places_taken(comparison, rule, before),
            *_one_kept(rule),
            *_description(rule),
            *_empty_prefix(rule),
        )
    found += _shield_ends_at_the_archive(comparison, rules)
    return tuple(found)


def _list_is_and(comparison: Comparison, rule: LifecycleRule) -> Iterator[Finding]:
    entries = rule.tag_patterns or rule.tag_prefixes
    if len(entries) <= 1 or is_deferred("".join(entries)):
        return
    apart = comparison.overlap(rule.selection) is False
    yield _warning(
        "lifecycle-tag-list-is-and",
        "tag_patterns" if rule.tag_patterns else "tag_prefixes",
        f"rule {rule.priority} selects only images that carry a tag for each entry of its list"
        + (", and no single tag fits them all" if apart else ""),
        entries,
        "one entry, unless every image carries all of these tags",
        "write one rule for each entry",
        EVALUATION_PAGE,
    )


def _regular_expression(rule: LifecycleRule) -> Iterator[Finding]:
    for pattern in rule.tag_patterns:
        if not is_deferred(pattern) and _REGEX_REST.search(pattern):
            yield _warning(
                "lifecycle-pattern-like-regex",
                "tag_patterns",
                f"rule {rule.priority} has .* in a pattern, where the dot stands for itself",
                pattern,
                "* for any text",
                f"write {pattern.replace('.*', '*')}",
                EVALUATION_PAGE,
            )


def _no_wildcard(rule: LifecycleRule) -> Iterator[Finding]:
    if rule.count_type is not CountType.IMAGE_COUNT_MORE_THAN or rule.count >= MOST_IMAGES:
        return
    for pattern in rule.tag_patterns:
        if "*" not in pattern and not is_deferred(pattern) and rule.count > 1:
            yield _warning(
                "lifecycle-pattern-without-wildcard",
                "tag_patterns",
                f"rule {rule.priority} keeps {rule.count} images of which only one can exist: a "
                "pattern without * is one whole tag",
                pattern,
                "a pattern with *",
                f"write {pattern}* for every tag that begins so",
                EVALUATION_PAGE,
            )


def _places_taken(
    comparison: Comparison, rule: LifecycleRule, before: Sequence[LifecycleRule]
) -> Iterator[Finding]:
    if rule.count_type is not CountType.IMAGE_COUNT_MORE_THAN or rule.count >= MOST_IMAGES:
        return
    claiming = [other for other in before if _same_tag_fits(comparison, other, rule)]
    if not claiming or any(_takes_all_of(comparison, other, rule) for other in claiming):
        return
    if len(claiming) < rule.count and all(_claims_one(other) for other in claiming):
        # As protect("v1") before it: the most of its places are left.
        return
    numbers = ", ".join(str(other.priority) for other in claiming)
    yield _warning(
        "lifecycle-places-taken",
        "count",
        f"images that rule {numbers} selects fill the {rule.count} places of rule "
        f"{rule.priority} as well, so fewer of the rest stay, down to none",
        rule.count,
        "tags of its own for what is counted, or an age in place of a number",
        "name the tags of the rest, or use days since the push",
        EVALUATION_PAGE,
    )


def _same_tag_fits(comparison: Comparison, earlier: LifecycleRule, rule: LifecycleRule) -> bool:
    """Whether an image commonly falls under both: by one and the same tag, or as any image."""
    if rule.tag_status is TagStatus.ANY:
        return True
    if rule.tag_status is not earlier.tag_status or rule.tag_status is TagStatus.UNTAGGED:
        return False
    entries = (*rule.selection, *earlier.selection)
    return not is_deferred("".join(entries)) and any(
        comparison.overlap((mine, theirs)) is True
        for mine in rule.selection
        for theirs in earlier.selection
    )


def _claims_one(rule: LifecycleRule) -> bool:
    """Whether the rule selects one image at most: a whole tag is on one image at a time."""
    return any("*" not in entry and not is_deferred(entry) for entry in rule.selection)


def _takes_all_of(comparison: Comparison, earlier: LifecycleRule, rule: LifecycleRule) -> bool:
    """Whether the later rule has nothing left, which is a finding of its own."""
    return rule.tag_status is TagStatus.TAGGED and all(
        any(comparison.is_within(mine, theirs) is True for mine in rule.selection)
        for theirs in earlier.selection
    )


def _one_kept(rule: LifecycleRule) -> Iterator[Finding]:
    counts_one = rule.count_type is CountType.IMAGE_COUNT_MORE_THAN and rule.count == 1
    if not counts_one or rule.tag_status is TagStatus.UNTAGGED:
        return
    if any("*" not in entry for entry in rule.selection):
        return
    yield _warning(
        "lifecycle-one-kept",
        "count",
        f"rule {rule.priority} keeps a single image ({rule.class_name}): the next push removes "
        "the one that runs, and nothing is left to go back to",
        rule.count,
        "2 or more where images are deployed from",
        "keep as many as a rollback may reach back",
        EXAMPLES_PAGE,
    )


def _description(rule: LifecycleRule) -> Iterator[Finding]:
    if rule.description is None or is_deferred(rule.description):
        return
    named = contradicts(rule.description, rule.count, in_days=rule.count_type.in_days)
    if named:
        unit = "days" if rule.count_type.in_days else "images"
        yield _warning(
            "lifecycle-description-differs",
            "description",
            f"rule {rule.priority} counts {rule.count} {unit}, its description says "
            + " and ".join(str(number) for number in named),
            rule.description,
            "the number that the rule counts",
            "correct the description or the count",
            PROPERTIES_PAGE,
        )


def _empty_prefix(rule: LifecycleRule) -> Iterator[Finding]:
    if "" in rule.tag_prefixes:
        yield _warning(
            "lifecycle-empty-prefix",
            "tag_prefixes",
            f"rule {rule.priority} has an empty prefix, which ECR may refuse",
            rule.tag_prefixes,
            "a prefix of one character or more",
            "write the pattern * for every tagged image",
            PROPERTIES_PAGE,
        )


def _shield_ends_at_the_archive(
    comparison: Comparison, rules: Sequence[LifecycleRule]
) -> Iterator[Finding]:
    """Archived images are claimed by rules of the archive only."""
    archive = [rule for rule in rules if rule.storage_class is StorageClass.ARCHIVE]
    for shield in rules:
        if (
            shield.count_type is not CountType.IMAGE_COUNT_MORE_THAN
            or shield.count < MOST_IMAGES
            or shield.tag_status is not TagStatus.TAGGED
        ):
            continue
        taking = next((rule for rule in archive if _may_take(comparison, shield, rule)), None)
        if taking is not None and set(taking.selection) != set(shield.selection):
            yield _warning(
                "lifecycle-archive-not-protected",
                "lifecycle",
                f"rule {shield.priority} protects images ({shield.class_name}) until they are "
                f"archived by hand; then rule {taking.priority} expires them",
                shield.selection,
                "a rule of the archive that protects the same tags, before the one that expires",
                "protect(..., archived=True)",
                EVALUATION_PAGE,
            )


def _may_take(comparison: Comparison, shield: LifecycleRule, rule: LifecycleRule) -> bool:
    if rule.tag_status is TagStatus.ANY:
        return True
    return _same_tag_fits(comparison, shield, rule)


def _warning(
    code: str, name: str, message: str, given: object, allowed: str, fix: str, docs: str
) -> Finding:
    return Finding(
        code=code,
        property=name,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=docs,
        severity=Severity.WARNING,
    )
