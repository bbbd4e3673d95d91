"""What holds for a repository name, by the templates of an app."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ...model.deferred import is_deferred
from ...model.registry.effective import (
    Effective,
    RegistryConfiguration,
    Via,
    effective,
    read_configuration,
    read_repository,
)
from ...model.repository.name import check_repository_name
from ..reading.faults import unusable
from ..reading.sources import read_sources
from ..template.alternatives import NOTHING, Alternatives, World, worlds
from ..template.app import App
from ..template.marks import is_open
from ..template.stack import Resource
from .registries import REPOSITORY, Registry, may_be_named, registry_for
from .undecided import undecided_settings, where
from .words import PARTS, in_words

__all__ = ["EffectiveReport", "effective_of"]

# Of these a registry has one.
_SINGLE: Final = {
    "AWS::ECR::RegistryScanningConfiguration": "scanning configurations",
    "AWS::ECR::ReplicationConfiguration": "replication configurations",
    "AWS::ECR::SigningConfiguration": "signing configurations",
}


@dataclass(frozen=True, kw_only=True)
class EffectiveReport:
    """The answer, the registry that it is about, and what could not be read."""

    answer: Effective
    account: str
    region: str
    notes: tuple[str, ...] = ()


def effective_of(
    place: str | os.PathLike[str],
    name: str,
    *,
    via: Via | None = None,
    account: str | None = None,
    region: str | None = None,
) -> EffectiveReport:
    """What the registry of a template or an assembly sets for a repository name.

    :param account: and ``region`` choose the registry, and stand in for what stacks leave open.
    """
    _refuse_no_name(name)
    sources = read_sources(place, account=account, region=region)
    app = App(sources.stacks)
    registry = registry_for(app, name, place=str(place), account=account, region=region)
    return EffectiveReport(
        answer=_Question(app, registry, name, via).answer(),
        account=str(app.marks.readable(registry.account)),
        region=str(app.marks.readable(registry.region)),
        notes=sources.notes,
    )


def _refuse_no_name(name: str) -> None:
    for finding in check_repository_name(name):
        raise unusable(repr(name), f"is no repository name: it {finding.message}", finding.fix)
    if is_deferred(name):
        raise unusable(
            repr(name), "is no repository name", "give the name that the repository will have"
        )


class _Question:
    """One name, asked of one registry."""

    def __init__(self, app: App, registry: Registry, name: str, via: Via | None) -> None:
        self._marks = app.marks
        self._registry = registry
        self._name = name
        self._via = via

    def answer(self) -> Effective:
        """The answer where every condition holds, and what differs where one does not."""
        named = [each for each in self._registry.repositories if may_be_named(each, self._name)]
        asked = (*self._registry.settings, *named)
        found = list(self._in_each_world(asked))
        _, first = found[0]
        notes = (
            *first.notes,
            *self._unnamed(declared=bool(named)),
            *_differences(found),
        )
        return replace(first, notes=tuple(dict.fromkeys(notes)))

    def _in_each_world(self, asked: Sequence[Resource]) -> Iterator[tuple[World, Effective]]:
        conditional = [
            _under(resource.condition, {"place": place, "properties": resource.properties})
            for place, resource in enumerate(asked)
        ]
        for world, chosen in worlds(conditional):
            there = [(asked[entry["place"]], entry["properties"]) for entry in chosen]
            yield world, self._answer_with(there)

    def _answer_with(self, there: Sequence[tuple[Resource, Mapping[str, Any]]]) -> Effective:
        readable = [
            (resource.kind, self._marks.readable(properties)) for resource, properties in there
        ]
        configuration: RegistryConfiguration = read_configuration(readable)
        declared = [
            read_repository(properties)
            for kind, properties in readable
            if kind == REPOSITORY and properties.get("RepositoryName") == self._name
        ]
        answer = effective(
            configuration, self._name, via=self._via, repository=declared[0] if declared else None
        )
        told = (
            *undecided_settings(there, self._marks),
            *_doubled([resource for resource, _ in there]),
        )
        return replace(answer, notes=(*answer.notes, *told))

    def _unnamed(self, *, declared: bool) -> Iterator[str]:
        """Repositories of any name: one of them may be the one that is asked about."""
        if declared:
            return
        for resource in self._registry.repositories:
            if is_open(resource.name):
                name = self._marks.readable(resource.name)
                yield f"{where(resource)}: its name is {name}, so it may be this repository"


def _under(condition: str | None, value: Mapping[str, Any]) -> object:
    return value if condition is None else Alternatives(condition, value, NOTHING)


def _doubled(resources: Sequence[Resource]) -> Iterator[str]:
    for kind, words in _SINGLE.items():
        found = [where(resource) for resource in resources if resource.kind == kind]
        if len(found) > 1:
            yield (
                f"a registry has one, and these are {len(found)} {words} ({', '.join(found)}): "
                "what is deployed last counts; taken to be the last one"
            )


def _differences(found: Sequence[tuple[World, Effective]]) -> Iterator[str]:
    """What depends on conditions: each part with what else it may be."""
    said = [(dict(world), in_words(answer)) for world, answer in found]
    for part in PARTS:
        texts = [(truths, words[part]) for truths, words in said]
        others = dict.fromkeys(text for _, text in texts if text != texts[0][1])
        if others:
            names = " and ".join(_deciding(texts))
            yield (
                f"{part} depends on {names}, which the template does not decide; where not as "
                f"above it is {' or '.join(others)}"
            )


def _deciding(texts: Sequence[tuple[dict[str, bool], str]]) -> list[str]:
    """The conditions of which one alone makes a difference."""
    by_world = {tuple(truths.items()): text for truths, text in texts}
    names = list(texts[0][0])
    return [
        name
        for name in names
        if any(
            by_world.get(tuple({**dict(world), name: not dict(world)[name]}.items()), text) != text
            for world, text in by_world.items()
        )
    ] or names
