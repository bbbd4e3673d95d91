"""An Aspect that asks for the very class of a construct, and not by ``isinstance``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import FleetMode, RepositoryFleet

from .test_beginning import Scans, both, refused, shop

BY_NAME: dict[str, Callable[[Any], bool]] = {
    "name": lambda node: type(node).__name__ in ("CfnRepository", "CfnRole"),
    "module": lambda node: node.__class__.__module__ in ("aws_cdk.aws_ecr", "aws_cdk.aws_iam"),
}
BY_CLASS: dict[str, Callable[[Any], bool]] = {
    "is": lambda node: type(node) is ecr.CfnRepository or type(node) is iam.CfnRole,
    "in": lambda node: type(node) in (ecr.CfnRepository, iam.CfnRole),
}


def scans_where(chosen: Callable[[Any], bool]) -> Any:
    @jsii.implements(cdk.IAspect)
    class Where:
        def visit(self, node):
            if chosen(node):
                Scans().visit(node)

    return lambda app, fleet: cdk.Aspects.of(app).add(Where())


@pytest.mark.parametrize("way", BY_NAME)
def test_resources_by_the_name_of_their_class(tmp_path, way):
    templates, _ = both(tmp_path, scans_where(BY_NAME[way]))
    assert str(templates).count("policy/edge") == 4
    assert str(templates).count('"ScanOnPush":false') == 15


@pytest.mark.parametrize("stacks", [1, 3])
@pytest.mark.parametrize("way", BY_CLASS)
def test_resources_by_their_very_class(tmp_path, way, stacks):
    """What is no subclass is in fast mode one of each sort: it is not done to it alone."""
    refused(
        tmp_path, scans_where(BY_CLASS[way]), "was changed (in another way|where)", shop(stacks)
    )


@pytest.mark.parametrize("way", BY_CLASS)
def test_few_resources_by_their_very_class(tmp_path, way):
    """Two in a stack stand for no other: they are of CDK's own class both."""
    templates, _ = both(tmp_path, scans_where(BY_CLASS[way]), shop(each=2, roles=2))
    assert str(templates).count("policy/edge") == 2


class Ours(RepositoryFleet):
    """A class of the app, which answers itself for what it has."""

    def __getattribute__(self, name: str) -> Any:
        return "ours" if name == "owner" else super().__getattribute__(name)


def test_a_fleet_of_a_class_that_answers_itself(tmp_path):
    def stack_names(mode: FleetMode) -> list[str]:
        app = cdk.App(outdir=str(tmp_path / mode.name))
        RepositoryFleet(app, "Plain", manifest=shop(), mode=mode)
        fleet = Ours(app, "Fleet", manifest=shop(), mode=mode)
        assert fleet.owner == "ours"
        return [stack.stack_name for stack in fleet.stacks.values()]

    assert stack_names(FleetMode.FAST) == stack_names(FleetMode.FULL_TREE)
