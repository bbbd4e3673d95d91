"""One stack of a fleet in fast mode."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from constructs import Construct

from ....model.errors import raise_dangers
from ....model.fleet.merging.resources import class_of, classes_of
from ....model.fleet.merging.stamp import stamp_of
from ....model.fleet.merging.whole import check_size, template_text, whole
from ....model.fleet.merging.witnesses import are_few, witnesses_of
from ..stacks import WITHIN, FleetStack
from .watching import watch
from .witnesses import make_witness

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_ecr as ecr

    from ....model.fleet.merging.readings import Reading
    from ....model.fleet.merging.resources import Resource

__all__ = ["FastStack"]


class FastStack(FleetStack):
    """A few resources are constructs, the witnesses; the others are added to what CDK writes."""

    takes_references = False

    def __init__(
        self, stack: cdk.Stack, path: str, resources: Mapping[str, Resource], *, with_paths: bool
    ) -> None:
        """A stack without witnesses yet.

        :param path: the construct path of the stack.
        :param with_paths: whether templates have construct paths.
        """
        super().__init__(stack, resources)
        self.path = path
        self._paths_begin = f"{path}/{WITHIN}/" if with_paths else None
        # What was alike stays a class: what was done to it before a grant was done to all of it.
        self.classes = classes_of(self.resources)
        self.kinds = [class_of(next(iter(members.values()))) for members in self.classes]
        # They stand for nobody, or beside one that tells who reads it.
        self._plain = {
            logical_id
            for members in self.classes
            for logical_id in (members if are_few(members) else list(members)[-1:])
        }
        self.first: Collection[str] = ()
        # Another policy makes a witness of its repository: what CDK writes tells the rest.
        self.stamp = stamp_of(self.resources.values(), self._paths_begin)
        stack.add_transform(self.stamp)
        self.witnesses: dict[str, cdk.CfnResource] = {}
        self._twins: dict[str, cdk.CfnResource] = {}
        self.readings: dict[str, list[Reading]] = {}
        self.early: dict[str, list[Reading]] = {}

    @cached_property
    def _within(self) -> Construct:
        return Construct(self.stack, WITHIN)

    @cached_property
    def _beside(self) -> Construct:
        return Construct(self._within, "Twins")

    def begin(self, logical_ids: Collection[str]) -> None:
        """Make the witnesses that are there before anybody gets at the fleet."""
        self.first = dict.fromkeys(logical_ids)
        for logical_id in logical_ids:
            self._make_witness(logical_id)

    def make_witnesses(self) -> None:
        """Make those that are missing: all that tell what becomes of resources in the stack.

        And, of those that were there and stand for others, twins: for code of the app may have done
        something to them that it did not find the others for.
        """
        self.early = {logical_id: [*read] for logical_id, read in self.readings.items()}
        stand_for_others = [each for each in self.classes if not are_few(each)]
        for logical_id in self.first:
            if any(logical_id in members for members in stand_for_others):
                plain = logical_id not in self._plain
                twin = self._witness(self._beside, logical_id, plain=plain)
                twin.override_logical_id(_twin(logical_id))
                self._twins[logical_id] = twin
        for logical_id in witnesses_of(self.classes):
            if logical_id not in self.witnesses:
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
        if logical_id in self._twins:
            cast("ecr.CfnRepository", self._twins[logical_id]).repository_policy_text = document
        if logical_id not in self.witnesses:
            self._make_witness(logical_id)

    def _make_witness(self, logical_id: str) -> None:
        self.readings[logical_id] = []
        plain = logical_id in self._plain
        self.witnesses[logical_id] = self._witness(self._within, logical_id, plain=plain)

    def _witness(self, scope: Construct, logical_id: str, *, plain: bool) -> cdk.CfnResource:
        made = make_witness(scope, logical_id, self.resources[logical_id], plain=plain)
        watch(made, self.readings[logical_id])
        return made

    def watch(self) -> None:
        """Note readings again."""
        for made in (self.witnesses, self._twins):
            for logical_id, witness in made.items():
                watch(witness, self.readings[logical_id])

    def unwatch(self) -> None:
        """Note nothing more."""
        for made in (self.witnesses, self._twins):
            for witness in made.values():
                watch(witness, None)

    def completed(self, template: Mapping[str, Any], *, untouched: bool) -> bytes:
        """The template with every resource of the shard.

        :param template: as CDK wrote it.
        :param untouched: whether nothing may have become of any resource.
        """
        resources = whole(
            self.resources,
            self.classes,
            self.first,
            self.witnesses.keys(),
            template.get("Resources", {}),
            twins={each: _twin(each) for each in self._twins},
            within=self._paths_begin,
            untouched=untouched,
        )
        body = template_text(template, resources).encode()
        raise_dangers(check_size(len(resources), len(body)))
        return body

    def _construct(self, logical_id: str) -> ecr.CfnRepository | None:
        return cast("ecr.CfnRepository | None", self.witnesses.get(logical_id))


def _twin(logical_id: str) -> str:
    return f"{logical_id}Twin"
