"""Reads the policies that people have, and says where something is wrong with them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from ...errors import InvalidInputError
from ...findings import Finding
from ..rules.rule import LifecycleRule
from ..rules.terms import (
    LONGEST_TEXT,
    POLICY_TEXT_PAGE,
    PROPERTIES_PAGE,
    CountType,
    RuleAction,
    StorageClass,
    TagStatus,
)
from .json_reader import Repeated, read_json
from .policy import check_policy

__all__ = ["parse"]

_RULE_KEYS: Final = ("rulePriority", "description", "selection", "action")
_SELECTION_KEYS: Final = (
    "tagStatus",
    "tagPatternList",
    "tagPrefixList",
    "storageClass",
    "countType",
    "countUnit",
    "countNumber",
)
_ACTION_KEYS: Final = ("type", "targetStorageClass")
# Where a rule's option stands in the document.
_PLACES: Final = {
    "priority": "rulePriority",
    "description": "description",
    "tag_status": "selection.tagStatus",
    "tag_patterns": "selection.tagPatternList",
    "tag_prefixes": "selection.tagPrefixList",
    "storage_class": "selection.storageClass",
    "count_type": "selection.countType",
    "count": "selection.countNumber",
    "action": "action.type",
}
_NEEDED: Final = ("priority", "tag_status", "storage_class", "count_type", "count", "action")
# Beyond this nothing is read: a policy is thirty times shorter.
_LONGEST_READ: Final = 1_000_000
_LONGEST_SHOWN: Final = 200


def parse(text: str) -> tuple[tuple[LifecycleRule, ...], tuple[Finding, ...]]:
    """The rules of a policy's text in order of priority, and everything wrong with it.

    A finding's ``property`` is the place in the document (``rules[2].selection.countNumber``), or
    line and column where the text is no JSON. Rules that could be read are returned even when
    others could not: ECR refuses the whole policy when there is a danger among the findings.

    See the user guide, "Lifecycle policy properties" (lifecycle_policy_parameters.html).
    """
    if len(text) > _LONGEST_READ:
        return (), (_too_long(text),)
    document, broken = read_json(text)
    if broken is not None:
        return (), (broken,)
    reader = _Reader()
    rules = reader.policy(document)
    findings = list(reader.findings)
    if rules or not findings:
        findings += [
            finding
            for finding in check_policy(rules)
            if finding.code != "lifecycle-text-too-long"  # judged by the text that was given
        ]
    if len(text) > LONGEST_TEXT:
        findings.append(_too_long(text))
    return tuple(sorted(rules, key=_order)), tuple(findings)


def _order(rule: LifecycleRule) -> int:
    return rule.priority or 0


class _Reader:
    """Walks a document once and collects what is wrong with it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def policy(self, document: object) -> tuple[LifecycleRule, ...]:
        properties = self._object(document, "policy", ("rules",))
        if properties is None:
            return ()
        rules = properties.get("rules")
        if not isinstance(rules, list):
            self._wrong("rules", "is no list of rules", rules, "a list of 1 to 50 rules")
            return ()
        read = (self._rule(entry, f"rules[{index}]") for index, entry in enumerate(rules))
        return tuple(rule for rule in read if rule is not None)

    def _rule(self, entry: object, place: str) -> LifecycleRule | None:
        properties = self._object(entry, place, _RULE_KEYS)
        if properties is None:
            return None
        selection = self._object(properties.get("selection"), f"{place}.selection", _SELECTION_KEYS)
        action = self._object(properties.get("action"), f"{place}.action", _ACTION_KEYS)
        if selection is None or action is None:
            return None
        values = {
            "priority": self._whole(properties, "rulePriority", place),
            "description": self._text(properties, "description", place),
            **self._selection(selection, f"{place}.selection"),
            "action": self._action(action, f"{place}.action"),
        }
        # What is there is still judged beside an unknown or repeated property.
        if any(values[name] is None for name in _NEEDED):
            return None
        return self._made(values, place)

    def _made(self, values: dict[str, Any], place: str) -> LifecycleRule | None:
        try:
            return LifecycleRule(**values)
        except InvalidInputError as error:
            self.findings += [
                replace(finding, property=f"{place}.{_PLACES[finding.property]}")
                for finding in error.findings
            ]
            return None

    def _selection(self, selection: dict[str, object], place: str) -> dict[str, object]:
        count_type = self._member(selection, "countType", place, CountType)
        self._unit(selection, place, count_type)
        storage_class: object = StorageClass.STANDARD
        if "storageClass" in selection:
            storage_class = self._member(selection, "storageClass", place, StorageClass)
        tag_status = self._member(selection, "tagStatus", place, TagStatus)
        self._empty_lists(selection, place, tag_status)
        return {
            "tag_status": tag_status,
            "tag_patterns": self._texts(selection, "tagPatternList", place),
            "tag_prefixes": self._texts(selection, "tagPrefixList", place),
            "storage_class": storage_class,
            "count_type": count_type,
            "count": self._whole(selection, "countNumber", place),
        }

    def _empty_lists(self, selection: dict[str, object], place: str, tag_status: object) -> None:
        """A list that must be left out is not left out when it is empty."""
        lists = [name for name in ("tagPatternList", "tagPrefixList") if name in selection]
        # A single empty list for tagged images is found by the rule's own check.
        if tag_status is TagStatus.TAGGED and len(lists) == 1:
            return
        for name in lists:
            if selection[name] == []:
                self._wrong(
                    f"{place}.{name}",
                    "is empty, where ECR wants no list at all",
                    [],
                    "no list at all",
                    fix="leave the property out",
                )

    def _unit(self, selection: dict[str, object], place: str, count_type: object) -> None:
        unit = selection.get("countUnit")
        if not isinstance(count_type, CountType):
            return
        if count_type.in_days and unit != "days" and not self._null(selection, "countUnit"):
            self._wrong(f"{place}.countUnit", f"{count_type.value} counts days", unit, "days")
        if not count_type.in_days and "countUnit" in selection and unit is not None:
            self._wrong(
                f"{place}.countUnit",
                "imageCountMoreThan counts images and takes no unit",
                unit,
                "no countUnit",
            )

    def _action(self, action: dict[str, object], place: str) -> object:
        kind = self._member(action, "type", place, RuleAction)
        target = action.get("targetStorageClass")
        if kind is RuleAction.TRANSITION and target != "archive":
            if not self._null(action, "targetStorageClass"):
                self._wrong(
                    f"{place}.targetStorageClass",
                    "a transition says where to",
                    target,
                    "archive",
                )
        elif kind is RuleAction.EXPIRE and target is not None:
            self._wrong(
                f"{place}.targetStorageClass",
                "an expiry goes nowhere",
                target,
                "no targetStorageClass",
            )
        return kind

    def _object(
        self, value: object, place: str, known: tuple[str, ...]
    ) -> dict[str, object] | None:
        if not isinstance(value, dict):
            self._wrong(place, "is no object", value, "an object with " + ", ".join(known))
            return None
        inside = "" if place == "policy" else place + "."
        if isinstance(value, Repeated):
            for key in value.repeated:
                self._wrong(
                    inside + key,
                    "is given twice, and readers differ in which one counts",
                    value[key],
                    "each property once",
                    code="lifecycle-duplicate-key",
                    fix="remove one of them",
                )
        for key, given in value.items():
            if key not in known:
                self._wrong(
                    inside + key,
                    "is no property that ECR knows here",
                    given,
                    ", ".join(known),
                    code="lifecycle-unknown-property",
                    fix=_nearest(key, known),
                )
            elif given is None:
                self._wrong(
                    inside + key,
                    "is null, which ECR refuses",
                    None,
                    "a value, or no property at all",
                    code="lifecycle-null",
                    fix="leave the property out",
                )
        return value

    def _null(self, properties: dict[str, object], key: str) -> bool:
        return key in properties and properties[key] is None

    def _member(
        self,
        properties: dict[str, object],
        key: str,
        place: str,
        members: type[TagStatus | CountType | StorageClass | RuleAction],
    ) -> object:
        given = properties.get(key)
        for member in members:
            if given == member.value:
                return member
        if not self._null(properties, key):
            allowed = ", ".join(member.value for member in members)
            what = "is missing" if key not in properties else "is no value that ECR knows"
            self._wrong(f"{place}.{key}", what, given, allowed)
        return None

    def _whole(self, properties: dict[str, object], key: str, place: str) -> object:
        given = properties.get(key)
        if isinstance(given, int) and not isinstance(given, bool):
            return given
        if not self._null(properties, key):
            what = "is missing" if key not in properties else "is no whole number"
            self._wrong(f"{place}.{key}", what, given, "a whole number from 1")
        return None

    def _text(self, properties: dict[str, object], key: str, place: str) -> object:
        given = properties.get(key)
        if given is not None and not isinstance(given, str):
            self._wrong(f"{place}.{key}", "is no text", given, "text, or no property at all")
        return given

    def _texts(self, properties: dict[str, object], key: str, place: str) -> tuple[str, ...]:
        given = properties.get(key)
        if given is None:
            return ()
        if not isinstance(given, list) or not all(isinstance(entry, str) for entry in given):
            self._wrong(f"{place}.{key}", "is no list of texts", given, "a list of texts")
            return ()
        return tuple(given)

    def _wrong(
        self,
        place: str,
        message: str,
        given: object,
        allowed: str,
        *,
        code: str = "lifecycle-policy-shape",
        fix: str | None = None,
    ) -> None:
        self.findings.append(
            Finding(
                code=code,
                property=place,
                message=message,
                given=_short(given),
                allowed=allowed,
                fix=fix or f"write {allowed}",
                docs=PROPERTIES_PAGE,
            )
        )


def _nearest(key: str, known: tuple[str, ...]) -> str:
    for candidate in known:
        if candidate.lower() == key.lower():
            return f"write {candidate}: names are case-sensitive"
    return "remove it"


def _short(given: object) -> object:
    """A value that fits a message: what was given may be as large as the document."""
    if isinstance(given, (dict, list)):
        text = json.dumps(given)
        return given if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."
    if isinstance(given, str) and len(given) > _LONGEST_SHOWN:
        return given[:_LONGEST_SHOWN] + "..."
    return given


def _too_long(text: str) -> Finding:
    return Finding(
        code="lifecycle-text-too-long",
        property="policy",
        message=f"the policy's text has {len(text)} characters",
        given=len(text),
        allowed="100 to 30720 characters",
        fix="shorten the descriptions, or merge rules",
        docs=POLICY_TEXT_PAGE,
    )
