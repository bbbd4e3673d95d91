"""The KMS keys of an app under which its repositories keep their images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...model.encryption_key import check_key_enabled, check_key_kept
from ...model.findings import Finding
from ..template.alternatives import in_every_world
from ..template.app import App
from ..template.stack import Resource, Stack
from .located import Located
from .repositories import Emptied, written

__all__ = ["KEYS", "Keys", "check_keys", "named_users"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_TEMPLATE: Final = "AWS::ECR::RepositoryCreationTemplate"
KEYS: Final = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
"""The types of keys."""
_ALIAS: Final = "AWS::KMS::Alias"
_BY_KMS: Final = ("KMS", "KMS_DSSE")
_MOST_NAMED: Final = 3
Place = tuple[str, str, str]


def check_keys(app: App) -> Iterator[Located]:
    """The rules for each key that encrypts a repository, or what a creation template makes."""
    keys = Keys(app)
    if not keys:
        return
    users: dict[int, list[Resource]] = {}
    for resource in app.of_kind(_REPOSITORY, _TEMPLATE):
        key = keys.of(resource)
        if key is not None:
            users.setdefault(id(key), []).append(resource)
    emptied = Emptied(app)
    for key in keys.every:
        found = users.get(id(key))
        if found:
            # Images that go with their stack anyway are not lost by the key.
            staying = [each for each in found if not emptied.loses_images(each)]
            yield from _check(key, found, staying)


def _check(key: Resource, users: list[Resource], staying: list[Resource]) -> Iterator[Located]:
    def findings(chosen: Mapping[str, Any]) -> Iterator[Finding]:
        readable = key.stack.marks.deferred(chosen)
        yield from check_key_enabled(readable.get("Enabled"), encrypts=named_users(users))
        if staying:
            yield from check_key_kept(readable.get("DeletionPolicy"), encrypts=named_users(staying))

    asked = {
        "Enabled": key.properties.get("Enabled"),
        "DeletionPolicy": written(key, "DeletionPolicy"),
    }
    for finding in in_every_world(asked, findings, by=_code_of):
        yield Located(finding=finding, resource=key)


class Keys:
    """The keys of an app, by everything that may name one."""

    def __init__(self, app: App) -> None:
        self.every = tuple(app.of_kind(*KEYS))
        self._by_name: dict[str, Resource] = {}
        self._by_alias: dict[Place, Resource] = {}
        for key in self.every:
            arn = key.stack.attribute(key.logical_id, "Arn")
            for name in (key.name, arn, key.stack.attribute(key.logical_id, "KeyId")):
                self._by_name[str(name)] = key
        for alias in app.of_kind(_ALIAS) if self.every else ():
            target = self._named(alias.properties.get("TargetKeyId"), alias.stack)
            if target is not None:
                for name in (alias.name, alias.properties.get("AliasName")):
                    if isinstance(name, str):
                        self._by_alias[_place(alias.stack, name)] = target

    def __bool__(self) -> bool:
        return bool(self.every)

    def of(self, resource: Resource) -> Resource | None:
        """The key of the app that surely encrypts for a resource."""
        given = resource.properties.get("EncryptionConfiguration")
        if not isinstance(given, Mapping) or given.get("EncryptionType") not in _BY_KMS:
            return None
        return self._named(given.get("KmsKey"), resource.stack)

    def _named(self, text: object, stack: Stack) -> Resource | None:
        if not isinstance(text, str):
            return None
        # An ARN ends with what it names, and may be put together of a key's id.
        name = text.rpartition(":")[2]
        return (
            self._by_name.get(text)
            or self._by_name.get(name.removeprefix("key/"))
            or self._by_alias.get(_place(stack, name))
        )


def _place(stack: Stack, name: str) -> Place:
    return stack.account, stack.region, name


def named_users(users: Sequence[Resource]) -> str:
    """What a key encrypts, for a message."""
    names = [each.construct_path or each.logical_id for each in users[:_MOST_NAMED]]
    more = len(users) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _code_of(finding: Finding) -> str:
    return finding.code
