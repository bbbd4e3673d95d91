"""A fleet begins without a construct of any resource; what acts on it meets what it needs.

Whatever the app does, both modes write the same, or fast mode refuses it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template
from constructs import IConstruct, IValidation

from ecr_constructs import Fleet, FleetGroup, FleetMode, FleetRepository, RepositoryFleet
from ecr_constructs.constructs.fleet.fast.checks import other_libraries
from ecr_constructs.model.fleet.principals import FleetTrust
from ecr_constructs.model.fleet.values import FleetRole

from .fleets import templates_in

ACCOUNT = cdk.Environment(account="111111111111", region="eu-west-1")
Act = Callable[[cdk.App, RepositoryFleet], object]


def shop(stacks: int = 3, each: int = 5, roles: int = 4) -> Fleet:
    """As many repositories in each stack, and roles in the last."""
    names = [f"part-{number}" for number in range(stacks)]
    return Fleet(
        repositories=tuple(
            FleetRepository(name=f"{name}/n-{number}", group=name)
            for name in names
            for number in range(each)
        ),
        groups={name: FleetGroup() for name in names},
        roles={
            f"role-{number}": FleetRole(
                group=names[-1], trust=FleetTrust.of_service("ecs-tasks.amazonaws.com")
            )
            for number in range(roles)
        },
    )


def made(mode: FleetMode, outdir: Path, act: Act, fleet: Fleet, flags: dict[str, Any]) -> Any:
    """Every template, and which stack waits for which."""
    app = cdk.App(outdir=str(outdir), context=flags)
    act(app, RepositoryFleet(app, "Fleet", manifest=fleet, env=ACCOUNT, mode=mode))
    assembly = app.synth()
    waits = {
        stack.id: sorted(each.id for each in stack.dependencies if not each.id.endswith(".assets"))
        for stack in assembly.stacks
    }
    return templates_in(outdir), waits


def both(tmp_path: Path, act: Act, fleet: Fleet | None = None, **flags: Any) -> Any:
    """What both modes make, which is the same."""
    few = fleet or shop()
    fast = made(FleetMode.FAST, tmp_path / "fast", act, few, flags)
    full = made(FleetMode.FULL_TREE, tmp_path / "full", act, few, flags)
    assert fast == full
    return fast


def refused(tmp_path: Path, act: Act, text: str, fleet: Fleet | None = None) -> None:
    with pytest.raises(RuntimeError, match=text) as refusal:
        made(FleetMode.FAST, tmp_path, act, fleet or shop(), {})
    assert "FleetMode.FULL_TREE" in str(refusal.value)
    assert not [name for name in templates_in(tmp_path) if "Fleet" in name]


def are_resources(found: list[IConstruct]) -> list[cdk.CfnResource]:
    return [each for each in found if isinstance(each, (ecr.CfnRepository, iam.CfnRole))]


def resources_below(app: cdk.App) -> list[cdk.CfnResource]:
    """As code finds them that begins at the app, without touching the fleet."""
    return are_resources(app.node.find_all())


def there(app: cdk.App) -> int:
    """How many constructs of resources there are, without that anybody notices the question."""
    return len(are_resources(object.__getattribute__(app, "node").find_all()))


def look(app: cdk.App, fleet: RepositoryFleet) -> None:
    """What an app does around a fleet that leads to no resource."""
    other = cdk.Stack(app, "Other", env=ACCOUNT)
    cdk.Stage(app, "Later")
    assert cdk.App.is_app(app)
    assert app.outdir
    assert cdk.Stage.of(other) is app
    fleet.add_stack_dependency(other)
    cdk.Annotations.of(app).add_info("a fleet")


def test_no_construct_without_an_aspect(tmp_path):
    seen = []
    both(tmp_path, lambda app, fleet: seen.append(there(app)))
    # In full tree each of them.
    assert seen == [0, 19]


@pytest.mark.parametrize("flags", [{}, {"aws:cdk:enable-path-metadata": True}])
def test_construct_paths(tmp_path, flags):
    templates, _ = both(tmp_path, lambda app, fleet: None, **flags)
    metadata = [
        resource.get("Metadata", {}).get("aws:cdk:path")
        for template in templates.values()
        for key, resource in json.loads(template)["Resources"].items()
        if key != "CDKMetadata"
    ]
    assert len(metadata) == 19
    assert all(path and path.startswith("Fleet/part-") for path in metadata) is bool(flags)


# --- what acts on resources and is asked for -----------------------------------------------------


@jsii.implements(cdk.IAspect)
class Scans:
    """Sets the same of every repository, and a boundary at every role."""

    def visit(self, node):
        if isinstance(node, ecr.CfnRepository):
            node.image_scanning_configuration = {"scanOnPush": False}
        if isinstance(node, iam.CfnRole):
            node.permissions_boundary = "arn:aws:iam::111111111111:policy/edge"


@jsii.implements(cdk.IAspect)
class TagsStacks:
    """Tags each stack with its name."""

    def visit(self, node):
        if isinstance(node, cdk.Stack):
            cdk.Tags.of(node).add("stack", node.stack_name)


@jsii.implements(cdk.IAspect)
class WalksDown:
    """Does all at the app, by going through what is below it."""

    def visit(self, node):
        if isinstance(node, cdk.App):
            for each in resources_below(node):
                Scans().visit(each)


def tag_one_stack(app: cdk.App, fleet: RepositoryFleet) -> None:
    cdk.Tags.of(fleet.stacks["part-1-1"]).add("team", "shop")


def find_a_stack_and_tag_it(app: cdk.App, fleet: RepositoryFleet) -> None:
    (stack,) = [
        each
        for each in app.node.find_all()
        if isinstance(each, cdk.Stack) and each.stack_name == "Fleet-part-2-1"
    ]
    cdk.Tags.of(stack).add("team", "shop")


def walk_from_the_app(app: cdk.App, fleet: RepositoryFleet) -> None:
    for each in resources_below(app):
        Scans().visit(each)


def walk_that_nobody_can_watch(app: cdk.App, fleet: RepositoryFleet) -> None:
    """As by a library written in TypeScript: it reads nothing in Python."""
    for each in resources_below(app):
        if isinstance(each, ecr.CfnRepository):
            # Past Python's attributes.
            jsii.kernel.set(each, "imageTagMutability", "MUTABLE")


def walk_from_another_construct(app: cdk.App, fleet: RepositoryFleet) -> None:
    for each in cdk.Stack(app, "Other").node.root.node.find_all():
        Scans().visit(each)


def walk_by_scopes(app: cdk.App, fleet: RepositoryFleet) -> None:
    for each in cdk.Stack(app, "Other").node.scopes[0].node.children[0].node.find_all():
        Scans().visit(each)


def through_the_fleet(app: cdk.App, fleet: RepositoryFleet) -> None:
    for each in fleet.node.find_all():
        Scans().visit(each)


def through_a_stack(app: cdk.App, fleet: RepositoryFleet) -> None:
    for each in fleet.stacks["part-1-1"].node.find_all():
        Scans().visit(each)


ACTS: dict[str, Act] = {
    "tags of the app": lambda app, fleet: cdk.Tags.of(app).add("team", "shop"),
    "tags of the fleet": lambda app, fleet: cdk.Tags.of(fleet).add("team", "shop"),
    "tags of one stack": tag_one_stack,
    "tags of a stack that was found": find_a_stack_and_tag_it,
    "an Aspect of the app": lambda app, fleet: cdk.Aspects.of(app).add(Scans()),
    "an Aspect of the fleet": lambda app, fleet: cdk.Aspects.of(fleet).add(Scans()),
    "an Aspect that tags stacks": lambda app, fleet: cdk.Aspects.of(app).add(TagsStacks()),
    "removal": lambda app, fleet: cdk.RemovalPolicies.of(app).destroy(),
    "a boundary": lambda app, fleet: iam.PermissionsBoundary.of(app).apply(
        iam.ManagedPolicy.from_managed_policy_name(cdk.Stack(app, "Other"), "Edge", "edge")
    ),
    "an Aspect that walks from the app": lambda app, fleet: cdk.Aspects.of(app).add(WalksDown()),
    "a walk from the app": walk_from_the_app,
    "a walk that nobody can watch": walk_that_nobody_can_watch,
    "a walk from another construct": walk_from_another_construct,
    "a walk by scopes": walk_by_scopes,
    "a walk through the fleet": through_the_fleet,
    "a walk through a stack": through_a_stack,
}


@pytest.mark.parametrize("name", ACTS)
def test_what_acts_on_all(tmp_path, name):
    templates, _ = both(tmp_path, ACTS[name])
    plain = made(FleetMode.FULL_TREE, tmp_path / "plain", lambda app, fleet: None, shop(), {})
    assert templates != plain[0]


@pytest.mark.parametrize("stabilized", [True, False])
def test_what_an_aspect_finds_below_the_app(tmp_path, stabilized):
    """It comes before the fleet is visited."""
    flags = {"@aws-cdk/core:aspectStabilization": stabilized}
    both(tmp_path, lambda app, fleet: cdk.Aspects.of(app).add(WalksDown()), **flags)


def test_an_aspect_that_javascript_of_a_library_gives_one_stack(tmp_path, monkeypatch):
    assert not other_libraries()
    monkeypatch.setitem(sys.modules, "acme_rules._jsii", ModuleType("acme_rules._jsii"))

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        stack = fleet.stacks["part-1-1"]
        # Python sees nothing of what JavaScript does.
        object.__setattr__(stack, "_hear", ())
        cdk.Aspects.of(stack).add(Scans())

    templates, _ = both(tmp_path, act)
    assert str(templates).count('"ScanOnPush":false') == 5


def test_one_resource_of_a_class_that_has_few(tmp_path):
    """Two in a stack are constructs both: what is done to one is done to it alone."""

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        for each in app.node.find_all():
            if isinstance(each, ecr.CfnRepository) and each.repository_name == "part-1/n-0":
                each.image_tag_mutability = "MUTABLE"

    both(tmp_path, act, shop(each=2))


@pytest.mark.parametrize("name", ["part-0/n-0", "part-1/n-0", "part-1/n-2", "part-2/n-4"])
def test_a_grant_before_tags(tmp_path, name):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        fleet.repository(name).grant_pull(iam.AccountPrincipal("333333333333"))
        cdk.Tags.of(app).add("team", "shop")

    templates, _ = both(tmp_path, act)
    assert str(templates).count("333333333333") == 1
    assert str(templates).count('"Key":"team"') == 19


# --- what comes late ------------------------------------------------------------------------------


@jsii.implements(cdk.IAspect)
class AddsAnother:
    """Adds an Aspect to another construct, when it is visited."""

    def __init__(self, other: cdk.App) -> None:
        self.other = other

    def visit(self, node):
        cdk.Aspects.of(self.other).add(Scans())


def test_an_aspect_that_another_one_adds_behind_the_fleet(tmp_path):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(cdk.Stack(app, "Later")).add(AddsAnother(app))

    refused(tmp_path, act, "was added by another Aspect, when CDK had passed the fleet")


@pytest.mark.parametrize("stabilized", [True, False])
def test_an_aspect_that_another_one_adds_to_a_stack_behind_the_fleet(tmp_path, stabilized):
    """Whether CDK comes once more, or not at all."""
    flags = {"@aws-cdk/core:aspectStabilization": stabilized}
    stacks: list[cdk.Stack] = []

    @jsii.implements(cdk.IAspect)
    class Adds:
        def visit(self, node):
            for stack in stacks:
                cdk.Aspects.of(stack).add(Scans())
            stacks.clear()

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        found = [each for each in app.node.find_all() if isinstance(each, cdk.Stack)]
        stacks[:] = found[-1:]
        cdk.Aspects.of(cdk.Stack(app, "Later")).add(Adds())

    templates, _ = both(tmp_path, act, **flags)
    assert str(templates).count('"ScanOnPush":false') == (5 if stabilized else 0)


@jsii.implements(cdk.IStringProducer)
class Paths:
    """Gets at a stack of the fleet when CDK asks, and finds its resources."""

    def __init__(self, fleet: RepositoryFleet) -> None:
        self.fleet = fleet
        self.found = 0

    def produce(self, context: cdk.IResolveContext) -> str:
        stack = self.fleet.stacks["part-2-1"]
        self.found = len(are_resources(stack.node.find_all()))
        return stack.node.path


@pytest.mark.parametrize("skip_validation", [True, False])
@pytest.mark.parametrize("way", ["before the fleet", "in the fleet"])
def test_what_is_read_while_cdk_writes(tmp_path, skip_validation, way):
    """Some templates of the fleet are written, and others not."""
    app = cdk.App(outdir=str(tmp_path))
    other = cdk.Stack(app, "Before")
    fleet = RepositoryFleet(app, "Fleet", manifest=shop())
    paths = Paths(fleet)
    if way == "in the fleet":
        # Unnoticed, as JavaScript would.
        other = fleet.stacks["part-1-1"]
    options = object.__getattribute__(other, "template_options")
    options.metadata = {"Where": cdk.Lazy.uncached_string(paths)}
    app.synth(skip_validation=skip_validation)
    templates = templates_in(tmp_path)
    assert "Fleet/part-2-1" in str(templates)
    assert str(templates).count("AWS::ECR::Repository") == 15
    assert "EcrConstructs::" not in str(templates)
    assert paths.found


def test_a_validation_finds_resources(tmp_path):
    """Whether CDK asks it before the fleet or after."""
    found = []

    @jsii.implements(IValidation)
    class Counts:
        def __init__(self, fleet: RepositoryFleet) -> None:
            self.fleet = fleet

        def validate(self) -> list[str]:
            found.append(len(are_resources(self.fleet.node.find_all())))
            return []

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        cdk.Stack(app, "Later").node.add_validation(Counts(fleet))

    both(tmp_path, act)
    assert found[0] > 0
    assert found[1] == 19


def test_names_lead_to_no_resource(tmp_path):
    seen = []

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        look(app, fleet)
        seen.append([stack.stack_name for stack in fleet.stacks.values()])
        seen.append(there(app))

    both(tmp_path, act)
    assert seen[1] == 0


def test_two_fleets_are_found_both(tmp_path):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        RepositoryFleet(app, "Second", manifest=shop(stacks=1), env=ACCOUNT)
        walk_from_the_app(app, fleet)

    app = cdk.App(outdir=str(tmp_path))
    act(app, RepositoryFleet(app, "Fleet", manifest=shop(), env=ACCOUNT))
    app.synth()
    assert str(templates_in(tmp_path)).count('"ScanOnPush":false') == 20


def test_an_app_of_its_own_class(tmp_path):
    class Platform(cdk.App):
        def scan(self) -> None:
            for each in self.node.find_all():
                Scans().visit(each)

    app = Platform(outdir=str(tmp_path))
    RepositoryFleet(app, "Fleet", manifest=shop(), env=ACCOUNT)
    app.scan()
    app.synth()
    assert isinstance(app, Platform)
    assert type(app).__name__ == "Platform"
    assert str(templates_in(tmp_path)).count('"ScanOnPush":false') == 15


def test_an_app_that_is_changed_between_two_syntheses(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=shop())
    app.synth()
    Template.from_stack(fleet.stacks["part-1-1"])
    assert fleet.stacks["part-1-1"].stack_name == "Fleet-part-1-1"
    app.synth(force=True)
    walk_from_the_app(app, fleet)
    with pytest.raises(RuntimeError, match=r"reads 'node\.find_all' between two syntheses"):
        app.synth(force=True)


@pytest.mark.parametrize("refused", [True, False])
def test_the_manifest_of_the_last_synthesis_is_gone_before_templates_are(tmp_path, refused):
    """For an assembly that has templates without resources would take stacks away."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    app = cdk.App(outdir=str(tmp_path))
    RepositoryFleet(app, "Fleet", manifest=shop())
    assert manifest.read_text() == "{}"
    if refused:
        cdk.Aspects.of(cdk.Stack(app, "Later")).add(AddsAnother(app))
        with pytest.raises(RuntimeError):
            app.synth()
    else:
        app.synth()
        assert json.loads(manifest.read_text())["artifacts"]
    assert manifest.exists() is not refused


def test_assertions_read_what_is_written(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=shop())
    template = Template.from_stack(fleet.stacks["part-1-1"])
    template.resource_count_is("AWS::ECR::Repository", 5)
    assert there(app) == 0


def test_an_app_that_is_synthesized_again_with_an_aspect(tmp_path):
    def again(mode: FleetMode) -> dict[str, str]:
        app = cdk.App(outdir=str(tmp_path / mode.name))
        RepositoryFleet(app, "Fleet", manifest=shop(), mode=mode)
        app.synth()
        cdk.Tags.of(app).add("team", "shop")
        app.synth(force=True)
        return templates_in(tmp_path / mode.name)

    assert again(FleetMode.FAST) == again(FleetMode.FULL_TREE)


@pytest.mark.parametrize("own", [0, 100, 200, 500])
def test_an_aspect_that_adds_one_of_an_earlier_priority_than_most_have(tmp_path, own):
    """CDK refuses it where one of a later priority was there; new projects have tags at 200."""

    @jsii.implements(cdk.IAspect)
    class TagsOnce:
        def __init__(self) -> None:
            self.tagged = False

        def visit(self, node):
            if isinstance(node, cdk.Stack) and not self.tagged:
                self.tagged = True
                cdk.Tags.of(node.node.root).add("team", "shop", priority=50)
                cdk.Aspects.of(node.node.root).add(Scans(), priority=own)

    flags = {
        "@aws-cdk/core:aspectPrioritiesMutating": True,
        "@aws-cdk/core:aspectStabilization": True,
    }

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(app).add(TagsOnce(), priority=min(own, 200))

    templates, _ = both(tmp_path, act, **flags)
    assert str(templates).count('"ScanOnPush":false') == 15
