"""In fast mode nothing is lost without a word: it is in the templates, or it is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import IValidation

from ecr_constructs import Fleet, FleetGroup, FleetMode, FleetRepository, Removal, RepositoryFleet

from .fleets import Touch, plain, templates_in, varied, written

GUEST = iam.AccountPrincipal("333333333333")


@jsii.implements(cdk.IAspect)
class Does:
    """An Aspect that does one thing to every repository."""

    def __init__(self, do: Callable[[ecr.CfnRepository], object]) -> None:
        self.do = do

    def visit(self, node):
        if isinstance(node, ecr.CfnRepository):
            self.do(node)


def by_aspect(do: Callable[[ecr.CfnRepository], object]) -> Touch:
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(stage).add(Does(do))

    return touch


def repositories(fleet: RepositoryFleet) -> list[ecr.CfnRepository]:
    """Those of the tree, as code without an Aspect finds them."""
    return [each for each in fleet.node.find_all() if isinstance(each, ecr.CfnRepository)]


def make_mutable(repository: ecr.CfnRepository) -> None:
    repository.image_tag_mutability = "MUTABLE"


def mutable_if_fourth(repository: ecr.CfnRepository) -> None:
    if repository.repository_name == "shop/n-4":
        make_mutable(repository)


def reasons(count: int = 9) -> Fleet:
    """Entries that differ in why they may be deleted."""
    return Fleet(
        repositories=tuple(
            FleetRepository(
                name=f"shop/n-{number}",
                group="shop",
                removal=Removal.delete_with_images(reason=f"rebuilt every night, {number % 3}"),
            )
            for number in range(count)
        ),
        groups={"shop": FleetGroup()},
    )


# --- what tells one from another ------------------------------------------------------------------


def outputs(value: Callable[[ecr.CfnRepository], str]) -> Touch:
    """An output for each repository, which fast mode would write for a few."""

    def do(node: ecr.CfnRepository) -> None:
        stack = cdk.Stack.of(node)
        cdk.CfnOutput(stack, f"Output{len(stack.node.children)}", value=value(node))

    return by_aspect(do)


def by_private_name(node: Any) -> None:
    if node._cfn_properties["repositoryName"] == "shop/n-4":
        make_mutable(node)


def by_rendered(node: Any) -> None:
    if "shop/n-4" in str(node._render_properties({"RepositoryName": "shop/n-4"})):
        make_mutable(node)


def by_reason(node: ecr.CfnRepository) -> None:
    if "night, 1" in json.dumps(node.cfn_options.metadata):
        make_mutable(node)


TELLING: dict[str, tuple[Touch, Fleet]] = {
    "repository_ref": (outputs(lambda node: node.repository_ref.repository_name), plain()),
    "get_att": (outputs(lambda node: cdk.Token.as_string(node.get_att("Arn"))), plain()),
    "_cfn_properties": (by_aspect(by_private_name), plain()),
    "_render_properties": (by_aspect(by_rendered), plain()),
    "cfn_options": (by_aspect(by_reason), reasons()),
    "get_metadata": (by_aspect(lambda node: node.get_metadata("ecr-constructs")), reasons()),
}


@pytest.mark.parametrize("attribute", TELLING)
def test_what_tells_one_from_another(tmp_path, attribute):
    if not hasattr(ecr.CfnRepository, attribute):
        pytest.skip(f"this version has no {attribute}")
    touch, fleet = TELLING[attribute]
    with pytest.raises(RuntimeError, match=f"reads '{attribute}' of a resource that stands for 7"):
        written(FleetMode.FAST, tmp_path, fleet=fleet, touch=touch)
    assert not templates_in(tmp_path)


def test_what_all_have_alike_may_be_read(tmp_path):
    def do(node: ecr.CfnRepository) -> None:
        if node.cfn_options.metadata is None:
            node.cfn_options.update_replace_policy = cdk.CfnDeletionPolicy.SNAPSHOT

    same(tmp_path, by_aspect(do))


class Profile(iam.CfnInstanceProfile):
    """A class of the app: it is not below the role, and refers to it."""

    def __init__(self, scope, id, role):
        super().__init__(scope, id, roles=[role])


@jsii.implements(cdk.IAspect)
class Profiles:
    """A profile for each role."""

    def visit(self, node):
        if isinstance(node, iam.CfnRole):
            stack = cdk.Stack.of(node)
            Profile(stack, f"Profile{len(stack.node.children)}", node)


@pytest.mark.skipif(not hasattr(iam.CfnRole, "role_ref"), reason="this version takes names alone")
def test_a_construct_of_the_app_that_refers_to_the_resource(tmp_path):
    few = varied()
    runner = few.roles["runner"]
    many = replace(few, roles={**few.roles, **{f"team-{n}": runner for n in range(9)}})

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(stage).add(Profiles())

    with pytest.raises(RuntimeError, match=r"gives Profile.__init__ a resource that"):
        written(FleetMode.FAST, tmp_path, fleet=many, touch=touch)
    assert not templates_in(tmp_path)


def test_an_aspect_of_another_library_at_each_resource(tmp_path, monkeypatch):
    aspect = Does(lambda node: None)

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for each in repositories(fleet):
            cdk.Aspects.of(each).add(aspect)
        # As the class of a library has it that jsii brings to Python.
        monkeypatch.setattr(Does, "__jsii_type__", "cdk-nag.AwsSolutionsChecks")

    with pytest.raises(RuntimeError, match=r"cdk-nag.AwsSolutionsChecks looks at resources one by"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)


# --- when it is looked at -------------------------------------------------------------------------


def test_an_app_that_leaves_validation_out(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    RepositoryFleet(app, "Fleet", manifest=plain())
    cdk.Aspects.of(app).add(Does(mutable_if_fourth))
    with pytest.raises(RuntimeError, match="reads 'repository_name'"):
        app.synth(skip_validation=True)
    assert not templates_in(tmp_path)


def test_an_app_that_is_synthesized_again(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    RepositoryFleet(app, "Fleet", manifest=plain())
    app.synth()
    before = templates_in(tmp_path)
    app.synth(force=True)
    assert templates_in(tmp_path) == before
    cdk.Aspects.of(app).add(Does(mutable_if_fourth))
    with pytest.raises(RuntimeError, match="reads 'repository_name'"):
        app.synth(force=True)


def test_what_cdk_fills_in_while_it_writes(tmp_path):
    late: list[str] = []

    @jsii.implements(cdk.IStringProducer)
    class Mutability:
        def __init__(self, node: ecr.CfnRepository) -> None:
            self.node = node

        def produce(self, context: cdk.IResolveContext) -> str:
            is_it = late and self.node.repository_name == "shop/n-4"
            return "MUTABLE" if is_it else "IMMUTABLE"

    class Last(cdk.Stack):
        """Is validated behind the fleet."""

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        def do(node: ecr.CfnRepository) -> None:
            node.image_tag_mutability = cdk.Lazy.uncached_string(Mutability(node))

        cdk.Aspects.of(stage).add(Does(do))
        Last(stage, "Last").node.add_validation(Switch())

    @jsii.implements(IValidation)
    class Switch:
        def validate(self) -> list[str]:
            late.append("from now on")
            return []

    with pytest.raises(RuntimeError, match="reads 'repository_name'"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)
    assert not [name for name in templates_in(tmp_path) if "Fleet" in name]


def test_messages_that_no_aspect_left(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for each in repositories(fleet):
            cdk.Annotations.of(each).add_warning_v2("acme:review", "look at this")

    with pytest.raises(RuntimeError, match="got a message"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)
    assert not templates_in(tmp_path)


def test_a_program_that_goes_to_another_directory(tmp_path, monkeypatch):
    """Node stays where it was, and so does what is relative there."""
    outdir = os.path.relpath(tmp_path / "out")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    app = cdk.App(outdir=outdir)
    RepositoryFleet(app, "Fleet", manifest=plain())
    app.synth()
    (text,) = templates_in(tmp_path / "out").values()
    assert len(json.loads(text)["Resources"]) == 9


def test_a_template_that_is_not_there(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=varied())
    assert fleet.node.try_remove_child("shop-1")
    with pytest.raises(RuntimeError, match=r"\[Fleet/shop-1\] outdir: of the app holds no"):
        app.synth()
    assert not templates_in(tmp_path)


def test_a_last_template_that_would_complete_the_others(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    fleet = RepositoryFleet(app, "Fleet", manifest=varied())
    assert fleet.node.try_remove_child("tools-1")
    with pytest.raises(RuntimeError, match="lost its last stack from the tree"):
        app.synth()
    assert not templates_in(tmp_path)


# --- grants, which make a construct of a repository that was none ---------------------------------


@pytest.mark.parametrize("count", [3, 9])
def test_what_was_done_before_a_grant(tmp_path, count):
    """The repository was none of the constructs to which it was done."""

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for each in repositories(fleet):
            make_mutable(each)
        fleet.repository("shop/n-1").grant_pull(GUEST)

    with pytest.raises(RuntimeError, match="ImageTagMutability was changed in another way"):
        written(FleetMode.FAST, tmp_path, fleet=plain(count), touch=touch)
    assert not templates_in(tmp_path)


def test_what_was_done_after_a_grant(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        fleet.repository("shop/n-4").grant_pull(GUEST)
        fleet.repository("shop/n-0").grant_pull(GUEST)
        for each in repositories(fleet):
            make_mutable(each)

    made = same(tmp_path, touch)
    assert str(made).count("'MUTABLE'") == 9
    assert str(made).count("333333333333") == 2


def test_a_grant_that_an_aspect_makes_behind_the_fleet(tmp_path):
    """Without stabilization no Aspect visits what another one made."""

    @jsii.implements(cdk.IAspect)
    class Grants:
        def __init__(self, fleet: RepositoryFleet) -> None:
            self.fleet = fleet

        def visit(self, node):
            if node.node.id == "Later":
                self.fleet.repository("shop/n-4").grant_pull(GUEST)

    app = cdk.App(outdir=str(tmp_path), context={"@aws-cdk/core:aspectStabilization": False})
    fleet = RepositoryFleet(app, "Fleet", manifest=plain())
    cdk.Aspects.of(fleet).add(Does(make_mutable))
    cdk.Aspects.of(cdk.Stack(app, "Later")).add(Grants(fleet))
    with pytest.raises(RuntimeError, match="ImageTagMutability was changed in another way"):
        app.synth()


def test_what_was_read_before_a_grant(tmp_path):
    """Those that were read are granted something: what they stood for is not forgotten."""

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for each in repositories(fleet):
            mutable_if_fourth(each)
        for name in ("shop/n-0", "shop/n-8"):
            fleet.repository(name).grant_pull(GUEST)

    with pytest.raises(RuntimeError, match="reads 'repository_name'"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)


def test_a_policy_that_a_grant_wrote_tells_one_from_another(tmp_path):
    def do(node: ecr.CfnRepository) -> None:
        if node.repository_policy_text is None:
            make_mutable(node)

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        fleet.repository("shop/n-4").grant_pull(GUEST)
        cdk.Aspects.of(fleet).add(Does(do))

    with pytest.raises(RuntimeError, match="reads 'repository_policy_text'"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)


# --- overrides ------------------------------------------------------------------------------------


def same(tmp_path: Path, touch: Touch) -> dict[str, Any]:
    fast = written(FleetMode.FAST, tmp_path / "fast", fleet=plain(), touch=touch)
    full = written(FleetMode.FULL_TREE, tmp_path / "full", fleet=plain(), touch=touch)
    assert fast == full
    (made,) = [json.loads(text) for text in fast.values()]
    return dict(made["Resources"])


def test_overrides_of_the_type_and_of_attributes(tmp_path):
    def do(node: ecr.CfnRepository) -> None:
        node.add_override("Type", "Custom::Repository")
        node.add_override("Later", {"a": 1})
        for number in range(9):
            node.add_metadata(f"key-{9 - number}", number)

    made = same(tmp_path, by_aspect(do))
    assert {each["Type"] for each in made.values()} == {"Custom::Repository"}
    assert [each["Later"] for each in made.values()] == [{"a": 1}] * 9


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        ("Properties.Tags", {"Fn::If": ["C", [], {"Ref": "AWS::NoValue"}]}, "Tags"),
        ("Properties.Tags", [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}], "Tags"),
        ("Properties.Tags", [{"Key": "a", "Value": "1", "More": "x"}], "Tags"),
        ("Properties.Tags", [{"Key": {"Ref": "AWS::StackName"}, "Value": "1"}], "Tags"),
        ("Properties", "all of them", "Properties"),
        ("Metadata", "a text", "Metadata"),
    ],
)
def test_overrides_that_leave_nothing_to_compare(tmp_path, path, value, part):
    touch = by_aspect(lambda node: node.add_override(path, value))
    with pytest.raises(RuntimeError, match=f"{part} was replaced by something else") as refusal:
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)
    assert "FleetMode.FULL_TREE" in str(refusal.value)
    assert not templates_in(tmp_path)


# --- what waits for the fleet ---------------------------------------------------------------------


def test_a_resource_of_the_stack_that_waits_for_the_fleet(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        stack = fleet.stacks["shop-1"]
        first = cdk.CfnResource(stack, "Aaa", type="AWS::SNS::Topic")
        last = cdk.CfnResource(stack, "Zzz", type="AWS::SNS::Topic")
        waits = cdk.CfnResource(stack, "Waits", type="AWS::SNS::Topic")
        waits.node.add_dependency(first, last, stack.node.find_child("Default"))

    made = same(tmp_path, touch)
    assert len(made["Waits"]["DependsOn"]) == 11
