"""Which lifecycle policies ECR accepts, sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TYPES = {
    "rulePriority": int,
    "description": str,
    "tagStatus": str,
    "tagPatternList": list,
    "tagPrefixList": list,
    "storageClass": str,
    "countType": str,
    "countUnit": str,
    "countNumber": int,
    "type": str,
    "targetStorageClass": str,
}
RULE = {"rulePriority", "description", "selection", "action"}
SELECTION = {
    "tagStatus",
    "tagPatternList",
    "tagPrefixList",
    "storageClass",
    "countType",
    "countUnit",
    "countNumber",
}
ACTION = {"type", "targetStorageClass"}
SINCE = {"sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"}


@dataclass(frozen=True)
class Judgement:
    """What the pages say of a policy."""

    refused: tuple[str, ...]
    """Why it is refused, each with its page; a policy without a reason is accepted."""

    undecided: tuple[str, ...]
    """What no page decides: with one of these and no reason, nobody can say."""


def judge(text: str) -> Judgement:
    try:
        policy = json.loads(text)
    except ValueError:
        return Judgement(("LP: the evaluator parses JSON",), ())
    refused: list[str] = []
    undecided: list[str] = []
    # API, PutLifecyclePolicy, lifecyclePolicyText: "Minimum length of 100. Maximum length of
    # 30720."
    if not 100 <= len(text) <= 30720:
        refused.append("API: 100 to 30720 characters")
    rules = policy.get("rules") if isinstance(policy, Mapping) else None
    # LP: "A lifecycle policy contains one or more rules".
    if not isinstance(rules, list) or not rules:
        return Judgement((*refused, "LP: one or more rules"), ())
    if set(policy) != {"rules"}:
        undecided.append("EX: the template has no other property")
    # QUOTA: "Rules per lifecycle policy: 50".
    if len(rules) > 50:
        refused.append("QUOTA: 50 rules")
    for rule in rules:
        refused.extend(_shape(rule))
        undecided.extend(_unknown(rule))
    if refused and not all(_is_readable(rule) for rule in rules):
        return Judgement(tuple(refused), tuple(undecided))
    for rule in rules:
        refused.extend(_of_rule(rule))
    refused.extend(_of_all(rules))
    undecided.extend(_undecided(rules))
    return Judgement(tuple(refused), tuple(undecided))


def _is_readable(rule: Any) -> bool:
    return not list(_shape(rule))


def _shape(rule: Any) -> Iterator[str]:
    """PROP: each property's "Type" and "Required"."""
    parts = {"rule": rule}
    if isinstance(rule, Mapping):
        parts["selection"] = rule.get("selection")
        parts["action"] = rule.get("action")
    for name, part in parts.items():
        if not isinstance(part, Mapping):
            yield f"EX: {name} is an object"
            continue
        for key, value in part.items():
            kind = TYPES.get(key)
            if kind and (not isinstance(value, kind) or isinstance(value, bool)):
                yield f"PROP: {key} is a {kind.__name__}"
            elif kind is list and not all(isinstance(entry, str) for entry in value):
                yield f"PROP: {key} is a list of strings"
    required = (("rule", "rulePriority"), ("selection", "tagStatus"), ("selection", "countType"),
                ("selection", "countNumber"), ("action", "type"))  # fmt: skip
    for name, key in required:
        part = parts.get(name)
        if isinstance(part, Mapping) and key not in part:
            yield f"PROP: {key} is required"


def _unknown(rule: Any) -> Iterator[str]:
    """No page says what becomes of a property that the template does not have."""
    if isinstance(rule, Mapping):
        for part, known in (
            (rule, RULE),
            (rule.get("selection"), SELECTION),
            (rule.get("action"), ACTION),
        ):
            if isinstance(part, Mapping) and set(part) - known:
                yield "EX: the template has no such property"


def _of_rule(rule: Mapping[str, Any]) -> Iterator[str]:
    if rule["rulePriority"] < 1:
        yield "API, LifecyclePolicyRulePriority: minimum value of 1"
    yield from _of_tags(rule["selection"])
    yield from _of_count(rule["selection"])
    yield from _of_action(rule["selection"], rule["action"])


def _of_tags(selection: Mapping[str, Any]) -> Iterator[str]:
    status = selection["tagStatus"]
    if status not in {"tagged", "untagged", "any"}:
        yield "PROP: acceptable options are tagged, untagged, or any"
    lists = [name for name in ("tagPatternList", "tagPrefixList") if name in selection]
    if status == "tagged" and not any(selection[name] for name in lists):
        yield "PROP: with tagged, you must also specify tagPrefixList or tagPatternList"
    if len(lists) > 1:
        yield "LP: either tagPatternList or tagPrefixList, but not both"
    if status != "tagged" and lists:
        yield "LP: may only be used if the tagStatus is tagged"
    if any(pattern.count("*") > 4 for pattern in selection.get("tagPatternList", ())):
        yield "LP: a maximum limit of four wildcards per string"


def _of_count(selection: Mapping[str, Any]) -> Iterator[str]:
    count_type = selection["countType"]
    if count_type not in SINCE | {"imageCountMoreThan"}:
        yield "EX: the template names four count types"
    if count_type in SINCE and selection.get("countUnit") != "days":
        yield "PROP: specify a count unit of days"
    if count_type not in SINCE and "countUnit" in selection:
        yield "PROP: an error will occur if you specify a count unit"
    if selection["countNumber"] < 1:
        yield "PROP: positive integers"
    wanted = "archive" if count_type == "sinceImageTransitioned" else "standard"
    if selection.get("storageClass", "standard") != wanted:
        yield f"PROP: the only supported value is {wanted}"
    if count_type == "sinceImageTransitioned" and selection["countNumber"] < 90:
        yield "ARCH: no policies that delete images in archive for less than 90 days"


def _of_action(selection: Mapping[str, Any], action: Mapping[str, Any]) -> Iterator[str]:
    if action["type"] not in {"expire", "transition"}:
        yield "PROP: expire and transition"
    if selection["countType"] == "sinceImagePulled" and action["type"] != "transition":
        yield "EX: sinceImagePulled must be used with the transition action"
    if selection["countType"] == "sinceImageTransitioned" and action["type"] != "expire":
        yield "EX: sinceImageTransitioned must be used with the expire action"
    if action["type"] == "transition" and "targetStorageClass" not in action:
        yield "PROP: targetStorageClass is required if type is transition"
    if action.get("targetStorageClass", "archive") != "archive":
        yield "PROP: archive is the only supported value"


def _of_all(rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    priorities = [rule["rulePriority"] for rule in rules]
    if len(set(priorities)) != len(priorities):
        yield "PROP: a unique value for rulePriority"
    for storage_class in ("standard", "archive"):
        # Of each class: ECR's own words for it are "the lowest priority per storage class".
        same = [rule for rule in rules if _class_of(rule) == storage_class]
        last = max((rule["rulePriority"] for rule in same), default=0)
        statuses = [rule["selection"]["tagStatus"] for rule in same]
        if any(
            rule["selection"]["tagStatus"] == "any" and rule["rulePriority"] != last
            for rule in same
        ):
            yield "PROP: any must have the highest value for rulePriority"
        if statuses.count("any") > 1:
            yield "PROP: any must have the highest value for rulePriority, so there is one"
        if statuses.count("untagged") > 1:
            yield "LP: only one rule selecting a specific storage class may select untagged images"
        prefixes = _lists(same, "tagPrefixList")
        if len(set(prefixes)) != len(prefixes):
            yield "LP: the rules of a storage class must contain a unique set of prefixes"


def _class_of(rule: Mapping[str, Any]) -> str:
    return str(rule["selection"].get("storageClass", "standard"))


def _lists(rules: Sequence[Mapping[str, Any]], name: str) -> list[frozenset[str]]:
    return [frozenset(rule["selection"][name]) for rule in rules if name in rule["selection"]]


def _undecided(rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for rule in rules:
        selection, action = rule["selection"], rule["action"]
        for name in ("tagPatternList", "tagPrefixList"):
            entries = selection.get(name, ())
            if "" in entries:
                yield f"PROP: nothing on an empty string in {name}"
            if len(set(entries)) != len(entries):
                yield f"LP: nothing on a string that {name} has twice"
        if any("*" in prefix for prefix in selection.get("tagPrefixList", ())):
            yield "PROP: nothing on a wildcard in a prefix"
        if action["type"] == "expire" and "targetStorageClass" in action:
            yield "PROP: nothing on targetStorageClass with expire"
    for storage_class in ("standard", "archive"):
        same = [rule for rule in rules if _class_of(rule) == storage_class]
        prefixes, patterns = _lists(same, "tagPrefixList"), _lists(same, "tagPatternList")
        if sum(map(len, prefixes)) != len(frozenset().union(*prefixes)):
            yield "LP: unique may mean each prefix, not only each set"
        as_patterns = [frozenset(prefix + "*" for prefix in entries) for entries in prefixes]
        if len({*patterns, *as_patterns}) != len(patterns) + len(as_patterns):
            yield "LP: prefixes may mean patterns too"
