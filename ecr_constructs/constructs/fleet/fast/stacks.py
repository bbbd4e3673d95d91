"""The stacks of a fleet in fast mode, together.

Nothing becomes of a resource but by an Aspect, or by code of the app that finds it in the tree. So
a fleet begins without a construct of any resource. Those that tell what becomes of all, the
witnesses, are made before the first Aspect sees a stack, or once code of the app goes down from
what is around the fleet, or gets into it.
https://docs.aws.amazon.com/cdk/v2/guide/aspects.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from constructs import Construct, IValidation

from ....model.collector import collector_at_rest
from ....model.errors import EcrConstructsError, raise_dangers
from ....model.fleet.merging.findings import looked_late
from ....model.fleet.merging.readings import leads_down
from ....model.fleet.merging.stamp import stamps_in, without_stamp
from ....model.fleet.merging.templates import template_missing, unfinished
from ..._jsii import refuse
from .checks import FastChecks, other_libraries
from .stack import FastStack
from .watching import listens, notice

if TYPE_CHECKING:
    from constructs import IConstruct, Node

    from ....model.fleet.merging.readings import Reading

__all__ = ["FastStacks"]

_MANIFEST = "manifest.json"
_OPTIONS = "template_options"


@jsii.implements(cdk.IAspect, IValidation)
class FastStacks:
    """The stacks of one fleet, and when their witnesses are made.

    CDK calls it as an Aspect before any other sees a stack, and asks it before it writes.
    """

    def __init__(self, fleet: Construct, node: Node, outdir: Path) -> None:
        """No stacks yet.

        :param fleet: where they will be, and nothing is yet.
        :param node: its place in the tree.
        :param outdir: where CDK will write their templates.
        """
        self._outdir = outdir
        self._stacks: tuple[FastStack, ...] = ()
        self._done = False
        node.add_validation(self)
        *around, _ = node.scopes
        self._fleet = fleet
        self._checks = FastChecks(fleet, around)
        # JavaScript of another library goes through the tree, and nobody notices.
        self._waits = not other_libraries() and all(
            isinstance(each, cdk.Stage) and listens(each) for each in around
        )
        # CDK goes from child to child, and this is the first. Before all others, for behind one
        # of a later priority CDK takes no more Aspects there.
        before = Construct(fleet, "Witnesses")
        cdk.Aspects.of(before).add(self, priority=0)
        if self._waits:
            for each in around:
                notice(each, self._found, itself=False)

    def begin(self, stacks: Iterable[FastStack]) -> None:
        """Take the stacks, which are empty yet."""
        self._stacks = tuple(stacks)
        self._checks.look_at(self._stacks)
        if self._waits:
            notice(self._fleet, self._found, itself=True)
            for made in self._stacks:
                notice(made.stack, partial(self._found_in, made), itself=True)
        else:
            self._make_witnesses()
            for made in self._stacks:
                made.give_up_description()

    def _found_in(self, made: FastStack, reading: Reading) -> None:
        self._found(reading)
        if not self._waits and reading.attribute == _OPTIONS:
            made.give_up_description()

    def _found(self, reading: Reading) -> None:
        if not self._waits:
            return
        if not self._done:
            self._make_witnesses()
        # Too late: CDK takes no construct that is made between two times that it synthesizes.
        elif leads_down(reading):
            if reading.called:
                refuse([looked_late(reading.attribute, reading.place)], self._fleet)
            self._checks.missed.append(reading)

    def visit(self, node: IConstruct) -> None:  # noqa: ARG002 - CDK gives it
        """Make the witnesses, where something acts on resources."""
        self._is_done(False)
        # Until the templates are complete, nobody takes them for those of the last synthesis.
        Path(self._outdir, _MANIFEST).unlink(missing_ok=True)
        if self._waits and self._checks.something_acts():
            self._make_witnesses()

    def validate(self) -> list[str]:
        """A sentence for each thing that fast mode cannot carry."""
        return self._checks.sentences() if self._stacks else [unfinished().sentence()]

    def _make_witnesses(self) -> None:
        """Make all witnesses that are missing."""
        self._waits = False
        for made in self._stacks:
            made.make_witnesses()
        self._checks.begin_again()

    def complete(self) -> None:
        """Complete the templates that CDK has written: all of them, or none is left."""
        self._is_done(True)
        files = self._files()
        try:
            self._checks.once_more()
            with collector_at_rest():
                bodies = self._completed(files)
            for file, body in bodies.items():
                file.write_bytes(body)
        except BaseException:
            # Nobody may deploy what CDK has written.
            for file in files.values():
                file.unlink(missing_ok=True)
            raise

    def _is_done(self, done: bool) -> None:
        self._done = done
        for made in self._stacks:
            made.is_complete = done

    def _files(self) -> dict[FastStack, Path]:
        """The templates: by their stamps, for to ask CDK for each takes longer."""
        found: dict[str, list[Path]] = {}
        for file in sorted(self._outdir.glob("*.template.json")):
            for stamp in stamps_in(file.read_bytes()):
                found.setdefault(stamp, []).append(file)
        files = {}
        for made in self._stacks:
            stamped = found.get(made.stamp, ())
            files[made] = (
                stamped[0] if len(stamped) == 1 else self._outdir / made.stack.template_file
            )
        return files

    def _completed(self, files: dict[FastStack, Path]) -> dict[Path, bytes]:
        written: dict[FastStack, tuple[dict[str, Any], bool]] = {}
        bodies: dict[Path, bytes] = {}
        made = self._stacks[0]
        try:
            for made, file in files.items():
                if not file.is_file():
                    raise_dangers([template_missing(file)])
                written[made] = without_stamp(json.loads(file.read_bytes()), made.stamp)
            for made, (template, with_witnesses) in written.items():
                bodies[files[made]] = made.completed(template, with_witnesses=with_witnesses)
        except EcrConstructsError as refusal:
            raise type(refusal)(refusal.findings, construct_path=made.path) from None
        return bodies
