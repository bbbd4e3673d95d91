"""The stacks of an example as they are deployed, and what is emulated of them in part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ecr_constructs.report.reading.sources import read_sources
from ecr_constructs.report.template.app import App
from ecr_constructs.report.template.stack import Stack as ReadStack
from tests.examples.synthesis import EXAMPLES, synthesize

# Where an example leaves its environment open.
ACCOUNT, REGION = "111111111111", "eu-west-1"
PARTLY: Mapping[str, str] = {
    "AWS::Lambda::Function": (
        "the embedded AWS runs no function: its call of ECR is made in its place, with its role"
    ),
    "AWS::Signer::SigningProfile": "the embedded AWS has no API of Signer to read it back",
}
"""Types that are deployed and not emulated as a whole, and why."""

_ECR = "AWS::ECR::"
_SDK_CALL = "Custom::AWS"
EVERY = sorted(EXAMPLES.glob("registry/*.py"))


@dataclass(frozen=True)
class ExampleStack:
    """One stack of an example."""

    name: str
    account: str
    region: str
    template: Mapping[str, Any]
    read: ReadStack
    assembly: Path

    @property
    def deployable(self) -> dict[str, Any]:
        """The template without the version of a bootstrap stack, which is not there."""
        return {
            section: entries
            for section, entries in self.template.items()
            if section not in ("Parameters", "Rules")
        }

    @property
    def types(self) -> set[str]:
        """The types of its resources."""
        return {entry["Type"] for entry in self.template["Resources"].values()}

    def named(self, physical_ids: Mapping[str, str]) -> dict[str, str]:
        """The name that each resource has got, by what stands in for it."""
        marks, scope = self.read.marks, self.read.scope
        return {marks.closed(logical, scope=scope): name for logical, name in physical_ids.items()}

    def read_back(self, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        """Its resources of ECR: the type of each, and its properties as they are deployed."""
        read = (each for each in self.types if each.startswith(_ECR) or each == _SDK_CALL)
        for resource in self.read.of_kind(*read):
            deployed = _deployed(resource.properties, names)
            yield resource.kind, self.read.marks.readable(deployed)


def stacks_of(example: Path, directory: Path) -> list[ExampleStack]:
    """The stacks of an example, in an order in which they can be deployed."""
    place = synthesize(example, directory)
    app = App(read_sources(place, account=ACCOUNT, region=REGION).stacks)
    by_name = {
        stack.source.stack: ExampleStack(
            stack.source.stack,
            str(stack.source.account),
            str(stack.source.region),
            stack.source.template,
            stack,
            place,
        )
        for stack in app.top
    }
    return [by_name[name] for name in _ordered(place) if name in by_name]


def agrees(written: Any, answered: Any) -> bool:
    """Whether the API answers what the template says; it may say more.

    The API writes keys with a small letter, a policy as text, and an exclusion filter shorter.
    """
    if isinstance(written, Mapping):
        if isinstance(answered, str):
            answered = json.loads(answered)
        return isinstance(answered, Mapping) and all(
            agrees(value, answered.get(_api_key(key), answered.get(key)))
            for key, value in written.items()
        )
    if isinstance(written, list):
        return isinstance(answered, list) and (
            len(written) == len(answered)
            and all(agrees(one, other) for one, other in zip(written, answered, strict=True))
        )
    if isinstance(written, str) and "${" in written:
        # What only the deployment knows, and nobody prints.
        return isinstance(answered, str) and answered != ""
    return written == answered


def _deployed(value: Any, names: Mapping[str, str]) -> Any:
    """The value with the name that each resource has got."""
    if isinstance(value, str):
        for stand_in, name in names.items():
            value = value.replace(stand_in, name)
        return value
    if isinstance(value, Mapping):
        return {key: _deployed(entry, names) for key, entry in value.items()}
    if isinstance(value, list):
        return [_deployed(entry, names) for entry in value]
    return value


def _api_key(key: str) -> str:
    shortened = {
        "ImageTagMutabilityExclusionFilterType": "filterType",
        "ImageTagMutabilityExclusionFilterValue": "filter",
        "RepositoryDescription": "description",
    }
    return shortened.get(key, key[:1].lower() + key[1:])


def _ordered(place: Path) -> list[str]:
    """Names of stacks, each after those that it depends on, inner assemblies included."""
    names: list[str] = []
    for manifest in sorted(place.rglob("manifest.json"), key=lambda found: len(found.parts)):
        artifacts = json.loads(manifest.read_text())["artifacts"]
        graph = {key: entry.get("dependencies", ()) for key, entry in artifacts.items()}
        names += [
            artifacts[key]["properties"].get("stackName", key)
            for key in TopologicalSorter(graph).static_order()
            if artifacts[key]["type"] == "aws:cloudformation:stack"
        ]
    return names
