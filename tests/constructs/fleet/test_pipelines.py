"""A pipeline of CDK takes the stages of a fleet, and deploys the templates that they write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import pipelines

from ecr_constructs import Fleet, FleetEnvironment, FleetGroup, FleetMode, FleetStage

from .fleets import plain

HOME = ("111111111111", "eu-west-1")
PLACES = {
    "development": HOME,
    "staging": ("222222222222", "eu-west-1"),
    "production": ("333333333333", "eu-central-1"),
}
FLEET = Fleet(
    groups={"shop": FleetGroup(shards=2)},
    repositories=plain(9).repositories,
    environments={
        name: FleetEnvironment(account=account, region=region)
        for name, (account, region) in PLACES.items()
    },
)


def stages_of_pipeline(outdir: Path, flags: dict[str, Any], mode: FleetMode) -> dict[str, Any]:
    """The actions of each stage: one environment by itself, the others in a wave."""
    app = cdk.App(outdir=str(outdir), context=flags)
    account, region = HOME
    stack = cdk.Stack(app, "Delivery", env=cdk.Environment(account=account, region=region))
    bucket = s3.Bucket.from_bucket_name(stack, "Source", "source")
    pipeline = pipelines.CodePipeline(
        stack,
        "Pipeline",
        synth=pipelines.ShellStep(
            "Synth",
            input=pipelines.CodePipelineSource.s3(bucket, "app.zip"),
            commands=["npx cdk synth"],
        ),
        cross_account_keys=True,
    )
    first, *others = FleetStage.for_environments(app, manifest=FLEET, mode=mode)
    pipeline.add_stage(first)
    wave = pipeline.add_wave("Others")
    for stage in others:
        wave.add_stage(stage)
    app.synth()
    template = json.loads((outdir / "Delivery.template.json").read_text())
    (made,) = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CodePipeline::Pipeline"
    ]
    return {each["Name"]: each["Actions"] for each in made["Stages"]}


@pytest.mark.parametrize("mode", FleetMode)
def test_a_pipeline_deploys_every_environment(tmp_path, flags, mode):
    stages = stages_of_pipeline(tmp_path, flags, mode)
    assert list(stages)[-2:] == ["development", "Others"]
    repositories = {name: [] for name in PLACES}
    prepared = [
        action
        for name in ("development", "Others")
        for action in stages[name]
        if action["Configuration"]["ActionMode"] == "CHANGE_SET_REPLACE"
    ]
    for action in prepared:
        configuration = action["Configuration"]
        environment, _, stack = configuration["StackName"].partition("-")
        assert stack in ("Fleet-shop-1", "Fleet-shop-2")
        account, region = PLACES[environment]
        assert action.get("Region", HOME[1]) == region
        role = f":iam::{account}:role/cdk-hnb659fds-deploy-role-{account}-{region}"
        assert role in json.dumps(action["RoleArn"])
        file = configuration["TemplatePath"].removeprefix("Synth_Output::")
        resources = json.loads((tmp_path / file).read_text())["Resources"].values()
        repositories[environment] += [each["Properties"]["RepositoryName"] for each in resources]
    everything = sorted(entry.name for entry in FLEET.repositories)
    assert {name: sorted(found) for name, found in repositories.items()} == dict.fromkeys(
        PLACES, everything
    )
    # Those of a wave are side by side.
    assert {action["RunOrder"] for action in prepared} == {1}
