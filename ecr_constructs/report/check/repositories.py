"""What a repository may lose: moved tags, unscanned images, and images that go with a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...model.deferred import is_deferred
from ...model.findings import Finding
from ...model.repository.posture import (
    check_can_move_tags,
    check_emptied,
    check_has_lifecycle,
    check_kept,
    check_scanned,
)
from ...model.repository.removal import is_kept
from ..template.alternatives import in_every_world
from ..template.app import App
from ..template.stack import Resource
from .located import Located
from .scanning import Scanning

__all__ = ["Emptied", "OfOne", "asked_of", "check_repositories", "written"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_EMPTIES: Final = "Custom::ECRAutoDeleteImages"
_EMPTY: Final = "empty-on-delete"
_NOT_RETAINED: Final = "repository-not-retained"
_ASKED: Final = (
    "EmptyOnDelete",
    "ImageScanningConfiguration",
    "ImageTagMutability",
    "LifecyclePolicy",
    "RepositoryName",
)
_POLICIES: Final = ("DeletionPolicy", "UpdateReplacePolicy")


def check_repositories(app: App) -> Iterator[Located]:
    """The rules for the settings of each private repository."""
    scanning = Scanning(app)
    emptied = Emptied(app)
    for resource in app.of_kind(_REPOSITORY):
        rules = OfOne(resource, scanning, emptied.by(resource))
        said = in_every_world(rules.asked, rules.findings, by=_code_of)
        empties = any(finding.code == _EMPTY for finding in said)
        for finding in said:
            # Who loses the images with the repository need not hear that it goes.
            if not (empties and finding.code == _NOT_RETAINED):
                yield Located(finding=finding, resource=resource)


class OfOne:
    """The rules for one repository."""

    def __init__(self, resource: Resource, scanning: Scanning, emptied_by: str | None) -> None:
        self._resource = resource
        self._scanning = scanning
        self._emptied_by = emptied_by
        self.asked = asked_of(resource)

    def findings(self, chosen: Mapping[str, Any]) -> Iterator[Finding]:
        """What is to be said where conditions chose these settings."""
        readable = self._resource.stack.marks.deferred(chosen)
        yield from check_can_move_tags(readable.get("ImageTagMutability"))
        yield from self._scan(chosen, readable)
        yield from _lifecycle(readable.get("LifecyclePolicy"))
        yield from _emptied(readable, self._emptied_by)
        yield from check_kept(
            deletion=readable.get("DeletionPolicy"),
            replacement=readable.get("UpdateReplacePolicy"),
        )

    def _scan(self, chosen: Mapping[str, Any], readable: Mapping[str, Any]) -> Iterator[Finding]:
        own = readable.get("ImageScanningConfiguration")
        on_push = own.get("ScanOnPush") if isinstance(own, Mapping) else own
        if is_deferred(on_push) or not isinstance(on_push, (bool, str, type(None))):
            return
        name = chosen.get("RepositoryName")
        because = self._scanning.why_off(
            self._resource.stack,
            name if isinstance(name, str) and name else self._resource.name,
            chosen,
        )
        if because is not None:
            yield from check_scanned(scanned=False, because=because, given=on_push)


class Emptied:
    """The repositories that CDK's own resource empties when it goes itself."""

    def __init__(self, app: App) -> None:
        self._by: dict[tuple[str, str, str], Resource] = {}
        for resource in app.of_kind(_EMPTIES):
            name = resource.properties.get("RepositoryName")
            deletion = written(resource, "DeletionPolicy")
            if isinstance(name, str) and is_kept(deletion) is False:
                stack = resource.stack
                self._by.setdefault((stack.account, stack.region, name), resource)

    def by(self, repository: Resource) -> str | None:
        """The construct path or logical id of what surely empties a repository."""
        stack = repository.stack
        found = self._by.get((stack.account, stack.region, repository.name))
        if found is None or found.condition not in (None, repository.condition):
            return None
        return found.construct_path or found.logical_id

    def loses_images(self, repository: Resource) -> bool:
        """Whether the images of a repository surely go where its stack goes."""
        own = in_every_world(asked_of(repository), _own_emptying, by=_code_of)
        return bool(own) or self.by(repository) is not None


def asked_of(resource: Resource) -> dict[str, Any]:
    """All that the rules look at: the attributes of a resource beside its properties."""
    given = {name: resource.properties[name] for name in _ASKED if name in resource.properties}
    for name in _POLICIES:
        attribute = written(resource, name)
        if attribute is not None:
            given[name] = attribute
    return given


def written(resource: Resource, attribute: str) -> Any:
    """An attribute of the resource, resolved: some transforms take functions there."""
    entry = resource.stack.resources.get(resource.logical_id)
    value = entry.get(attribute) if isinstance(entry, Mapping) else None
    return None if value is None else resource.stack.resolve(value)


def _lifecycle(policy: object) -> tuple[Finding, ...]:
    if isinstance(policy, Mapping):
        return check_has_lifecycle(policy.get("LifecyclePolicyText"))
    return check_has_lifecycle(policy)


def _own_emptying(chosen: Mapping[str, Any]) -> tuple[Finding, ...]:
    return _emptied(chosen, None)


def _emptied(settings: Mapping[str, Any], emptied_by: str | None) -> tuple[Finding, ...]:
    return check_emptied(
        empties=settings.get("EmptyOnDelete"),
        deletion=settings.get("DeletionPolicy"),
        replacement=settings.get("UpdateReplacePolicy"),
        emptied_by=emptied_by,
    )


def _code_of(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.property
