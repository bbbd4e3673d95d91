"""What fast mode notes in a stack is nothing that code of the app meets, or takes away unseen."""

from __future__ import annotations

from dataclasses import replace

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import RepositoryFleet

from .fleets import templates_in
from .test_beginning import both, refused, resources_below, shop, there


def describe(stack: cdk.Stack) -> None:
    """Where nobody did."""
    options = stack.template_options
    options.description = options.description or "Images"


def describe_more(stack: cdk.Stack) -> None:
    options = stack.template_options
    options.description = f"Images: {options.description}"


def transform(stack: cdk.Stack) -> None:
    if not stack.template_options.transforms:
        stack.add_transform("AWS::LanguageExtensions")


def transform_instead(stack: cdk.Stack) -> None:
    stack.template_options.transforms = ["Ours"]


def note_in_another_stack(stack: cdk.Stack) -> None:
    options = stack.template_options
    other = cdk.Stack(cdk.Stage.of(stack), f"Other{stack.node.id}")
    other.add_metadata("Noted", f"{options.description} {options.transforms} {options.metadata}")


def remove_all(stack: cdk.Stack) -> None:
    """One after the other, where none stands for another."""
    for each in stack.node.find_all():
        if isinstance(each, iam.CfnRole):
            each.node.scope.node.try_remove_child(each.node.id)


def rename(stack: cdk.Stack) -> None:
    for each in stack.node.find_all():
        if isinstance(each, iam.CfnRole):
            stack.rename_logical_id(stack.get_logical_id(each), "Renamed")


KEPT = [describe, describe_more, transform, transform_instead, note_in_another_stack]
LAST = "part-2-1"


@pytest.mark.parametrize("touch", KEPT)
def test_what_the_app_reads_and_writes_of_templates(tmp_path, touch):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        for stack in fleet.stacks.values():
            touch(stack)

    templates, _ = both(tmp_path, act)
    assert "Fleet::" not in str(templates)


@pytest.mark.parametrize("touch", KEPT)
def test_what_an_aspect_reads_and_writes_of_templates(tmp_path, touch):
    @jsii.implements(cdk.IAspect)
    class Touches:
        def visit(self, node):
            if isinstance(node, cdk.Stack) and node.node.id == LAST:
                touch(node)

    both(tmp_path, lambda app, fleet: cdk.Aspects.of(app).add(Touches()))


@pytest.mark.parametrize("touch", [remove_all, rename])
def test_resources_that_were_taken_away_do_not_come_back(tmp_path, touch):
    refused(
        tmp_path,
        lambda app, fleet: touch(fleet.stacks[LAST]),
        "whether there is a resource was changed",
        shop(each=0, roles=1),
    )


def test_sections_of_a_shard_without_entries(tmp_path):
    """They stand where the app made the first of each."""

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        for stack in fleet.stacks.values():
            cdk.CfnParameter(stack, "Size")
            cdk.CfnResource(stack, "Topic", type="AWS::SNS::Topic")

    both(tmp_path, act, shop(each=0, roles=1))


@pytest.mark.parametrize("granted", [None, "part-0/n-3"])
def test_resources_stand_in_the_order_of_the_manifest(tmp_path, granted):
    """Where each of them is a construct, as one of each tag value is, an app may list them."""
    few = shop(stacks=1, each=5, roles=2)
    fleet = replace(
        few,
        repositories=tuple(
            replace(each, tags={f"only-{number}": "yes"})
            for number, each in enumerate(few.repositories)
        ),
    )

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        if granted:
            fleet.repository(granted).grant_pull(iam.AccountPrincipal("333333333333"))
        names = [
            each.repository_name
            for each in resources_below(app)
            if isinstance(each, ecr.CfnRepository)
        ]
        cdk.Stack(app, "Other").add_metadata("Names", names)

    both(tmp_path, act, fleet)


def test_grants_make_no_constructs_and_other_keys(tmp_path):
    """An upload whose key is there already is left out."""
    listed = []
    for number, names in enumerate([(), ("part-0/n-3",), ("part-0/n-3", "part-0/n-4")]):
        outdir = tmp_path / str(number)
        app = cdk.App(outdir=str(outdir))
        fleet = RepositoryFleet(app, "Fleet", manifest=shop(stacks=1))
        for name in names:
            fleet.repository(name).grant_pull(iam.AccountPrincipal("333333333333"))
        assert there(app) == 0
        artifact = app.synth().get_stack_artifact(fleet.stacks["part-0-1"].artifact_id)
        assert str(artifact.template).count("333333333333") == len(names)
        listed.append(artifact.stack_template_asset_object_url)
    assert len(set(listed)) == 3


@pytest.mark.parametrize("tagged", [False, True])
def test_a_grant_that_comes_when_the_template_is_written(tmp_path, tagged):
    @jsii.implements(cdk.IStringProducer)
    class Grants:
        def produce(self, context: cdk.IResolveContext) -> str:
            fleet.repository("part-0/n-3").grant_pull(iam.AccountPrincipal("333333333333"))
            return "granted"

    app = cdk.App(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=shop())
    if tagged:
        cdk.Tags.of(app).add("team", "shop")
    options = object.__getattribute__(fleet.stacks["part-1-1"], "template_options")
    options.metadata = {"Granted": cdk.Lazy.uncached_string(Grants())}
    with pytest.raises(RuntimeError, match=r"FleetMode\.FULL_TREE"):
        app.synth()
    assert not list(tmp_path.glob("Fleet*.template.json"))


def test_what_is_below_a_stack_was_taken_away(tmp_path):
    refused(
        tmp_path,
        lambda app, fleet: fleet.stacks[LAST].node.try_remove_child("Default"),
        "without what fast mode noted in it",
    )


def test_a_fleet_that_was_not_made_to_its_end(tmp_path):
    made = []

    class Once(cdk.DefaultStackSynthesizer):
        def __init__(self) -> None:
            if made:
                raise ValueError("another one")
            made.append(self)
            super().__init__()

    app = cdk.App(outdir=str(tmp_path))
    with pytest.raises(ValueError, match="another one"):
        RepositoryFleet(app, "Fleet", manifest=shop(), synthesizer=Once)
    with pytest.raises(RuntimeError, match=r"was not made to its end.*FleetMode\.FULL_TREE"):
        app.synth()
    assert templates_in(tmp_path) == {}


def test_hooks_of_the_app(tmp_path):
    refused(
        tmp_path,
        lambda app, fleet: cdk.CfnHook(fleet.stacks[LAST], "Shift", type="Ours", properties={}),
        "has hooks of the app",
    )


def test_a_stack_that_was_taken_away(tmp_path):
    refused(
        tmp_path,
        lambda app, fleet: fleet.node.try_remove_child("part-0-1"),
        "holds no template of this stack",
    )
