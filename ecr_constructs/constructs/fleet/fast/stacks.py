"""The stacks of a fleet in fast mode, together.

Nothing becomes of a resource but by an Aspect, or by code of the app that finds it in the tree. So
a fleet of several stacks begins with a few witnesses, on which it shows what the app does. The
others are made before the first Aspect sees a stack, or once code of the app gets into the fleet.
https://docs.aws.amazon.com/cdk/v2/guide/aspects.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk._jsii import __jsii_assembly__
from constructs import Construct

from ....model.collector import collector_at_rest
from ....model.errors import EcrConstructsError, raise_dangers
from ....model.fleet.merging.stamp import without_stamp
from ....model.fleet.merging.templates import template_missing
from ....model.fleet.merging.witnesses import beginning, witnesses_of
from .checks import FastChecks
from .stack import FastStack
from .watching import notice

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["STACKS_ARE_ASKED", "FastStacks"]

_OF_USE = frozenset({"add_stack_dependency", "repository", "stacks"})
"""What is asked of a fleet and leads to no resource, or to the policy of one."""

_VERSION: Final = tuple(int(part) for part in __jsii_assembly__.version.split(".")[:2])
STACKS_ARE_ASKED: Final = _VERSION >= (2, 274)
"""Whether CDK orders stacks by themselves: before, it looked for resources in each of them, below
an app or Stage that waits or is waited for."""


@jsii.implements(cdk.IAspect)
class _BeforeStacks:
    """Is called by CDK before any Aspect sees a stack of the fleet."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def visit(self, node: IConstruct) -> None:  # noqa: ARG002 - CDK gives it
        """Do what is to be done."""
        self._act()


class FastStacks:
    """The stacks of one fleet, and when their witnesses are made."""

    def __init__(self, fleet: Construct, *, waits: bool) -> None:
        """No stacks yet.

        :param fleet: where they will be, and nothing is yet.
        :param waits: whether most witnesses are made only where something acts on resources.
        """
        self._waits = waits
        self._passed = False
        self._stacks: tuple[FastStack, ...] = ()
        self._checks = FastChecks(fleet)
        self._fleet = fleet
        if waits:
            # CDK goes from child to child, and this is the first. Before all others, for behind one
            # of a later priority CDK takes no more Aspects there.
            before = Construct(fleet, "Witnesses")
            cdk.Aspects.of(before).add(_BeforeStacks(self._before_stacks), priority=0)

    def begin(self, stacks: Iterable[FastStack]) -> None:
        """Take the stacks, and make the first witnesses."""
        self._stacks = tuple(stacks)
        classes = [made.classes for made in self._stacks]
        if self._waits:
            chosen = beginning(classes, one_in_each=not STACKS_ARE_ASKED)
        else:
            chosen = [witnesses_of(each) for each in classes]
        for made, logical_ids in zip(self._stacks, chosen, strict=True):
            made.begin(logical_ids)
        self._checks.look_at(self._stacks, all_there=not self._waits)
        self._fleet.node.add_validation(self._checks)
        if self._waits:
            notice(self._fleet, self._found, of_use=_OF_USE)
            for made in self._stacks:
                notice(made.stack, self._found)

    def _found(self) -> None:
        if self._waits and self._passed:
            # Too late to make any: most who come now read a name, or whatever else stays.
            self._checks.found_late()
        elif self._waits:
            self._make_witnesses()

    def _before_stacks(self) -> None:
        self._passed = True
        if self._waits and self._checks.something_acts():
            self._make_witnesses()

    def _make_witnesses(self) -> None:
        """Make all witnesses that are missing."""
        self._waits = False
        for made in self._stacks:
            made.make_witnesses()
        self._checks.look_at(self._stacks, all_there=True)

    def complete(self, outdir: Path) -> None:
        """Complete the templates that CDK has written: all of them, or none is left.

        :param outdir: where the templates are.
        """
        files = {made: outdir / made.stack.template_file for made in self._stacks}
        try:
            self._checks.once_more()
            with collector_at_rest():
                bodies = self._completed(files)
            for file, body in bodies.items():
                file.write_bytes(body)
        except BaseException:
            # Nobody may deploy the few resources that CDK has written.
            for file in files.values():
                file.unlink(missing_ok=True)
            raise

    def _completed(self, files: dict[FastStack, Path]) -> dict[Path, bytes]:
        written: dict[FastStack, dict[str, Any]] = {}
        bodies: dict[Path, bytes] = {}
        made = self._stacks[0]
        try:
            for made, file in files.items():
                if not file.is_file():
                    raise_dangers([template_missing(file)])
                written[made] = without_stamp(json.loads(file.read_bytes()), made.stamp)
            for made, template in written.items():
                bodies[files[made]] = made.completed(template, untouched=self._waits)
        except EcrConstructsError as refusal:
            raise type(refusal)(refusal.findings, construct_path=made.path) from None
        return bodies
