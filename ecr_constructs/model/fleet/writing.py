"""Values written as a manifest that is read to equal values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

from ..errors import InvalidInputError
from ..lifecycle import (
    AllTags,
    CountType,
    LifecycleRule,
    RuleAction,
    TagStatus,
    render,
)
from ..repository.mutability import MutableTags
from ..repository.removal import Removal
from .principals import FleetPrincipal, FleetTrust
from .reading.options import ENCRYPTION
from .reading.rules import made
from .values import VERSION, Accessor, Fleet, FleetEnvironment, FleetOptions

__all__ = ["manifest_text", "manifest_value"]

_WORDS: Final[Mapping[tuple[RuleAction, CountType, bool], str]] = {
    (RuleAction.EXPIRE, CountType.IMAGE_COUNT_MORE_THAN, False): "keep_last",
    (RuleAction.EXPIRE, CountType.IMAGE_COUNT_MORE_THAN, True): "keep_last_untagged",
    (RuleAction.EXPIRE, CountType.SINCE_IMAGE_PUSHED, False): "expire_after",
    (RuleAction.EXPIRE, CountType.SINCE_IMAGE_PUSHED, True): "expire_untagged",
    (RuleAction.TRANSITION, CountType.SINCE_IMAGE_PULLED, False): "archive_unpulled",
    (RuleAction.TRANSITION, CountType.SINCE_IMAGE_PUSHED, False): "archive_after",
    (RuleAction.EXPIRE, CountType.SINCE_IMAGE_TRANSITIONED, False): "expire_archived",
}


def manifest_text(fleet: Fleet) -> str:
    """The manifest as indented JSON."""
    return json.dumps(manifest_value(fleet), indent=2, ensure_ascii=False) + "\n"


def manifest_value(fleet: Fleet) -> dict[str, object]:
    """The manifest as objects, lists, texts and numbers; sections that are empty are left out."""
    value: dict[str, object] = {
        "version": VERSION,
        "groups": {name: {"shards": group.shards} for name, group in fleet.groups.items()},
        "kinds": {
            name: _said({"group": kind.group}) | _options(kind)
            for name, kind in fleet.kinds.items()
        },
        "principals": {name: _principal(each) for name, each in fleet.principals.items()},
        "roles": {
            name: _said(
                {
                    "group": role.group,
                    "trust": _trust(role.trust),
                    "role_name": role.role_name,
                    "description": role.description,
                }
            )
            for name, role in fleet.roles.items()
        },
        "environments": {name: _environment(each) for name, each in fleet.environments.items()},
    }
    found = {key: entry for key, entry in value.items() if entry or key == "groups"}
    found["repositories"] = [
        _said({"name": entry.name, "kind": entry.kind, "group": entry.group}) | _options(entry)
        for entry in fleet.repositories
    ]
    return found


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _environment(environment: FleetEnvironment) -> dict[str, object]:
    found = _said({"account": environment.account, "region": environment.region})
    if environment.overrides is not None:
        found["overrides"] = _options(environment.overrides)
    return found


def _options(options: FleetOptions) -> dict[str, object]:
    words = {value: word for word, value in ENCRYPTION.items()}
    lifecycle = options.lifecycle
    return _said(
        {
            "lifecycle": None if lifecycle is None else [_rule(rule) for rule in lifecycle],
            "pull": _accessors(options.pull),
            "push": _accessors(options.push),
            "tags": None if options.tags is None else dict(options.tags),
            "encryption": None if options.encryption is None else words[options.encryption],
            "encryption_key": options.encryption_key,
            "mutable_tags": _mutable_tags(options.mutable_tags),
            "scan_on_push": options.scan_on_push,
            "removal": _removal(options.removal),
        }
    )


def _accessors(accessors: Iterable[Accessor] | None) -> list[object] | None:
    if accessors is None:
        return None
    return [each if isinstance(each, str) else _principal(each) for each in accessors]


def _principal(principal: FleetPrincipal) -> dict[str, object]:
    return {principal.kind.value: principal.value}


def _trust(trust: FleetTrust) -> dict[str, object]:
    if trust.principal is not None:
        return _principal(trust.principal)
    if trust.service is not None:
        return {"service": trust.service}
    word, tokens = ("github", trust.github) if trust.github else ("gitlab", trust.gitlab)
    said = {
        entry.name: getattr(tokens, entry.name)
        for entry in (fields(tokens) if tokens is not None else ())
        if getattr(tokens, entry.name) != entry.default
    }
    return {word: said}


def _mutable_tags(given: MutableTags | Sequence[str] | None) -> object:
    if given is None:
        return None
    mutable = MutableTags.of(given)
    if mutable.rest_is_mutable:
        return {"all_except": list(mutable.patterns)} if mutable.patterns else "all"
    return list(mutable.patterns)


def _removal(removal: Removal | None) -> object:
    if removal is None:
        return None
    if removal.empties:
        return {"delete_with_images": removal.reason}
    return {"delete_when_empty": removal.reason} if removal.deletes else "retain"


def _rule(rule: LifecycleRule) -> dict[str, object]:
    word = _WORDS.get((rule.action, rule.count_type, rule.tag_status is TagStatus.UNTAGGED))
    if word is not None and not rule.tag_prefixes:
        tags = _tags(rule)
        plain = _made(word, rule, tags, None)
        if plain == rule:
            return _written(word, rule, tags, None)
        if _made(word, rule, tags, rule.description) == rule:
            return _written(word, rule, tags, rule.description)
    raw: dict[str, object] = json.loads(render([rule]))["rules"][0]
    if rule.priority is None:
        del raw["rulePriority"]
    return raw


def _made(
    word: str, rule: LifecycleRule, tags: str | AllTags | None, description: str | None
) -> LifecycleRule | None:
    try:
        return made(word, rule.count, tags=tags, description=description, priority=rule.priority)
    except InvalidInputError:
        return None


def _written(
    word: str, rule: LifecycleRule, tags: str | AllTags | None, description: str | None
) -> dict[str, object]:
    return _said(
        {
            word: rule.count,
            "tags": tags if isinstance(tags, str) else None,
            "all_tags": list(tags.patterns) if isinstance(tags, AllTags) else None,
            "description": description,
            "priority": rule.priority,
        }
    )


def _tags(rule: LifecycleRule) -> str | AllTags | None:
    if len(rule.tag_patterns) == 1:
        return rule.tag_patterns[0]
    return AllTags(rule.tag_patterns) if rule.tag_patterns else None
