"""An Aspect may ask for the very class of a construct: it is CDK's own in both modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import FleetMode, RepositoryFleet

from .test_beginning import Scans, both, shop

IS_RESOURCE: dict[str, Callable[[Any], bool]] = {
    "is": lambda node: type(node) is ecr.CfnRepository or type(node) is iam.CfnRole,
    "in": lambda node: type(node) in (ecr.CfnRepository, iam.CfnRole),
    "name": lambda node: type(node).__name__ in ("CfnRepository", "CfnRole"),
    "module": lambda node: node.__class__.__module__ in ("aws_cdk.aws_ecr", "aws_cdk.aws_iam"),
}


@pytest.mark.parametrize("way", IS_RESOURCE)
def test_resources_by_their_class(tmp_path, way):
    @jsii.implements(cdk.IAspect)
    class ByClass:
        def visit(self, node):
            if IS_RESOURCE[way](node):
                Scans().visit(node)

    templates, _ = both(tmp_path, lambda app, fleet: cdk.Aspects.of(app).add(ByClass()))
    assert str(templates).count("policy/edge") == 4
    assert str(templates).count('"ScanOnPush":false') == 15


def test_stacks_by_their_class(tmp_path):
    @jsii.implements(cdk.IAspect)
    class ByClass:
        def visit(self, node):
            if type(node) is cdk.Stack:
                cdk.Tags.of(node).add("stack", "yes")

    templates, _ = both(tmp_path, lambda app, fleet: cdk.Aspects.of(app).add(ByClass()))
    assert str(templates).count('"Key":"stack"') == 19


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
