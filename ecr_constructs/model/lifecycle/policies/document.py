"""A policy as the text that ECR takes: written here, read in :mod:`.reading`."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..rules.rule import LifecycleRule
from ..rules.terms import RuleAction, StorageClass

__all__ = ["render_numbered"]


def render_numbered(rules: Iterable[LifecycleRule]) -> str:
    """The text of rules that are numbered and in order."""
    document = {"rules": [_rule(rule) for rule in rules]}
    return json.dumps(document, separators=(",", ":"), allow_nan=False)


def _rule(rule: LifecycleRule) -> dict[str, object]:
    entry: dict[str, object] = {"rulePriority": rule.priority}
    if rule.description is not None:
        entry["description"] = rule.description
    entry["selection"] = _selection(rule)
    entry["action"] = _action(rule.action)
    return entry


def _selection(rule: LifecycleRule) -> dict[str, object]:
    selection: dict[str, object] = {"tagStatus": rule.tag_status.value}
    if rule.tag_patterns:
        selection["tagPatternList"] = list(rule.tag_patterns)
    if rule.tag_prefixes:
        selection["tagPrefixList"] = list(rule.tag_prefixes)
    # Standard is ECR's default and every tool takes its absence; some refuse its presence.
    if rule.storage_class is not StorageClass.STANDARD:
        selection["storageClass"] = rule.storage_class.value
    # In CDK's order, so that a policy of CDK's own class is the same text after a swap.
    selection["countType"] = rule.count_type.value
    selection["countNumber"] = rule.count
    if rule.count_type.in_days:
        selection["countUnit"] = "days"
    return selection


def _action(action: RuleAction) -> dict[str, object]:
    if action is RuleAction.TRANSITION:
        return {"type": action.value, "targetStorageClass": StorageClass.ARCHIVE.value}
    return {"type": action.value}
