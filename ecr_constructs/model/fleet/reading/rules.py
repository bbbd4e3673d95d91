"""Lifecycle rules: by the words of the helpers, or as ECR's own documents have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ...errors import InvalidInputError
from ...findings import Severity
from ...lifecycle import (
    AllTags,
    LifecycleRule,
    archive_after,
    archive_unpulled,
    expire_after,
    expire_archived,
    expire_untagged,
    keep_last,
    keep_last_untagged,
    protect,
)
from ..checks.finding import one_of
from ..faults import Fault, Path
from .shapes import Faults

__all__ = ["COUNTED", "PROTECT", "RAW_KEYS", "read_rules"]

COUNTED: Final = (
    "keep_last",
    "keep_last_untagged",
    "expire_untagged",
    "expire_after",
    "archive_unpulled",
    "archive_after",
    "expire_archived",
)
"""Words whose value is a number of images or of days."""
PROTECT: Final = "protect"
RAW_KEYS: Final = ("rulePriority", "description", "selection", "action")
_WITHOUT_TAGS: Final = ("keep_last_untagged", "expire_untagged")
_BESIDE: Final = ("tags", "all_tags", "description", "priority")
_FORMS: Final = (*COUNTED, PROTECT)


def read_rules(value: object, path: Path, faults: Faults) -> tuple[LifecycleRule, ...] | None:
    """The rules of a list; None where something is wrong with one of them."""
    listed = faults.items(value, path, "lifecycle rules")
    if listed is None:
        return None
    before = len(faults.found)
    rules: list[LifecycleRule] = []
    for index, entry in enumerate(listed):
        rules.extend(_rule(entry, (*path, index), faults))
    return tuple(rules) if len(faults.found) == before else None


def _rule(value: object, path: Path, faults: Faults) -> tuple[LifecycleRule, ...]:
    if isinstance(value, dict) and ("selection" in value or "action" in value):
        return _raw(value, path, faults)
    said = [word for word in _FORMS if isinstance(value, dict) and word in value]
    if isinstance(value, dict) and len(said) != 1:
        # A word that is mistyped is told as such, where there is one.
        before = len(faults.found)
        faults.keys(value, path, (*_FORMS, *_BESIDE))
        if len(faults.found) == before:
            faults.wrong(
                path,
                f"says {len(said)} things at once" if said else "says not what to do",
                said or list(value),
                f"exactly one of {one_of(_FORMS)}",
                "write a rule for each",
            )
        return ()
    if said == [PROTECT]:
        return _protect(value, path, faults)
    word = said[0] if said else COUNTED[0]
    beside = [
        key for key in _BESIDE if key not in ("tags", "all_tags") or word not in _WITHOUT_TAGS
    ]
    before = len(faults.found)
    keys = faults.keys(value, path, (word, *beside), (word,))
    count = faults.whole(keys[word], (*path, word)) if word in keys else None
    tags = _tags(keys, path, faults)
    description = (
        faults.text(keys["description"], (*path, "description")) if "description" in keys else None
    )
    priority = faults.whole(keys["priority"], (*path, "priority")) if "priority" in keys else None
    if count is None or len(faults.found) > before:
        return ()
    places = {"count": word, "priority": "priority", "description": "description"}
    try:
        return (made(word, count, tags=tags, description=description, priority=priority),)
    except InvalidInputError as error:
        for finding in error.findings:
            key = places.get(finding.property, "all_tags" if "all_tags" in keys else "tags")
            faults.found.append(Fault.of((*path, key), finding))
        return ()


def made(
    word: str,
    count: int,
    *,
    tags: str | AllTags | None,
    description: str | None,
    priority: int | None,
) -> LifecycleRule:
    """The rule that a word and a number stand for."""
    if word == "keep_last_untagged":
        return keep_last_untagged(count, description=description, priority=priority)
    if word == "expire_untagged":
        return expire_untagged(after_days=count, description=description, priority=priority)
    if word == "keep_last":
        return keep_last(count, tags=tags, description=description, priority=priority)
    if word == "expire_after":
        return expire_after(days=count, tags=tags, description=description, priority=priority)
    if word == "archive_after":
        return archive_after(days=count, tags=tags, description=description, priority=priority)
    days = {"archive_unpulled": archive_unpulled, "expire_archived": expire_archived}[word]
    return days(after_days=count, tags=tags, description=description, priority=priority)


def _tags(keys: Mapping[str, object], path: Path, faults: Faults) -> str | AllTags | None:
    if "all_tags" in keys:
        if "tags" in keys:
            faults.wrong(
                (*path, "all_tags"),
                "stands beside 'tags'",
                keys["all_tags"],
                "one of the two",
                "write all patterns in 'all_tags'",
                at_key=True,
            )
        listed = faults.items(keys["all_tags"], (*path, "all_tags"), "patterns") or []
        texts = [
            faults.text(entry, (*path, "all_tags", index)) for index, entry in enumerate(listed)
        ]
        return AllTags(tuple(text for text in texts if text is not None))
    if "tags" not in keys:
        return None
    if isinstance(keys["tags"], list):
        faults.wrong(
            (*path, "tags"),
            "is a list, which ECR would read as 'and': only images with a tag for each entry",
            keys["tags"],
            "one pattern, or 'all_tags' where an image must carry them all",
            "write one rule for each pattern",
        )
        return None
    return faults.text(keys["tags"], (*path, "tags"))


def _protect(value: object, path: Path, faults: Faults) -> tuple[LifecycleRule, ...]:
    keys = faults.keys(value, path, (PROTECT, "archived"), (PROTECT,))
    before = len(faults.found)
    listed = faults.items(keys.get(PROTECT, []), (*path, PROTECT), "tags and patterns")
    texts = [faults.text(each, (*path, PROTECT, at)) for at, each in enumerate(listed or [])]
    archived = "archived" in keys and faults.flag(keys["archived"], (*path, "archived"))
    if len(faults.found) > before:
        return ()
    try:
        return protect(*(text for text in texts if text is not None), archived=bool(archived))
    except InvalidInputError as error:
        faults.found.extend(Fault.of((*path, PROTECT), finding) for finding in error.findings)
        return ()


def _raw(value: dict[str, object], path: Path, faults: Faults) -> tuple[LifecycleRule, ...]:
    # Imported when a rule is written so: the reader of documents costs more than all helpers.
    from ...lifecycle import parse  # noqa: PLC0415

    before = len(faults.found)
    faults.twice(value, path)
    try:
        text = json.dumps({"rules": [{"rulePriority": 1, **value}]})
    except (TypeError, ValueError):
        faults.wrong(
            path,
            "holds what JSON has not",
            value,
            "a rule as ECR has it",
            "write texts and numbers",
        )
        return ()
    rules, findings = parse(text)
    for finding in findings:
        if finding.severity is Severity.DANGER and finding.property.startswith("rules[0]"):
            steps = finding.property.removeprefix("rules[0]").split(".")[1:]
            unknown = finding.code == "lifecycle-unknown-property"
            faults.found.append(Fault.of((*path, *steps), finding, at_key=unknown))
    if len(faults.found) > before:
        return ()
    return tuple(
        rule if "rulePriority" in value else replace(rule, priority=None) for rule in rules
    )
