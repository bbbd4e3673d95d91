"""The registries of an app: what its stacks set in each account and Region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ...model.registry.effective import REGISTRY_TYPES
from ..reading.faults import unusable
from ..template.alternatives import Alternatives
from ..template.app import App
from ..template.stack import Resource, Stack

__all__ = ["REPOSITORY", "Registry", "registry_for"]

REPOSITORY: Final = "AWS::ECR::Repository"


@dataclass(frozen=True, kw_only=True)
class Registry:
    """One registry, with every resource of the app that is about it."""

    account: str
    region: str
    settings: tuple[Resource, ...] = field(default=(), hash=False)
    """Resources of :data:`REGISTRY_TYPES`, in the order of the app."""
    repositories: tuple[Resource, ...] = field(default=(), hash=False)
    """Those that may have the name that is asked about."""

    def declares(self, name: str) -> bool:
        """Whether one of the repositories has this name, if only under a condition."""
        return any(may_be_named(resource, name) for resource in self.repositories)


def may_be_named(resource: Resource, name: str) -> bool:
    """Whether the resource's name is this one, at least where some condition holds."""
    return _may_be(resource.properties.get("RepositoryName"), name)


def _may_be(value: object, name: str) -> bool:
    if isinstance(value, Alternatives):
        return _may_be(value.yes, name) or _may_be(value.no, name)
    return value == name


def registry_for(
    app: App, name: str, *, place: str, account: str | None, region: str | None
) -> Registry:
    """The one registry that a question about a name is about.

    Of several it is the one that declares the repository, else the one with settings.
    """
    every = _registries(app, name)
    chosen = [
        registry
        for registry in every
        if account in (None, registry.account) and region in (None, registry.region)
    ]
    if not chosen:
        raise unusable(
            place,
            f"has no stack in {account or 'any account'}/{region or 'any Region'}",
            f"use one of these: {_listed(app, every)}",
        )
    declaring = [registry for registry in chosen if registry.declares(name)]
    setting = [registry for registry in chosen if registry.settings]
    nearest = declaring or setting or chosen
    if len(nearest) > 1:
        raise unusable(
            place,
            f"has several registries ({_listed(app, nearest)})",
            "say which with --account and --region",
        )
    return nearest[0]


def _registries(app: App, name: str) -> list[Registry]:
    settings: dict[tuple[str, str], list[Resource]] = {}
    repositories: dict[tuple[str, str], list[Resource]] = {}
    for stack in app.stacks:
        place = (stack.account, stack.region)
        settings.setdefault(place, []).extend(stack.of_kind(*REGISTRY_TYPES))
        repositories.setdefault(place, []).extend(_repositories(stack, name))
    return [
        Registry(
            account=account,
            region=region,
            settings=tuple(found),
            repositories=tuple(repositories[account, region]),
        )
        for (account, region), found in settings.items()
    ]


def _repositories(stack: Stack, name: str) -> Iterator[Resource]:
    """The repositories that may have the name: of thousands, few are looked at closely."""
    for logical_id, entry in stack.resources.items():
        if not isinstance(entry, Mapping) or entry.get("Type") != REPOSITORY:
            continue
        properties = entry.get("Properties")
        written = properties.get("RepositoryName") if isinstance(properties, Mapping) else None
        another = isinstance(written, str) and written != name and "{{" not in written
        resource = None if written is None or another else stack.resource(logical_id)
        if resource is not None:
            yield resource


def _listed(app: App, registries: Iterable[Registry]) -> str:
    places = (f"{registry.account}/{registry.region}" for registry in registries)
    return str(app.marks.readable(", ".join(places)))
