"""One stack of a fleet: its resources, and those among them that are constructs."""

from __future__ import annotations

import json
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from constructs import Construct

from ...model.fleet.merging.resources import PATH_KEY, keyed

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_ecr as ecr
    from constructs import Node

    from ...model.fleet.merging.resources import Resource

__all__ = ["OWN_TAG_PRIORITY", "WITHIN", "FleetStack", "FullTreeStack", "has_paths"]

OWN_TAG_PRIORITY: Final = 100.5
"""Above the 100 of ``Tags.of(...)`` around the repository, as a construct's own tags are."""
WITHIN: Final = "Default"
"""As an id it leaves logical ids as they are."""
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
            self._include = CfnInclude(stack, WITHIN, template_file=str(template))
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


def has_paths(node: Node) -> bool:
    """Whether CDK writes construct paths into templates."""
    return bool(node.try_get_context(_PATHS_ON))


def _with_paths(stack: cdk.Stack, resources: Mapping[str, Resource]) -> Mapping[str, Resource]:
    """Construct paths in the metadata, where CDK writes them: not to what comes from a file."""
    if not has_paths(stack.node):
        return resources
    within = f"{stack.node.path}/{WITHIN}"
    return {
        logical_id: {
            **resource,
            "Metadata": {PATH_KEY: f"{within}/{logical_id}", **resource.get("Metadata", {})},
        }
        for logical_id, resource in resources.items()
    }
