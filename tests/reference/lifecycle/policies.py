"""Random lifecycle policies: such as the pages allow, and such with something changed in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.reference.lifecycle.validity import judge

PATTERNS = (
    *("*", "*", "v*", "v*", "v1*", "v1", "v*.0", "v*.0*", "V*", "prod*", "*prod*", "*prod", "prod"),
    *("latest", "*-1", "*-*", "a*", "*a", "a*a", "a*b*", "*b*a*", "ab*ab", "*a*b*a*", "re*se-1"),
    *("sha-*", "*1*", "*0*", "*a*", "*-*-*", "*a*b", "*.*0", "v1*0"),
)
PREFIXES = ("v", "v", "v1", "V", "prod", "prod-", "a", "ab", "be", "latest", "1", "sha-abc")
DAYS = (1, 1, 2, 2, 3, 5, 7, 14, 30, 89, 90, 365)
ARCHIVE_DAYS = (90, 90, 91, 120, 365)
BEYOND = 10**10
"""More than there are images, or days in the calendar: a rule that only protects."""


def valid_policy(source: random.Random) -> str:
    """A policy that the pages accept without a doubt."""
    while True:
        rules = [_rule(source) for _ in range(source.choice((1, 2, 3, 3, 4, 4, 5, 6)))]
        text = _written(_in_order(rules, source), source)
        judgement = judge(text)
        if not judgement.refused and not judgement.undecided:
            return text


def _in_order(rules: list[dict[str, Any]], source: random.Random) -> list[dict[str, Any]]:
    """One rule for untagged images in each class, and one for any images, which is the last."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for number, rule in enumerate(rules):
        status, count_type = rule["selection"]["tagStatus"], rule["selection"]["countType"]
        of_class = "archive" if count_type == "sinceImageTransitioned" else "standard"
        kept[of_class, f"tagged {number}" if status == "tagged" else status] = rule
    priorities = {rule["rulePriority"] for rule in kept.values()}
    while len(priorities) < len(kept):
        priorities.add(source.randint(1, 100))
    ordered = sorted(priorities)
    # The first of a class may come after the last of the other.
    for of_class in source.sample(("standard", "archive"), k=2):
        mine = [key for key in kept if key[0] == of_class]
        numbers = sorted(source.sample(ordered, k=len(mine)))
        ordered = [number for number in ordered if number not in numbers]
        mine.sort(key=_is_for_any)
        for key, priority in zip(mine, numbers, strict=True):
            kept[key]["rulePriority"] = priority
    return list(kept.values())


def _is_for_any(key: tuple[str, str]) -> bool:
    return key[1] == "any"


def any_policy(source: random.Random) -> str:
    """A policy of the right form, with anything in it that the pages speak of."""
    # Mostly a valid one with one thing changed, so that no second fault hides the first.
    rules = (
        json.loads(valid_policy(source))["rules"]
        if source.random() < 0.8
        else [_rule(source) for _ in range(source.choice((1, 2, 2, 3, 3, 4)))]
    )
    if source.random() < 0.01:
        rules = [_rule(source) for _ in range(source.choice((0, 50, 51)))]
        for number, rule in enumerate(rules, start=1):
            rule["rulePriority"] = number
            rule["selection"] |= {"tagStatus": "tagged", "tagPatternList": [f"v{number}*"]}
            rule["selection"].pop("tagPrefixList", None)
    for _ in range(source.choice((0, 1, 1, 1, 2))):
        if rules:
            source.choice(CHANGES)(source.choice(rules), source)
    if rules and source.random() < 0.05:
        _repeat(rules, source)
    return _written(rules, source)


def _written(rules: list[dict[str, Any]], source: random.Random) -> str:
    source.shuffle(rules)
    return json.dumps({"rules": rules}, indent=source.choice((None, 4)))


def _rule(source: random.Random) -> dict[str, Any]:
    kind = source.choice(
        ("imageCountMoreThan",) * 4
        + ("sinceImagePushed",) * 3
        + ("sinceImagePulled", "sinceImageTransitioned", "sinceImageTransitioned")
    )
    selection: dict[str, Any] = {"countType": kind} | _tags(source)
    days = ARCHIVE_DAYS if kind == "sinceImageTransitioned" else DAYS
    counts = (1, 1, 1, 2, 2, 3) if kind == "imageCountMoreThan" else days
    selection["countNumber"] = BEYOND if source.random() < 0.05 else source.choice(counts)
    if kind != "imageCountMoreThan":
        selection["countUnit"] = "days"
    if kind == "sinceImageTransitioned":
        selection["storageClass"] = "archive"
    elif source.random() < 0.3:
        selection["storageClass"] = "standard"
    archives = kind == "sinceImagePulled" or (
        kind != "sinceImageTransitioned" and source.random() < 0.3
    )
    action = {"type": "transition", "targetStorageClass": "archive"}
    rule: dict[str, Any] = {
        "rulePriority": source.choice((source.randint(1, 12), source.randint(1, 10**6))),
        "selection": selection,
        "action": action if archives else {"type": "expire"},
    }
    if source.random() < 0.2:
        rule["description"] = "what it does"
    return rule


def _tags(source: random.Random) -> dict[str, Any]:
    status = source.choice(("tagged", "tagged", "tagged", "untagged", "any"))
    if status != "tagged":
        return {"tagStatus": status}
    name, entries = source.choice((("tagPatternList", PATTERNS), ("tagPrefixList", PREFIXES)))
    chosen = source.sample(entries, k=source.choice((1, 1, 1, 1, 2, 3)))
    return {"tagStatus": status, name: list(dict.fromkeys(chosen))}


def _repeat(rules: list[dict[str, Any]], source: random.Random) -> None:
    """The tags of one rule in a rule after it, in another order."""
    again: dict[str, Any] = json.loads(json.dumps(source.choice(rules)))
    selection = again.get("selection")
    for name in ("tagPatternList", "tagPrefixList"):
        if isinstance(selection, dict) and isinstance(selection.get(name), list):
            selection[name].reverse()
    again["rulePriority"] = 10**7
    rules.append(again)


Change = Callable[[dict[str, Any], random.Random], None]


def _change_value(rule: dict[str, Any], source: random.Random) -> None:
    """Another value that some other rule may well have."""
    part, key, values = source.choice(
        (
            (rule, "rulePriority", (1, 2, 0, -1, 3)),
            (rule["selection"], "tagStatus", ("tagged", "untagged", "any", "TAGGED", "all")),
            (rule["selection"], "tagPatternList", ([], ["v*"], ["*a*b*c*"], ["*a*b*c*d*"])),
            (rule["selection"], "tagPrefixList", ([], ["v"], ["prod", "a"])),
            (rule["selection"], "storageClass", ("standard", "archive", "ARCHIVE", "glacier")),
            (rule["selection"], "countType", ("imageCountMoreThan", "sinceImagePushed",
              "sinceImagePulled", "sinceImageTransitioned", "sinceImageCreated")),
            (rule["selection"], "countUnit", ("days", "hours", "day", "Days", "")),
            (rule["selection"], "countNumber", (0, -1, 1, 89, 90, 2**40)),
            (rule["action"], "type", ("expire", "transition", "EXPIRE", "delete")),
            (rule["action"], "targetStorageClass", ("archive", "standard", "ARCHIVE")),
        )
    )  # fmt: skip
    part[key] = source.choice(values)


def _change_type(rule: dict[str, Any], source: random.Random) -> None:
    """A value of another type, or null."""
    part = source.choice((rule, rule["selection"], rule["action"]))
    values: tuple[Any, ...] = (None, "5", 5, 1.5, True, [], ["v*", 5], {}, [None], "days")
    part[source.choice(sorted(part))] = source.choice(values)


def _change_kind(rule: dict[str, Any], source: random.Random) -> None:
    """Another action with all that belongs to it."""
    archive = {"type": "transition", "targetStorageClass": "archive"}
    rule["action"] = source.choice((archive, {"type": "expire"}))


def _leave_out(rule: dict[str, Any], source: random.Random) -> None:
    part = source.choice((rule, rule["selection"], rule["action"]))
    del part[source.choice(sorted(part))]


def _add(rule: dict[str, Any], source: random.Random) -> None:
    """A property that belongs elsewhere, or nowhere."""
    part, key, value = source.choice(
        (
            (rule["selection"], "countUnit", "days"),
            (rule["selection"], "tagPrefixList", ["release"]),
            (rule["selection"], "tagPatternList", ["release*"]),
            (rule["action"], "targetStorageClass", "archive"),
            (rule, "countNumber", 3),
            (rule, "priority", 1),
        )
    )
    part.setdefault(key, value)


def _unharmed(change: Change) -> Change:
    """A change to a rule whose parts an earlier change may have taken away is none."""

    def changed(rule: dict[str, Any], source: random.Random) -> None:
        parts = (rule, rule.get("selection"), rule.get("action"))
        if all(isinstance(part, dict) and part for part in parts):
            change(rule, source)

    return changed


CHANGES: tuple[Change, ...] = (
    *(_unharmed(_change_value),) * 5,
    _unharmed(_change_kind),
    _unharmed(_change_type),
    _unharmed(_leave_out),
    _unharmed(_add),
)
