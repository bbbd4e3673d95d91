"""What ECR refuses of the resources of its own types, registry by registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from ...model.findings import Finding
from ...model.registry.address import RegistryAddress
from ...model.registry.written import (
    REGISTRY_POLICY,
    RegistryResource,
    check_resource,
    check_together,
    holds_policy,
)
from ...model.repository.name import check_name_twice
from ..template.alternatives import branches
from ..template.app import App
from ..template.marks import is_open
from ..template.stack import Resource, Stack
from .in_worlds import There, found_in_worlds
from .located import Located

__all__ = ["ECR_TYPES", "check_registries"]

_REPOSITORIES: Final = ("AWS::ECR::Repository", "AWS::ECR::PublicRepository")
ECR_TYPES: Final = (
    *_REPOSITORIES,
    REGISTRY_POLICY,
    "AWS::ECR::RegistryScanningConfiguration",
    "AWS::ECR::ReplicationConfiguration",
    "AWS::ECR::SigningConfiguration",
    "AWS::ECR::PullTimeUpdateExclusion",
    "AWS::ECR::PullThroughCacheRule",
    "AWS::ECR::RepositoryCreationTemplate",
)
"""Every type of ECR."""


# A registry has one policy, and a few more by conditions: each is read beside every repository.
_MOST_POLICIES: Final = 20


def check_registries(app: App) -> Iterator[Located]:
    """Everything about the resources of ECR in the registries of an app."""
    found: dict[RegistryAddress, list[Resource]] = {}
    for stack in app.stacks:
        address = RegistryAddress(
            account=str(app.marks.readable(stack.account)),
            region=str(app.marks.readable(stack.region)),
        )
        found.setdefault(address, []).extend(stack.of_kind(*ECR_TYPES))
    for address, resources in found.items():
        yield from _Registry(app, address).check(resources)


class _Registry:
    """The rules of one registry."""

    def __init__(self, app: App, address: RegistryAddress) -> None:
        self._app = app
        self._address = address

    def check(self, resources: Sequence[Resource]) -> Iterator[Located]:
        """Each resource alone, then all beside each other."""
        policies = [each for each in resources if each.kind == REGISTRY_POLICY]
        for resource in resources:
            beside = [each for each in policies[:_MOST_POLICIES] if each is not resource]
            asked = [resource, *(beside if holds_policy(resource.kind) else ())]
            for located in found_in_worlds(asked, self._alone):
                if located.resource is resource:
                    yield located
        settings = [each for each in resources if each.kind not in _REPOSITORIES]
        yield from found_in_worlds(settings, self._together)
        yield from self._names([each for each in resources if each.kind in _REPOSITORIES])

    def _names(self, repositories: Sequence[Resource]) -> Iterator[Located]:
        """Two repositories of one name, which surely are of one registry."""
        having: dict[tuple[str, str, str], dict[int, Resource]] = {}
        for resource in repositories:
            # Stacks of an open environment are deployed to several registries, as a rule.
            stack = "" if self._address.known else _deployed_with(resource.stack)
            for _, name in branches(resource.properties.get("RepositoryName")):
                if isinstance(name, str) and name and not is_open(name):
                    having.setdefault((resource.kind, stack, name), {})[id(resource)] = resource
        for (_, _, name), found in having.items():
            if len(found) > 1:
                yield from found_in_worlds(tuple(found.values()), partial(_of_one_name, name))

    def _alone(self, there: Sequence[There]) -> Iterator[tuple[Resource, Finding]]:
        written = [(each.resource, self._written(each)) for each in there]
        policies = [each for _, each in written if each.kind == REGISTRY_POLICY]
        for resource, each in written[:1]:
            for finding in check_resource(each, policies=policies, registry=self._address):
                yield resource, finding

    def _together(self, there: Sequence[There]) -> Iterator[tuple[Resource, Finding]]:
        written = [self._written(each) for each in there]
        resources = {
            id(each): present.resource for each, present in zip(written, there, strict=True)
        }
        for found in check_together(written, registry=self._address):
            yield resources[id(found.resource)], found.finding

    def _written(self, there: There) -> RegistryResource:
        resource = there.resource
        return RegistryResource(
            kind=resource.kind,
            properties=_as_texts(self._app.marks.deferred(there.properties)),
            path=resource.construct_path or resource.logical_id,
            stack=_deployed_with(resource.stack),
        )


def _of_one_name(name: str, there: Sequence[There]) -> Iterator[tuple[Resource, Finding]]:
    """All but the first that have the name, where some conditions hold and others do not."""
    having = [each.resource for each in there if each.properties.get("RepositoryName") == name]
    for resource in having[1:]:
        for finding in check_name_twice(name, of=_told(having[0])):
            yield resource, finding


def _told(resource: Resource) -> str:
    return resource.construct_path or f"{resource.stack.source.stack}/{resource.logical_id}"


def _as_texts(value: Any) -> Any:
    """The value with numbers and booleans as CloudFormation hands them on where a text belongs.

    YAML makes a number of ``Value: 1``, and a boolean of ``Value: true``.
    """
    if isinstance(value, Mapping):
        return {key: _as_texts(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_as_texts(entry) for entry in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _deployed_with(stack: Stack) -> str:
    """The stack that is deployed: a nested one goes where the one around it goes."""
    while stack.parent is not None:
        stack = stack.parent
    return stack.scope
