"""Code that begins at the app finds resources in each stack, and may decide by the stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr

from ecr_constructs import Fleet, FleetKind, RepositoryFleet, keep_last

from .test_beginning import Act, Scans, both, refused, resources_below, shop
from .test_waiting import bucket

TARGET = "part-1-1"
Chooses = Callable[[cdk.CfnResource, RepositoryFleet], bool]

BY_STACK: dict[str, Chooses] = {
    "stack": lambda node, fleet: node.stack is fleet.stacks[TARGET],
    "name of stack": lambda node, fleet: bool(node.stack.stack_name == f"Fleet-{TARGET}"),
    "Stack.of": lambda node, fleet: cdk.Stack.of(node) is fleet.stacks[TARGET],
}


def walk(chooses: Chooses) -> Act:
    """Change what is chosen among all that is found below the app."""

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        for each in resources_below(app):
            if chooses(each, fleet):
                Scans().visit(each)

    return act


@pytest.mark.parametrize("way", BY_STACK)
def test_who_chooses_by_the_stack(tmp_path, way):
    templates, _ = both(tmp_path, walk(BY_STACK[way]))
    assert str(templates).count('"ScanOnPush":false') == 5


@pytest.mark.parametrize("way", BY_STACK)
def test_who_chooses_by_the_stack_before_tags_come(tmp_path, way):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        walk(BY_STACK[way])(app, fleet)
        cdk.Tags.of(app).add("team", "shop")

    both(tmp_path, act)


@pytest.mark.parametrize("way", BY_STACK)
def test_an_aspect_behind_the_fleet_that_chooses_by_the_stack(tmp_path, way):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        @jsii.implements(cdk.IAspect)
        class Walks:
            def visit(self, node):
                walk(BY_STACK[way])(app, fleet)

        cdk.Aspects.of(cdk.Stack(app, "Later")).add(Walks())

    both(tmp_path, act)


def test_an_aspect_that_chooses_by_the_stack(tmp_path):
    @jsii.implements(cdk.IAspect)
    class InOne:
        def visit(self, node):
            if isinstance(node, ecr.CfnRepository) and node.stack.stack_name == f"Fleet-{TARGET}":
                Scans().visit(node)

    templates, _ = both(tmp_path, lambda app, fleet: cdk.Aspects.of(app).add(InOne()))
    assert str(templates).count('"ScanOnPush":false') == 5


def each_stack_its_own() -> Fleet:
    """In a stack all entries are alike, and those of each stack are different."""
    few = shop()
    return replace(
        few,
        repositories=tuple(
            replace(each, kind=each.name.partition("/")[0]) for each in few.repositories
        ),
        kinds={
            name: FleetKind(lifecycle=(keep_last(2 + number),))
            for number, name in enumerate(few.groups)
        },
    )


def test_what_is_alike_in_a_stack_and_different_in_another(tmp_path):
    def chooses(node: cdk.CfnResource, fleet: RepositoryFleet) -> bool:
        if not isinstance(node, ecr.CfnRepository):
            return False
        return '"countNumber":4' in str(node.lifecycle_policy.lifecycle_policy_text)

    templates, _ = both(tmp_path, walk(chooses), each_stack_its_own())
    assert str(templates).count('"ScanOnPush":false') == 5


def test_a_message_of_an_aspect_behind_the_fleet(tmp_path):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        @jsii.implements(cdk.IAspect)
        class Speaks:
            def visit(self, node):
                for each in resources_below(app):
                    cdk.Annotations.of(each).add_warning_v2("acme:review", "look at this")

        cdk.Aspects.of(cdk.Stack(app, "Later")).add(Speaks())

    refused(tmp_path, act, "got a message of an Aspect")


def wait_for_a_bucket(app: cdk.App, fleet: RepositoryFleet) -> None:
    """Each stack would wait for the other one."""
    base = bucket(app)
    for each in resources_below(app):
        each.add_dependency(base)


def tag_stacks_by_aspects_of_resources(app: cdk.App, fleet: RepositoryFleet) -> None:
    @jsii.implements(cdk.IAspect)
    class TagsStack:
        def visit(self, node):
            cdk.Tags.of(node.stack).add("team", "shop")

    aspect = TagsStack()
    for each in resources_below(app):
        cdk.Aspects.of(each).add(aspect)


def tag_what_is_no_stack(app: cdk.App, fleet: RepositoryFleet) -> None:
    """Below a construct of the stack, which some stacks do not have yet."""
    for each in app.node.find_all():
        if not isinstance(each, (cdk.Stage, cdk.Stack, RepositoryFleet)):
            cdk.Tags.of(each).add("team", "shop")
    cdk.Tags.of(app).add("owner", "platform")


@pytest.mark.parametrize(
    "act", [wait_for_a_bucket, tag_stacks_by_aspects_of_resources, tag_what_is_no_stack]
)
def test_what_becomes_of_the_stacks(tmp_path, act):
    both(tmp_path, act)


def test_each_stack_waits(tmp_path):
    _, waits = both(tmp_path, wait_for_a_bucket, shop(each=2, roles=0))
    assert sum(map(len, waits.values())) == 3
