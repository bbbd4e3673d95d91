"""One stack of a fleet: its resources, and those among them that are constructs."""

from __future__ import annotations

import json
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from constructs import Construct

from ...model.collector import collector_at_rest
from ...model.errors import EcrConstructsError, raise_dangers
from ...model.fleet.merging.resources import PATH_KEY, classes_of, keyed
from ...model.fleet.merging.stamp import stamp_of, without_stamp
from ...model.fleet.merging.templates import template_missing
from ...model.fleet.merging.whole import check_size, template_text, whole
from ...model.fleet.merging.witnesses import witnesses_of
from .._jsii import path_of
from .witnesses import OWN_TAG_PRIORITY, Watched, make_witness

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_ecr as ecr

    from ...model.fleet.merging.readings import Reading
    from ...model.fleet.merging.resources import Resource

__all__ = ["FastStack", "FleetStack", "FullTreeStack", "complete"]

# As an id it leaves logical ids as they are.
_WITHIN = "Default"
_PATHS_ON = "aws:cdk:enable-path-metadata"


class FleetStack(ABC):
    """What a fleet knows of one of its stacks."""

    takes_references: bool

    def __init__(self, stack: cdk.Stack, resources: Mapping[str, Resource]) -> None:
        self.stack = stack
        self.resources = dict(resources)

    @cached_property
    def members(self) -> Construct:
        """Where the repositories stand that others use, with ids apart from the resources'."""
        return Construct(self.stack, "Members")

    def policy(self, logical_id: str) -> RepositoryPolicy:
        """The policy of one repository."""
        return RepositoryPolicy(self, logical_id)

    def write_policy(self, logical_id: str, document: Mapping[str, object]) -> None:
        """Give a repository another policy."""
        resource = self.resources[logical_id]
        properties = {**resource["Properties"], "RepositoryPolicyText": document}
        self.resources[logical_id] = {**resource, "Properties": dict(sorted(properties.items()))}
        construct = self._construct(logical_id)
        if construct is not None:
            construct.repository_policy_text = document

    @abstractmethod
    def _construct(self, logical_id: str) -> ecr.CfnRepository | None:
        """The construct of a repository, where there is one."""


class RepositoryPolicy:
    """The policy of one repository, for the grants of whoever uses it."""

    def __init__(self, stack: FleetStack, logical_id: str) -> None:
        self._stack = stack
        self._logical_id = logical_id
        self.takes_references = stack.takes_references

    def statements(self) -> list[dict[str, object]]:
        """Its statements so far."""
        properties = self._stack.resources[self._logical_id]["Properties"]
        return list(properties.get("RepositoryPolicyText", {}).get("Statement", ()))

    def write(self, statements: list[dict[str, object]]) -> None:
        """Write other statements."""
        document = {"Statement": statements, "Version": "2012-10-17"}
        self._stack.write_policy(self._logical_id, document)


class FullTreeStack(FleetStack):
    """Each resource is a construct."""

    takes_references = True

    def __init__(self, stack: cdk.Stack, resources: Mapping[str, Resource]) -> None:
        super().__init__(stack, resources)
        # Imported here: fast mode does without the module.
        from aws_cdk.cloudformation_include import CfnInclude  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as place:
            template = Path(place, "template.json")
            body = {"Resources": _with_paths(stack, self.resources)}
            template.write_text(json.dumps(body), encoding="utf-8")
            self._include = CfnInclude(stack, _WITHIN, template_file=str(template))
        # It is in no template, but CDK asks for its logical id, which 'Default' alone has not.
        self._include.override_logical_id("Resources")
        for logical_id, resource in self.resources.items():
            tags = keyed(resource, "Tags")
            if tags:
                manager = cast("ecr.CfnRepository", self._include.get_resource(logical_id)).tags
                for key, value in tags.items():
                    manager.set_tag(key, value, OWN_TAG_PRIORITY)

    def _construct(self, logical_id: str) -> ecr.CfnRepository | None:
        return cast("ecr.CfnRepository", self._include.get_resource(logical_id))


class FastStack(FleetStack):
    """A few resources are constructs, the witnesses; the others are added to what CDK writes."""

    takes_references = False

    def __init__(self, stack: cdk.Stack, resources: Mapping[str, Resource]) -> None:
        super().__init__(stack, resources)
        # What was alike stays a class: what was done to it before a grant was done to all of it.
        self.classes = classes_of(self.resources)
        self.first = dict.fromkeys(witnesses_of(self.classes))
        # Another policy makes a witness of its repository: what CDK writes tells the rest.
        self._stamp = stamp_of(self.resources.values())
        stack.add_transform(self._stamp)
        self._within = Construct(stack, _WITHIN)
        self.witnesses: dict[str, cdk.CfnResource] = {}
        self.readings: dict[str, list[Reading]] = {}
        for logical_id in self.first:
            self._make_witness(logical_id)

    def write_policy(self, logical_id: str, document: Mapping[str, object]) -> None:
        """Give a repository another policy, and make it a witness."""
        super().write_policy(logical_id, document)
        self.classes = tuple(
            {**members, logical_id: self.resources[logical_id]}
            if logical_id in members
            else members
            for members in self.classes
        )
        if logical_id not in self.witnesses:
            self._make_witness(logical_id)

    def _make_witness(self, logical_id: str) -> None:
        made = make_witness(self._within, logical_id, self.resources[logical_id])
        self.witnesses[logical_id] = made
        self.readings[logical_id] = []
        cast("Watched", made).watch(self.readings[logical_id])

    def watch(self) -> None:
        """Note readings again."""
        for logical_id, witness in self.witnesses.items():
            cast("Watched", witness).watch(self.readings[logical_id])

    def unwatch(self) -> None:
        """Note nothing more."""
        for witness in self.witnesses.values():
            cast("Watched", witness).unwatch()

    def completed(self, file: Path) -> bytes:
        """The template with every resource of the shard.

        :param file: as CDK wrote it.
        """
        try:
            if not file.is_file():
                raise_dangers([template_missing(file)])
            template = without_stamp(json.loads(file.read_bytes()), self._stamp)
            written: dict[str, Any] = template.get("Resources", {})
            resources = whole(
                self.resources, self.classes, self.first, self.witnesses.keys(), written
            )
            body = template_text(template, resources).encode()
            raise_dangers(check_size(len(resources), len(body)))
        except EcrConstructsError as refusal:
            path = path_of(self.stack)
            raise type(refusal)(refusal.findings, construct_path=path) from None
        return body

    def _construct(self, logical_id: str) -> ecr.CfnRepository | None:
        return cast("ecr.CfnRepository | None", self.witnesses.get(logical_id))


def complete(stacks: Iterable[FastStack], outdir: Path, checks: Callable[[], object]) -> None:
    """Complete the templates that CDK has written: all of them, or none is left.

    :param stacks: those of a fleet.
    :param outdir: where the templates are.
    :param checks: what is asked before, and raises an error.
    """
    files = {outdir / made.stack.template_file: made for made in stacks}
    try:
        checks()
        with collector_at_rest():
            bodies = {file: made.completed(file) for file, made in files.items()}
        for file, body in bodies.items():
            file.write_bytes(body)
    except BaseException:
        # Nobody may deploy the few resources that CDK has written.
        for file in files:
            file.unlink(missing_ok=True)
        raise


def _with_paths(stack: cdk.Stack, resources: Mapping[str, Resource]) -> Mapping[str, Resource]:
    """Construct paths in the metadata, where CDK writes them: not to what comes from a file."""
    if not stack.node.try_get_context(_PATHS_ON):
        return resources
    within = f"{stack.node.path}/{_WITHIN}"
    return {
        logical_id: {
            **resource,
            "Metadata": {PATH_KEY: f"{within}/{logical_id}", **resource.get("Metadata", {})},
        }
        for logical_id, resource in resources.items()
    }
