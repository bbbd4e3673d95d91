"""What fast mode cannot carry is an error that names the other mode, with nothing written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import constructs
import jsii
import pytest
from aws_cdk import aws_ecr as ecr

from ecr_constructs import EcrConstructsError, FleetMode, FleetStage, RepositoryFleet
from ecr_constructs.model.fleet.values import (
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetRepository,
)

from .fleets import Touch, plain, varied, written


@jsii.implements(cdk.IAspect)
class OnRepositories:
    """What an Aspect does to a repository."""

    def visit(self, node):
        if isinstance(node, ecr.CfnRepository):
            self.do(node)

    def do(self, node):
        raise NotImplementedError


class ByName(OnRepositories):
    def do(self, node):
        if node.repository_name == "shop/n-4":
            node.add_property_override("ImageTagMutability", "MUTABLE")


class ByPath(OnRepositories):
    def do(self, node):
        if "N4" in node.node.path:
            node.add_property_override("ImageTagMutability", "MUTABLE")


class ByLogicalId(OnRepositories):
    def do(self, node):
        node.add_property_override("ImageTagMutability", node.logical_id)


class ByArn(OnRepositories):
    def do(self, node):
        node.add_property_override("Tags", [{"Key": "arn", "Value": node.attr_arn}])


class One(OnRepositories):
    """Has CDK read the path, and changes one repository that is no construct."""

    def do(self, node):
        if "N4" in cdk.Names.unique_id(node):
            node.add_property_override("ImageTagMutability", "MUTABLE")


class ByNode(OnRepositories):
    def do(self, node):
        if "n4" in constructs.Node.of(node).path.lower():
            node.add_property_override("ImageTagMutability", "MUTABLE")


class ByIdInStack(OnRepositories):
    def do(self, node):
        if "N4" in cdk.Stack.of(node).get_logical_id(node):
            node.add_property_override("ImageTagMutability", "MUTABLE")


class ByTagManager(OnRepositories):
    def do(self, node):
        if cdk.TagManager.of(node).has_tags():
            node.add_property_override("ImageTagMutability", "MUTABLE")


class Waits(OnRepositories):
    """Another resource would wait for the few, and not for all."""

    def do(self, node):
        stack = cdk.Stack.of(node)
        after = stack.node.try_find_child("After")
        (after or cdk.CfnResource(stack, "After", type="AWS::SNS::Topic")).add_dependency(node)


class OutOfSight(OnRepositories):
    """Reads the path inside CDK."""

    def do(self, node):
        node.add_property_override("RepositoryName", cdk.Names.unique_resource_name(node))


class TagOutOfSight(OnRepositories):
    def do(self, node):
        node.tags.set_tag("id", cdk.Names.unique_id(node))


class Counts(OnRepositories):
    """Asks nothing: the pair of witnesses tells."""

    def __init__(self):
        self.count = 0

    def do(self, node):
        self.count += 1
        node.add_property_override("ImageTagMutability", f"number {self.count}")


class Speaks(OnRepositories):
    def do(self, node):
        cdk.Annotations.of(node).add_warning_v2("acme:review", "look at this repository")


class Builds(OnRepositories):
    def do(self, node):
        if node.node.try_find_child("Extra") is None:
            cdk.CfnOutput(node, "Extra", value="x")


class Removes(OnRepositories):
    def do(self, node):
        node.override_logical_id(f"X{cdk.Names.unique_id(node)[-8:]}")


PER_RESOURCE = {
    ByName: "reads 'repository_name'",
    ByPath: "reads 'node'",
    ByLogicalId: "reads 'logical_id'",
    ByArn: "reads 'attr_arn'",
    One: "gives Names.unique_id a resource that stands for 7 others",
    ByNode: "gives Node.of a resource that stands for 7 others",
    ByIdInStack: "gives Stack.get_logical_id a resource that stands for 7 others",
    ByTagManager: "gives TagManager.of a resource that stands for 7 others",
    Waits: "gives CfnResource.add_dependency a resource that stands for 7 others",
    OutOfSight: "gives Names.unique_resource_name a resource that stands for 7 others",
    TagOutOfSight: "gives Names.unique_id a resource that stands for 7 others",
    Counts: "ImageTagMutability was changed in another way",
    Speaks: "got a message of an Aspect",
    Builds: "got constructs below it",
    Removes: "gives Names.unique_id a resource that stands for 7 others",
}


def with_aspect(aspect: Any) -> Touch:
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(stage).add(aspect)

    return touch


def templates(outdir: Path) -> list[Path]:
    return sorted(outdir.rglob("*.template.json"))


@pytest.mark.parametrize("aspect", PER_RESOURCE, ids=lambda each: each.__name__)
def test_an_aspect_that_decides_per_resource(tmp_path, aspect):
    touch = with_aspect(aspect())
    with pytest.raises(RuntimeError, match=PER_RESOURCE[aspect]) as refusal:
        written(FleetMode.FAST, tmp_path / "fast", fleet=plain(), touch=touch)
    assert "mode=FleetMode.FULL_TREE" in str(refusal.value)
    assert not templates(tmp_path / "fast")
    full = written(FleetMode.FULL_TREE, tmp_path / "full", fleet=plain(), touch=touch)
    assert full


class AsksWhatIsTheSame(OnRepositories):
    """Gives the resource to methods that say nothing of it alone."""

    def do(self, node):
        assert cdk.CfnResource.is_cfn_resource(node)
        assert constructs.Construct.is_construct(node)
        if cdk.Stack.of(node).region == "eu-west-1" and cdk.Stage.of(node) is not None:
            cdk.Tags.of(node).add("asked", "yes")


def test_an_aspect_that_asks_what_is_the_same_for_all(tmp_path):
    touch = with_aspect(AsksWhatIsTheSame())
    fast = written(FleetMode.FAST, tmp_path / "fast", fleet=plain(), touch=touch)
    full = written(FleetMode.FULL_TREE, tmp_path / "full", fleet=plain(), touch=touch)
    assert fast == full


class RulePack(OnRepositories):
    """What it would report of a resource it would report of those that it sees, which are few."""

    def do(self, node):
        """Nothing that could be seen."""


def test_an_aspect_of_another_library(tmp_path, monkeypatch):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(stage).add(RulePack())
        # As the class of a library has it that jsii brings to Python.
        monkeypatch.setattr(RulePack, "__jsii_type__", "cdk-nag.AwsSolutionsChecks")

    with pytest.raises(RuntimeError, match=r"cdk-nag.AwsSolutionsChecks looks at resources one by"):
        written(FleetMode.FAST, tmp_path, touch=touch)
    assert not templates(tmp_path)


def test_a_mixin_is_watched_like_an_aspect(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for construct in fleet.node.find_all():
            if isinstance(construct, ecr.CfnRepository) and "4" in construct.repository_name:
                construct.image_tag_mutability = "MUTABLE"

    with pytest.raises(RuntimeError, match=r"test_refusals.py:[0-9]+ reads 'repository_name'"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)
    assert not templates(tmp_path)


def test_what_stands_for_nobody_may_be_read(tmp_path):
    touch = with_aspect(ByName())
    assert written(FleetMode.FAST, tmp_path / "two", fleet=plain(2), touch=touch)


def test_a_value_that_differs_may_not_be_read(tmp_path):
    class ByTags(OnRepositories):
        def do(self, node):
            if node.tags.has_tags():
                node.add_property_override("ImageTagMutability", "MUTABLE")

    with pytest.raises(RuntimeError, match="reads 'tags'"):
        written(FleetMode.FAST, tmp_path / "n", fleet=varied(90), touch=with_aspect(ByTags()))
    assert written(FleetMode.FAST, tmp_path / "plain", fleet=plain(), touch=with_aspect(ByTags()))


def test_a_message_that_was_there_for_a_tag_alone_is_none(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Tags.of(fleet).add("a", "b")
        cdk.Annotations.of(fleet).add_info("of the fleet itself")

    assert written(FleetMode.FAST, tmp_path, touch=touch)


@pytest.mark.parametrize("mode", FleetMode)
def test_a_logical_id_that_another_construct_has(tmp_path, mode):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        name = "RepositoryShopN4" + "0" * 8
        names = [each.repository_name for each in [fleet.repository("shop/n-4")]]
        assert names
        taken = cdk.CfnResource(fleet.stacks["shop-1"], name, type="AWS::SNS::Topic")
        taken.override_logical_id(logical_id_of("shop/n-4"))

    with pytest.raises(RuntimeError) as refusal:
        written(mode, tmp_path, fleet=plain(), touch=touch)
    assert logical_id_of("shop/n-4") in str(refusal.value)
    if mode is FleetMode.FAST:
        assert "another construct of the stack has, too" in str(refusal.value)
        assert "[prod/Fleet/shop-1]" in str(refusal.value)


def logical_id_of(name: str) -> str:
    from ecr_constructs.model.fleet.placing import repository_logical_id  # noqa: PLC0415

    return repository_logical_id(name)


def test_a_stack_that_others_filled_up(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for number in range(495):
            cdk.CfnResource(fleet.stacks["shop-1"], f"T{number}", type="AWS::SNS::Topic")

    with pytest.raises(RuntimeError, match=r"504 resources.*allowed: 500 resources"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)


def test_a_template_that_aspects_made_too_big(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Tags.of(fleet).add("long", "x" * 200_000)

    with pytest.raises(RuntimeError, match=r"bytes.*allowed: 1,000,000 bytes"):
        written(FleetMode.FAST, tmp_path, fleet=plain(), touch=touch)


# --- refused where the fleet is made --------------------------------------------------------------


class ByItself(cdk.DefaultStackSynthesizer):
    def synthesize(self, session):
        super().synthesize(session)


def test_arguments(app):
    fleet = plain()
    wrong: dict[str, dict[str, Any]] = {
        "is a int, and neither a manifest": {"manifest": 3},
        "where a FleetMode belongs": {"mode": "fast"},
        "is no environment of the manifest": {"environment": "prod"},
        "is no class of synthesizers": {"synthesizer": cdk.DefaultStackSynthesizer()},
        "synthesizes in a way of its own": {"synthesizer": ByItself},
        "is a str, not a bool": {"termination_protection": "no"},
    }
    for number, (message, options) in enumerate(wrong.items()):
        with pytest.raises(EcrConstructsError, match=message) as refusal:
            RepositoryFleet(app, f"Fleet{number}", **{"manifest": fleet, **options})
        assert refusal.value.construct_path == f"Fleet{number}"
    RepositoryFleet(app, "Full", manifest=fleet, synthesizer=ByItself, mode=FleetMode.FULL_TREE)


def test_the_environments_of_a_manifest_are_not_left_out(app):
    names = ("dev", "prod")
    places = [FleetEnvironment(account="111111111111", region=f"eu-west-{n}") for n in (1, 2)]
    fleet = replace(plain(), environments=dict(zip(names, places, strict=True)))
    with pytest.raises(EcrConstructsError, match="is not given, and the environments") as refusal:
        RepositoryFleet(app, "Fleet", manifest=fleet)
    assert refusal.value.allowed == "dev, prod"
    assert "environment='dev'" in refusal.value.fix
    for wrong in ("prd", ["prod"]):
        with pytest.raises(EcrConstructsError, match="is no environment of the manifest"):
            RepositoryFleet(app, "Fleet", manifest=fleet, environment=wrong)
        with pytest.raises(EcrConstructsError, match="is no environment of the manifest"):
            FleetStage(app, "Stage", manifest=fleet, environment=wrong)
    RepositoryFleet(app, "Apart", manifest=fleet, env=cdk.Environment(region="eu-west-3"))
    RepositoryFleet(app, "Prod", manifest=fleet, environment="prod")


def test_the_synthesizer_of_the_app():
    app = cdk.App(default_stack_synthesizer=cdk.CliCredentialsStackSynthesizer())
    with pytest.raises(EcrConstructsError, match="default_stack_synthesizer"):
        RepositoryFleet(app, "Fleet", manifest=plain())
    RepositoryFleet(app, "Named", manifest=plain(), synthesizer=cdk.CliCredentialsStackSynthesizer)


def test_a_token_in_an_entry(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    parameter = cdk.CfnParameter(cdk.Stack(app, "Other"), "Team")
    fleet = Fleet(
        repositories=(
            FleetRepository(name="a/b", group="shop", tags={"team": parameter.value_as_string}),
        ),
        groups={"shop": FleetGroup()},
    )
    with pytest.raises(
        EcrConstructsError, match="Tags: of 'a/b' is known only when CDK"
    ) as refusal:
        RepositoryFleet(app, "Fleet", manifest=fleet)
    assert "FULL_TREE" in refusal.value.fix
    RepositoryFleet(app, "Full", manifest=fleet, mode=FleetMode.FULL_TREE)


def test_names_that_nobody_has(app):
    fleet = RepositoryFleet(app, "Fleet", manifest=plain())
    with pytest.raises(EcrConstructsError, match="is no repository of the manifest") as refusal:
        fleet.repository("shop/m-4")
    assert refusal.value.fix == "write 'shop/n-4'"
    with pytest.raises(EcrConstructsError, match="is no environment of the manifest"):
        FleetStage(app, "Stage", manifest=plain(), environment="prod")
    with pytest.raises(EcrConstructsError, match="names no environment"):
        FleetStage.for_environments(app, manifest=varied())
