"""Code that CDK calls when the templates of a fleet are written would find what is left of it."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from constructs import IValidation

from ecr_constructs import RepositoryFleet

from .fleets import templates_in
from .test_beginning import ACCOUNT, are_resources, resources_below, shop, there

LATE = "when the templates of the fleet are written"
NAMES = "reads 'repository_name' of a resource that stands for"


def names_below(app: cdk.App) -> list[str]:
    return [
        each.repository_name for each in resources_below(app) if isinstance(each, ecr.CfnRepository)
    ]


@jsii.implements(cdk.IStringProducer)
class Names:
    """A value that CDK asks for."""

    def __init__(self, app: cdk.App) -> None:
        self.app = app

    def produce(self, context: cdk.IResolveContext) -> str:
        return ",".join(names_below(self.app))


def an_output(app: cdk.App, stack: cdk.Stack) -> None:
    cdk.CfnOutput(stack, "Names", value=cdk.Lazy.uncached_string(Names(app)))


def metadata(app: cdk.App, stack: cdk.Stack) -> None:
    stack.template_options.metadata = {"Names": cdk.Lazy.uncached_string(Names(app))}


def validation(app: cdk.App, stack: cdk.Stack) -> None:
    @jsii.implements(IValidation)
    class Named:
        def validate(self) -> list[str]:
            return [f"has {name}" for name in names_below(app)]

    stack.node.add_validation(Named())


def aspect(app: cdk.App, stack: cdk.Stack) -> None:
    @jsii.implements(cdk.IAspect)
    class Lists:
        def visit(self, node):
            stack.add_metadata("Names", names_below(app))

    cdk.Aspects.of(stack).add(Lists())


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("way", [an_output, metadata, validation, aspect])
def test_who_looks_from_outside_the_stage(tmp_path, way, tagged):
    app = cdk.App(outdir=str(tmp_path))
    stage = cdk.Stage(app, "prod", env=ACCOUNT)
    RepositoryFleet(stage, "Fleet", manifest=shop())
    if tagged:
        cdk.Tags.of(stage).add("team", "shop")
    way(app, cdk.Stack(app, "Other"))
    with pytest.raises(RuntimeError, match=NAMES if tagged else LATE) as refusal:
        app.synth()
    assert "FleetMode.FULL_TREE" in str(refusal.value)
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize("tagged", [False, True])
def test_who_looks_behind_the_fleet(tmp_path, tagged):
    app = cdk.App(outdir=str(tmp_path))
    RepositoryFleet(app, "Fleet", manifest=shop())
    if tagged:
        cdk.Tags.of(app).add("team", "shop")
    metadata(app, cdk.Stack(app, "Behind"))
    with pytest.raises(RuntimeError, match=NAMES if tagged else LATE):
        app.synth()
    assert not (tmp_path / "manifest.json").exists()


Looks = Callable[[cdk.App, RepositoryFleet], object]
HARMLESS: dict[str, Looks] = {
    "context": lambda app, fleet: app.node.try_get_context("team"),
    "paths": lambda app, fleet: [each.node.path for each in fleet.stacks.values()],
    "what is above": lambda app, fleet: fleet.node.scopes[0].node.root.node.id,
    "an attribute of the app's class": lambda app, fleet: app.team,
    "a validation": lambda app, fleet: app.node.add_validation(Fine()),
}


@jsii.implements(IValidation)
class Fine:
    def validate(self) -> list[str]:
        return []


@pytest.mark.parametrize("name", HARMLESS)
def test_who_asks_a_node_for_what_leads_to_no_resource(tmp_path, name):
    class Platform(cdk.App):
        team = "shop"

    app = Platform(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=shop())
    HARMLESS[name](app, fleet)
    assert there(app) == 0
    app.synth()
    assert str(templates_in(tmp_path)).count("AWS::ECR::Repository") == 15


def test_an_aspect_that_asks_for_paths_from_outside_the_stage(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    RepositoryFleet(cdk.Stage(app, "prod", env=ACCOUNT), "Fleet", manifest=shop())
    cdk.Stack(app, "Other")
    paths = []

    @jsii.implements(cdk.IAspect)
    class Paths:
        def visit(self, node):
            paths.append(f"{node.node.root.node.path}/{node.node.path}")

    cdk.Aspects.of(app).add(Paths())
    app.synth()
    assert "/Other" in paths


def test_a_node_that_is_kept_since_the_fleet_was_made(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    RepositoryFleet(app, "Fleet", manifest=shop())
    root = app.node
    assert there(app) == 0
    assert are_resources(root.find_all())


class Answers(cdk.App):
    """Has an own way with attributes."""

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return f"no {name}"

    def __setattr__(self, name: str, value: object) -> None:
        self.__dict__[name] = value


class OwnNode(cdk.App):
    """Has a node of its own."""

    @property
    def node(self):
        return super().node


class Final(cdk.App):
    """Lets nobody inherit from it."""

    def __init_subclass__(cls) -> None:
        raise ValueError("is final")


@pytest.mark.parametrize("kind", [Answers, OwnNode, Final])
def test_apps_of_their_own_classes(tmp_path, kind):
    app = kind(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=shop())
    assert (there(app) > 0) is (kind is Final)
    for each in resources_below(app):
        each.add_metadata("Seen", "yes")
    assert isinstance(fleet.node.root, kind)
    app.synth()
    assert str(templates_in(tmp_path)).count('"Seen":"yes"') == 19
