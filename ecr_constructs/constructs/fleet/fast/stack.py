"""One stack of a fleet in fast mode."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
from constructs import Construct

from ....model.errors import raise_dangers
from ....model.fleet.merging.readings import check_readings
from ....model.fleet.merging.resources import classes_of
from ....model.fleet.merging.stamp import description_with, refused_by, stamp_after
from ....model.fleet.merging.templates import stamp_lost
from ....model.fleet.merging.whole import check_size, template_text, whole
from ....model.fleet.merging.witnesses import are_few, witnesses_of
from ..._jsii import refuse
from ..stacks import WITHIN, FleetStack
from .watching import watch

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr

    from ....model.fleet.merging.readings import Reading
    from ....model.fleet.merging.resources import Resource

__all__ = ["FastStack"]

_STAMPED: Final = "TemplateWithoutItsResources"


class FastStack(FleetStack):
    """Some resources may be constructs, the witnesses; the others are added to what CDK writes."""

    takes_references = False

    def __init__(
        self,
        stack: cdk.Stack,
        path: str,
        resources: Mapping[str, Resource],
        stamp: str,
        *,
        with_paths: bool,
    ) -> None:
        """A stack without witnesses yet.

        :param path: the construct path of the stack.
        :param stamp: what stands in its description.
        :param with_paths: whether templates have construct paths.
        """
        super().__init__(stack, resources)
        self.path = path
        self.stamp = stamp
        self._paths_begin = f"{path}/{WITHIN}/" if with_paths else None
        # What was alike stays a class: what was done to it before a grant was done to all of it.
        self.classes = classes_of(self.resources)
        # They stand for nobody, or beside one that tells who reads it.
        self._plain = {
            logical_id
            for members in self.classes
            for logical_id in (members if are_few(members) else list(members)[-1:])
        }
        self.first: AbstractSet[str] = frozenset()
        self.witnesses: dict[str, cdk.CfnResource] = {}
        self._granted: set[str] = set()
        self._is_described = True
        self.is_complete = False
        self.readings: dict[str, list[Reading]] = {}

    @cached_property
    def _within(self) -> Construct:
        return Construct(self.stack, WITHIN)

    @cached_property
    def _options(self) -> cdk.ITemplateOptions:
        return self.stack.template_options

    def make_witnesses(self) -> None:
        """Make all constructs that tell what becomes of resources, before anything does."""
        # Code of the app may write another description from now on.
        cdk.CfnHook(self._within, _STAMPED, type=self.stamp, properties=refused_by(self.stamp))
        chosen = {*witnesses_of(self.classes), *self._granted}
        # Where all of them are constructs, code of the app may list them.
        for logical_id in self.resources:
            if logical_id in chosen:
                self._make_witness(logical_id)
        self.first = frozenset(self.witnesses)

    def give_up_description(self) -> None:
        """Leave the description to the app, once the stamp stands somewhere else as well."""
        if self._is_described:
            self._is_described = False
            self._options.description = None

    def write_policy(self, logical_id: str, document: Mapping[str, object]) -> None:
        """Give a repository another policy, and make it a witness where there are such."""
        super().write_policy(logical_id, document)
        self.classes = tuple(
            {**members, logical_id: self.resources[logical_id]}
            if logical_id in members
            else members
            for members in self.classes
        )
        if not self.first:
            self._granted.add(logical_id)
            self.stamp = stamp_after(self.stamp, logical_id, self.resources[logical_id])
            self._options.description = description_with(self.stamp)
        elif logical_id not in self.witnesses:
            self._make_witness(logical_id)

    def _make_witness(self, logical_id: str) -> None:
        # Imported here: it loads the modules of ECR and IAM, and many apps only declare the fleet.
        from .witnesses import make_witness  # noqa: PLC0415

        resource, plain = self.resources[logical_id], logical_id in self._plain
        self.witnesses[logical_id] = make_witness(self._within, logical_id, resource, plain=plain)
        self.readings[logical_id] = []
        watch(self.witnesses[logical_id], partial(self._note, logical_id))

    def _note(self, logical_id: str, reading: Reading) -> None:
        self.readings[logical_id].append(reading)
        if self.is_complete and reading.called:
            # CDK asks for no findings any more, and may write elsewhere what the code makes of it.
            refuse(check_readings(self.classes, self.first, {logical_id: [reading]}), self.stack)

    def watch(self) -> None:
        """Note readings again."""
        for logical_id, witness in self.witnesses.items():
            watch(witness, partial(self._note, logical_id))

    def unwatch(self) -> None:
        """Note nothing more."""
        for witness in self.witnesses.values():
            watch(witness, None)

    def completed(self, template: Mapping[str, Any], *, with_witnesses: bool) -> bytes:
        """The template with every resource of the shard.

        :param template: as CDK wrote it, without the stamp.
        :param with_witnesses: whether all witnesses were made before.
        """
        if self.first and not with_witnesses and self.stack.node.try_find_child(WITHIN) is None:
            # They were not made after that: the app took them away.
            raise_dangers([stamp_lost(sorted(template))])
        written = template.get("Resources", {})
        resources = whole(
            self.resources,
            self.classes,
            # Those that were made after that are in no template.
            self.first if with_witnesses else (),
            self.witnesses.keys() if with_witnesses else frozenset(),
            written,
            within=self._paths_begin,
        )
        # A shard without entries has what the app put there, as CDK wrote it.
        body = template_text(template, resources if self.resources else {}).encode()
        raise_dangers(check_size(len(resources), len(body)))
        return body

    def _construct(self, logical_id: str) -> ecr.CfnRepository | None:
        return cast("ecr.CfnRepository | None", self.witnesses.get(logical_id))
