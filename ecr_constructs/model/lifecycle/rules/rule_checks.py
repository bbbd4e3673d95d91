"""What ECR's documentation says of a single rule, as findings."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...deferred import is_deferred
from ...findings import Finding
from .tag_checks import check_entries
from .terms import (
    ARCHIVE_PAGE,
    EXAMPLES_PAGE,
    PROPERTIES_PAGE,
    SHORTEST_ARCHIVE_DAYS,
    CountType,
    RuleAction,
    StorageClass,
    TagStatus,
)

if TYPE_CHECKING:
    from .rule import LifecycleRule

__all__ = ["check_rule"]


def check_rule(rule: LifecycleRule) -> tuple[Finding, ...]:
    """The dangers of one rule by itself; empty where ECR takes it.

    See the user guide, "Lifecycle policy properties" (lifecycle_policy_parameters.html).
    """
    of_types = tuple(_wrong_types(rule))
    if of_types:
        return of_types
    return (
        *_selection(rule),
        *check_entries(rule),
        *_count(rule),
        *_storage_class(rule),
        *_action(rule),
    )


def _wrong_types(rule: LifecycleRule) -> Iterator[Finding]:
    yield from _not_of("action", rule.action, RuleAction)
    yield from _not_of("tag_status", rule.tag_status, TagStatus)
    yield from _not_of("count_type", rule.count_type, CountType)
    yield from _not_of("storage_class", rule.storage_class, StorageClass)
    if not _is_whole(rule.count):
        yield _refused(
            "lifecycle-count-not-positive",
            "count",
            "is no whole number",
            rule.count,
            "a whole number from 1, known when the policy is written",
            "give the number itself: it becomes part of the policy's text",
        )
    if rule.priority is not None and not _is_whole(rule.priority):
        yield _priority(rule.priority)
    if rule.description is not None and not isinstance(rule.description, str):
        yield _refused(
            "lifecycle-type",
            "description",
            "is no text",
            rule.description,
            "text, or nothing",
            "write the description as text",
        )
    for name, entries in (
        ("tag_patterns", rule.tag_patterns),
        ("tag_prefixes", rule.tag_prefixes),
    ):
        if not isinstance(entries, tuple):
            yield _refused(
                "lifecycle-type",
                name,
                "is no list of texts",
                entries,
                "a list of texts",
                "write a list, also of one text: [...]",
            )
        elif not all(isinstance(entry, str) for entry in entries):
            yield _refused(
                "lifecycle-type",
                name,
                "holds something that is no text",
                entries,
                "a list of texts",
                "write each entry as text",
            )


def _selection(rule: LifecycleRule) -> Iterator[Finding]:
    if rule.tag_status is TagStatus.TAGGED:
        if not rule.tag_patterns and not rule.tag_prefixes:
            yield _refused(
                "lifecycle-tags-missing",
                "tag_patterns",
                "a rule for tagged images says not which tags",
                rule.tag_patterns,
                "one pattern or prefix at least",
                'name the tags (["*"] for every tagged image)',
            )
        if rule.tag_patterns and rule.tag_prefixes:
            yield _refused(
                "lifecycle-patterns-and-prefixes",
                "tag_prefixes",
                "a rule takes patterns or prefixes, not both",
                {"tag_patterns": rule.tag_patterns, "tag_prefixes": rule.tag_prefixes},
                "one of the two lists",
                "write each prefix as a pattern that ends in *",
            )
    elif rule.tag_patterns or rule.tag_prefixes:
        yield _refused(
            "lifecycle-tags-not-taken",
            "tag_patterns" if rule.tag_patterns else "tag_prefixes",
            f"a rule for {rule.tag_status.value} images takes no tags",
            rule.tag_patterns or rule.tag_prefixes,
            "no list at all",
            "leave the list out, or make it a rule for tagged images",
        )


def _count(rule: LifecycleRule) -> Iterator[Finding]:
    if rule.count < 1:
        yield _refused(
            "lifecycle-count-not-positive",
            "count",
            "ECR takes no count below 1",
            rule.count,
            "a whole number from 1",
            "give at least 1; no rule keeps zero images or waits zero days",
        )
    elif (
        rule.count_type is CountType.SINCE_IMAGE_TRANSITIONED and rule.count < SHORTEST_ARCHIVE_DAYS
    ):
        yield _refused(
            "lifecycle-archive-too-short",
            "count",
            "archived images stay for 90 days at least",
            rule.count,
            "90 days or more",
            "give 90 or more days",
            docs=ARCHIVE_PAGE,
        )
    if rule.priority is not None and rule.priority < 1:
        yield _priority(rule.priority)


def _storage_class(rule: LifecycleRule) -> Iterator[Finding]:
    of_archive = rule.count_type is CountType.SINCE_IMAGE_TRANSITIONED
    if of_archive and rule.storage_class is not StorageClass.ARCHIVE:
        yield _refused(
            "lifecycle-storage-class",
            "storage_class",
            "days since the move to the archive are counted for archived images only",
            rule.storage_class.value,
            "archive",
            "set the storage class to archive",
        )
    if not of_archive and rule.storage_class is not StorageClass.STANDARD:
        yield _refused(
            "lifecycle-storage-class",
            "storage_class",
            f"{rule.count_type.value} looks at images of the standard class only",
            rule.storage_class.value,
            "standard, or nothing",
            "leave the storage class out, or count sinceImageTransitioned",
        )


def _action(rule: LifecycleRule) -> Iterator[Finding]:
    expires = rule.action is RuleAction.EXPIRE
    if rule.count_type is CountType.SINCE_IMAGE_PULLED and expires:
        yield _refused(
            "lifecycle-action",
            "action",
            "images are never expired by their last pull",
            rule.action.value,
            "transition",
            "archive them, and expire from the archive with sinceImageTransitioned",
            docs=EXAMPLES_PAGE,
        )
    if rule.count_type is CountType.SINCE_IMAGE_TRANSITIONED and not expires:
        yield _refused(
            "lifecycle-action",
            "action",
            "archived images are in the archive already",
            rule.action.value,
            "expire",
            "expire them",
            docs=EXAMPLES_PAGE,
        )


def _not_of(name: str, value: object, wanted: type[enum.Enum]) -> Iterator[Finding]:
    if not isinstance(value, wanted):
        allowed = ", ".join(str(member.value) for member in wanted)
        yield _refused(
            "lifecycle-type",
            name,
            f"is no {wanted.__name__}",
            value,
            allowed,
            f"use a member of {wanted.__name__}",
        )


def _is_whole(value: object) -> bool:
    # A number that CloudFormation fills in would be written into the text as its placeholder.
    return isinstance(value, int) and not isinstance(value, bool) and not is_deferred(value)


def _priority(given: object) -> Finding:
    return _refused(
        "lifecycle-priority",
        "priority",
        "ECR numbers rules from 1",
        given,
        "a whole number from 1, or nothing",
        "leave the priority out: rules are numbered in the order written",
    )


def _refused(
    code: str,
    name: str,
    message: str,
    given: object,
    allowed: str,
    fix: str,
    docs: str = PROPERTIES_PAGE,
) -> Finding:
    return Finding(
        code=code,
        property=name,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=docs,
    )
