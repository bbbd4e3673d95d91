"""Both modes write the same templates, whatever the app does to all of its resources."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ecr_constructs import Fleet, FleetMode, RepositoryFleet
from ecr_constructs.model.fleet.placing import shard_of, stack_id

from .fleets import Touch, nothing, plain, varied, written

BOUNDARY = "arn:aws:iam::111111111111:policy/edge"


@jsii.implements(cdk.IAspect)
class ScanNothing:
    """Sets a property of every repository, by attribute."""

    def visit(self, node):
        if isinstance(node, ecr.CfnRepository):
            node.image_scanning_configuration = {"scanOnPush": False}


@jsii.implements(cdk.IAspect)
class Overrides:
    """Sets, replaces and removes, by overrides, and adds metadata."""

    def visit(self, node):
        if isinstance(node, ecr.CfnRepository):
            node.add_property_override("ImageScanningConfiguration.ScanOnPush", False)
            node.add_property_deletion_override("LifecyclePolicy")
            node.add_override("UpdateReplacePolicy", "Snapshot")
            node.add_metadata("reviewed", {"by": "platform"})
        if isinstance(node, iam.CfnRole):
            node.max_session_duration = 3600
            node.add_property_override("Path", "/fleet/")


@jsii.implements(cdk.IAspect)
class ByMutability:
    """Decides by what a whole class of repositories has in common."""

    def visit(self, node):
        if isinstance(node, ecr.CfnRepository) and node.image_tag_mutability == "IMMUTABLE":
            node.add_property_override("ImageTagMutability", "MUTABLE")


def app_tags(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.Tags.of(app).add("company", "acme")
    cdk.Tags.of(stage).add("team", "platform")
    cdk.Tags.of(fleet).add("cost", "42", priority=300)
    cdk.Tags.of(fleet).add("roles-only", "x", include_resource_types=["AWS::IAM::Role"])


def stronger_tags(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.Tags.of(stage).add("team", "platform", priority=101)


def removed_tags(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.Tags.of(stage).add("cost", "42")
    cdk.Tags.of(fleet).remove("team")


def one_stack(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.Tags.of(fleet.stacks["shop-2"]).add("shard", "second")
    cdk.Stack.of(fleet.stacks["shop-2"]).termination_protection = True


def removal(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.RemovalPolicies.of(fleet).destroy()


def missing_removal(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.MissingRemovalPolicies.of(stage).retain()


def aspect(made: Any) -> Touch:
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(stage).add(made)

    return touch


def boundary_of_fleet(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    iam.PermissionsBoundary.of(fleet).apply(
        iam.ManagedPolicy.from_managed_policy_arn(stage, "Edge", BOUNDARY)
    )


def with_others(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    iam.Role(fleet.stacks["tools-1"], "Mine", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))


TOUCHES = {
    "nothing": nothing,
    "tags": app_tags,
    "stronger tags": stronger_tags,
    "removed tags": removed_tags,
    "one stack": one_stack,
    "removal": removal,
    "missing removal": missing_removal,
    "attribute": aspect(ScanNothing()),
    "overrides": aspect(Overrides()),
    "by mutability": aspect(ByMutability()),
    "boundary": boundary_of_fleet,
    "other constructs": with_others,
}


def both(tmp_path: Path, **options: Any) -> dict[str, Any]:
    fast = written(FleetMode.FAST, tmp_path / "fast", **options)
    full = written(FleetMode.FULL_TREE, tmp_path / "full", **options)
    assert fast.keys() == full.keys()
    for name, text in fast.items():
        assert json.loads(text) == json.loads(full[name]), name
    return {name: json.loads(text) for name, text in fast.items()}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory, flags):
    """The templates of a fleet to which nobody did anything."""
    texts = written(FleetMode.FAST, tmp_path_factory.mktemp("untouched"), context=flags)
    return {file: json.loads(text) for file, text in texts.items()}


@pytest.mark.parametrize("name", TOUCHES)
def test_both_modes_write_the_same(tmp_path, flags, untouched, name):
    made = both(tmp_path, touch=TOUCHES[name], context=flags)
    assert (untouched != made) is (name != "nothing")


def test_without_flags_and_with_paths(tmp_path):
    paths = {"aws:cdk:enable-path-metadata": True}
    made = both(tmp_path, touch=app_tags, context=paths)
    for template in made.values():
        for logical_id, entry in template["Resources"].items():
            if entry["Type"] == "AWS::ECR::Repository":
                path = entry["Metadata"]["aws:cdk:path"]
                assert path.startswith("prod/Fleet/")
                assert path.endswith(f"/Default/{logical_id}")


def roles(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        entry["Properties"]
        for template in made.values()
        for entry in template["Resources"].values()
        if entry["Type"] == "AWS::IAM::Role"
    ]


def test_the_boundary_of_the_stage_is_on_every_role(tmp_path):
    fleet = varied()
    many = type(fleet)(
        repositories=fleet.repositories,
        groups=fleet.groups,
        kinds=fleet.kinds,
        roles={
            **fleet.roles,
            **{f"team-{number}": fleet.roles["runner"] for number in range(20)},
        },
    )
    made = both(tmp_path, fleet=many, stage_boundary=cdk.PermissionsBoundary.from_arn(BOUNDARY))
    assert len(roles(made)) == 22
    assert {role["PermissionsBoundary"] for role in roles(made)} == {BOUNDARY}


def test_a_boundary_of_the_fleet_itself(tmp_path):
    made = both(tmp_path, permissions_boundary=cdk.PermissionsBoundary.from_arn(BOUNDARY))
    assert {role["PermissionsBoundary"] for role in roles(made)} == {BOUNDARY}


class Ours(cdk.DefaultStackSynthesizer):
    def __init__(self):
        super().__init__(qualifier="acme", file_assets_bucket_name="assets-of-acme")


@pytest.mark.parametrize(
    "synthesizer",
    [
        Ours,
        cdk.CliCredentialsStackSynthesizer,
        cdk.BootstraplessSynthesizer,
        cdk.LegacyStackSynthesizer,
    ],
)
def test_synthesizers(tmp_path, synthesizer):
    both(tmp_path, synthesizer=synthesizer, touch=app_tags)
    fast = manifest(tmp_path / "fast")
    assert fast == manifest(tmp_path / "full")
    if synthesizer is Ours:
        assert "assets-of-acme" in json.dumps(fast)


def manifest(outdir: Path) -> Any:
    """The assembly as the CLI reads it, but for the tree, the notes on constructs, and the keys."""
    text = (outdir / "assembly-prod" / "manifest.json").read_text()
    found = json.loads(re.sub(r"[0-9a-f]{64}", "KEY", text))["artifacts"]
    return {
        name: {key: value for key, value in entry.items() if key != "metadata"}
        for name, entry in found.items()
        if entry["type"] != "cdk:tree"
    }


def keys(outdir: Path) -> dict[str, str]:
    """The key under which the template of each stack is uploaded, as all files of it say."""
    folder = outdir / "assembly-prod"
    listed = json.loads((folder / "manifest.json").read_text())["artifacts"]
    found: dict[str, str] = {}
    for file in folder.glob("*.assets.json"):
        ((key, asset),) = json.loads(file.read_text())["files"].items()
        stack = file.name.removesuffix(".assets.json")
        assert asset["source"] == {"path": f"{stack}.template.json", "packaging": "file"}
        (destination,) = asset["destinations"].values()
        assert destination["objectKey"] == f"{key}.json"
        assert f"/{key}.json" in listed[stack]["properties"]["stackTemplateAssetObjectUrl"]
        found[listed[stack]["displayName"].rpartition("/")[2]] = key
    return found


def test_the_key_of_a_template_follows_from_all_that_is_in_it(tmp_path):
    """An upload whose key is there already is left out: another template needs another key."""
    shop = varied()
    changed = {
        "as it was": shop,
        "an entry": replace(
            shop,
            repositories=tuple(
                replace(each, scan_on_push=False) if each.name == "web/n-10" else each
                for each in shop.repositories
            ),
        ),
        "a role": replace(
            shop, roles={**shop.roles, "ci": replace(shop.roles["ci"], description="another")}
        ),
    }
    made = {}
    for number, (name, fleet) in enumerate(changed.items()):
        written(FleetMode.FAST, tmp_path / str(number), fleet=fleet)
        made[name] = keys(tmp_path / str(number))
    written(FleetMode.FAST, tmp_path / "tags", fleet=shop, touch=one_stack)
    made["tags"] = keys(tmp_path / "tags")
    written(FleetMode.FAST, tmp_path / "again", fleet=shop)
    made["again"] = keys(tmp_path / "again")
    before = made["as it was"]
    assert len(set(before.values())) == 3
    others = {
        name: {stack for stack, key in found.items() if key != before[stack]}
        for name, found in made.items()
    }
    # Who gets at one stack has constructs made in all.
    assert others.pop("tags") >= {"shop-2"}
    assert others == {
        "as it was": set(),
        "an entry": {stack_of(shop, "web/n-10")},
        "a role": {"shop-1"},
        "again": set(),
    }


def test_the_key_follows_from_construct_paths(tmp_path):
    found = {}
    for paths in (True, False):
        context = {"aws:cdk:enable-path-metadata": paths}
        written(FleetMode.FAST, tmp_path / str(paths), context=context)
        found[paths] = keys(tmp_path / str(paths))
    assert found[True].keys() == found[False].keys()
    assert not set(found[True].values()) & set(found[False].values())


def test_the_key_follows_from_what_is_no_construct(tmp_path):
    few = plain()
    names = [each.name for each in few.repositories]
    renamed = [name.replace("n-4", "n-44") for name in names]
    found = []
    for number, listed in enumerate((names, renamed, names)):
        fleet = replace(
            few, repositories=tuple(replace(few.repositories[0], name=n) for n in listed)
        )
        written(FleetMode.FAST, tmp_path / str(number), fleet=fleet)
        found.append(keys(tmp_path / str(number))["shop-1"])
    assert found[0] == found[2] != found[1]


def test_the_key_follows_from_the_names_of_roles(tmp_path):
    """They stand in nothing but the logical ids."""
    few = varied()
    found = []
    for number, name in enumerate(("runner", "walker")):
        fleet = replace(
            few,
            roles={name: few.roles["runner"]},
            kinds={key: replace(kind, pull=(), push=()) for key, kind in few.kinds.items()},
        )
        written(FleetMode.FAST, tmp_path / str(number), fleet=fleet)
        found.append(keys(tmp_path / str(number)))
    changed = {stack for stack, key in found[0].items() if key != found[1][stack]}
    assert changed == {"tools-1"}


def stack_of(fleet: Fleet, name: str) -> str:
    return stack_id("shop", shard_of(name, fleet.groups["shop"].shards))


def tagged(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    cdk.Tags.of(app).add("team", "shop")


@pytest.mark.parametrize("touch", [nothing, tagged])
def test_what_is_not_completed_cannot_be_deployed(tmp_path, monkeypatch, touch):
    """CloudFormation refuses such a description, and nobody has the macro of the hook."""
    monkeypatch.setattr(
        "ecr_constructs.constructs.fleet.fast.stacks.FastStacks.complete", lambda *_: None
    )
    digests = set()
    for text in written(FleetMode.FAST, tmp_path, touch=touch).values():
        template = json.loads(text)
        assert len(template["Description"].encode()) > 1_024
        digests.add(template["Description"][-64:])
        assert ("Hooks" in template) is (touch is tagged)
        if touch is tagged:
            (hook,) = template["Hooks"].values()
            assert hook["Type"] == f"EcrConstructs::Fleet::{template['Description'][-64:]}"
            assert hook["Properties"] == {"Resources": {"Fn::Transform": {"Name": hook["Type"]}}}
    assert len(digests) == 3


def test_descriptions_of_the_app_stay(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        fleet.stacks["shop-1"].template_options.description = "Images of the shop"

    made = both(tmp_path, touch=touch)
    found = [template.get("Description") for template in made.values()]
    assert found == ["Images of the shop", None, None]


def test_transforms_of_the_app_stay(tmp_path):
    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        fleet.stacks["shop-1"].add_transform("AWS::LanguageExtensions")
        for name in ("AWS::LanguageExtensions", "Ours"):
            fleet.stacks["shop-2"].add_transform(name)

    made = both(tmp_path, touch=touch)
    found = [template.get("Transform") for template in made.values()]
    assert found == ["AWS::LanguageExtensions", ["AWS::LanguageExtensions", "Ours"], None]


def test_template_from_stack_reads_all(app):
    fleet = RepositoryFleet(app, "Fleet", manifest=plain())
    Template.from_stack(fleet.stacks["shop-1"]).resource_count_is("AWS::ECR::Repository", 9)


def test_an_empty_shard_is_a_stack_all_the_same(tmp_path):
    few = varied(0)
    assert len(both(tmp_path, fleet=few)) == 3
