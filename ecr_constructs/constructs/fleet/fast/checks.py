"""What stands in the way of fast mode, looked for before a template is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import aws_cdk as cdk

from ....model.fleet.merging.findings import (
    annotated,
    aspect_late,
    aspect_of_library,
    children_added,
    looked_between,
)
from ....model.fleet.merging.readings import check_readings
from ....model.fleet.merging.templates import stack_removed
from ..._jsii import refuse

if TYPE_CHECKING:
    from constructs import IConstruct

    from ....model.findings import Finding
    from ....model.fleet.merging.readings import Reading
    from .stack import FastStack

__all__ = ["FastChecks", "other_libraries"]

_OURS = "aws-cdk-lib."
_MESSAGES = frozenset({"aws:cdk:error", "aws:cdk:info", "aws:cdk:warning"})


class FastChecks:
    """Made when CDK asks for them, once Aspects have run, and before anything is written.

    And once more before templates are completed: CDK does not ask where the app says so, and what
    it fills in while it writes may look at resources, too.
    """

    def __init__(self, fleet: IConstruct, around: Iterable[IConstruct]) -> None:
        """Nothing to check yet.

        :param around: the constructs around the fleet, whose Aspects are its own.
        """
        self._fleet = fleet
        self._around = (*around, fleet)
        self._stacks: Sequence[FastStack] = ()
        self._all_there = False
        self._asked = False
        self.missed: list[Reading] = []
        """What code of the app read, after a synthesis, to get at resources that were not there."""

    def look_at(self, stacks: Sequence[FastStack]) -> None:
        """Say what is checked."""
        self._stacks = stacks

    def begin_again(self) -> None:
        """Take note that all witnesses are there, perhaps since CDK asked."""
        self._all_there = True
        self._asked = False

    def something_acts(self) -> bool:
        """Whether an Aspect will see the stacks."""
        # Code of the app that gives a stack an Aspect has been noticed. What CDK gives one by
        # itself it gives all; JavaScript of another library may go through the tree and choose.
        asked = self._stacks if other_libraries() else self._stacks[:1]
        return any(True for _ in self._aspects(asked))

    def sentences(self) -> list[str]:
        """A sentence for each thing that fast mode cannot carry."""
        self._asked = True
        return [finding.sentence() for finding in self._unwatched(self._findings)]

    def once_more(self) -> None:
        """Refuse what was not there, or not asked for, before.

        :raises InvalidInputError: where fast mode cannot carry something.
        """
        found = self._unwatched(self._read if self._asked else self._findings)
        # The app may be synthesized again.
        self._asked = False
        refuse(found, self._fleet)

    def _unwatched(self, findings: Callable[[], Iterator[Finding]]) -> list[Finding]:
        """What is found, while nobody notes what is read for it."""
        for stack in self._stacks:
            stack.unwatch()
        found = list(findings())
        # The app may be synthesized again, with other Aspects.
        for stack in self._stacks:
            stack.watch()
        return found

    def _read(self) -> Iterator[Finding]:
        if self._all_there:
            for stack in self._stacks:
                yield from check_readings(stack.classes, stack.first, stack.readings)

    def _findings(self) -> Iterator[Finding]:
        # Templates are completed once the last is written, and so not without it.
        for stack in self._stacks[-1:] if self._all_there or self.missed else ():
            if self._fleet.node.try_find_child(stack.path.rpartition("/")[2]) is None:
                yield stack_removed(stack.path)
        yield from self._read()
        aspects = []
        if self._all_there:
            aspects = list(self._aspects(self._stacks))
            yield from _of_libraries(aspects)
        elif any(True for _ in self._aspects_around()):
            yield aspect_late()
        for reading in self.missed[:1]:
            yield looked_between(reading.attribute, reading.place)
        # Tags alone neither speak nor build, and who does so without an Aspect has read something.
        busy = any(not isinstance(aspect, (cdk.Tag, cdk.RemoveTag)) for aspect in aspects)
        for stack in self._stacks:
            if busy or any(stack.readings.values()):
                for witness in stack.witnesses.values():
                    yield from _left_at(witness)

    def _aspects(self, stacks: Sequence[FastStack]) -> Iterator[cdk.IAspect]:
        yield from self._aspects_around()
        for scope in (*(stack.stack for stack in stacks), *self._asked_for_aspects()):
            yield from cdk.Aspects.of(scope).all

    def _aspects_around(self) -> Iterator[cdk.IAspect]:
        for aspects in self._aspects_of_around:
            yield from aspects.all

    @cached_property
    def _aspects_of_around(self) -> list[cdk.Aspects]:
        return [cdk.Aspects.of(scope) for scope in self._around]

    def _asked_for_aspects(self) -> Iterator[IConstruct]:
        """The witnesses to which somebody may have given Aspects of their own."""
        for stack in self._stacks:
            for logical_id, readings in stack.readings.items():
                if any(reading.attribute == "Aspects.of" for reading in readings):
                    yield stack.witnesses[logical_id]


def other_libraries() -> bool:
    """Whether JavaScript but that of CDK was loaded: each library brings it in such a module."""
    loaded = {name.partition(".")[0] for name in list(sys.modules) if name.endswith("._jsii")}
    return not loaded <= {"aws_cdk", "constructs", "ecr_constructs"}


def _of_libraries(aspects: Sequence[cdk.IAspect]) -> Iterator[Finding]:
    """Aspects of other libraries: their code runs where nobody sees what it reads."""
    # A class written in Python has no such name, or none at all.
    names = {getattr(type(aspect), "__jsii_type__", None) for aspect in aspects}
    for name in sorted(name for name in names if name is not None):
        if not name.startswith(_OURS):
            yield aspect_of_library(name)


def _left_at(witness: cdk.CfnResource) -> Iterator[Finding]:
    """Messages and constructs that an Aspect left at a witness, and at nothing else."""
    node = witness.node
    for entry in node.metadata:
        if entry.type in _MESSAGES:
            yield annotated(node.path, str(entry.data))
    children = [child.node.id for child in node.children]
    if children:
        yield children_added(node.path, children)
