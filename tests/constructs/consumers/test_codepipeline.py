"""CodePipeline: the push that starts a pipeline, and the image that it deploys."""

from __future__ import annotations

import json
import subprocess
import sys

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_ecr as ecr
from aws_cdk.assertions import Annotations, Match

from ecr_constructs import (
    EcsImageDefinitions,
    ImageSourceAction,
    InvalidInputError,
    SecureRepository,
)
from ecr_constructs.model.consumers.by_role.codepipeline import image_definitions_spec

from ..conftest import resources, templates
from .conftest import Stories
from .support import ACCOUNT, OTHER, REGION, Stack

EVENTS = "events.amazonaws.com"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/Shop-OnPush"
# "Sample event for a completed image push" of the ECR user guide, for this repository.
PUSH = {
    "version": "0",
    "source": "aws.ecr",
    "detail-type": "ECR Image Action",
    "account": ACCOUNT,
    "region": REGION,
    "detail": {
        "result": "SUCCESS",
        "repository-name": "shop/api",
        "image-digest": "sha256:" + "7f" * 32,
        "action-type": "PUSH",
        "image-tag": "stable",
    },
}


@pytest.fixture(scope="module")
def story(stories: Stories) -> Stack:
    return stories("codepipeline")["Shop"]


def matches(pattern, event) -> bool:
    """Whether a pattern of exact values takes an event."""
    return all(
        matches(wanted, event[key]) if isinstance(wanted, dict) else event.get(key) in wanted
        for key, wanted in pattern.items()
    )


def test_the_push_of_the_tag_starts_the_pipeline(story: Stack) -> None:
    ((_, rule),) = story.of_kind("AWS::Events::Rule")
    pattern = rule["Properties"]["EventPattern"]
    assert pattern["detail"]["repository-name"][0]["Ref"].startswith("Api")
    pattern["detail"]["repository-name"] = ["shop/api"]
    assert matches(pattern, PUSH)
    for change in (
        {"image-tag": "latest"},
        {"result": "FAILURE"},
        {"action-type": "DELETE"},
        {"repository-name": "shop/web"},
    ):
        assert not matches(pattern, {**PUSH, "detail": {**PUSH["detail"], **change}})


def test_the_pipeline_runs_with_the_digest_of_the_event(story: Stack) -> None:
    ((_, rule),) = story.of_kind("AWS::Events::Rule")
    (target,) = rule["Properties"]["Targets"]
    transformer = target["InputTransformer"]
    assert transformer["InputPathsMap"] == {"digest": "$.detail.image-digest"}
    told = transformer["InputTemplate"].replace("<digest>", PUSH["detail"]["image-digest"])
    (revision,) = json.loads(told)["sourceRevisions"]
    ((_, pipeline),) = story.of_kind("AWS::CodePipeline::Pipeline")
    (source,) = pipeline["Properties"]["Stages"][0]["Actions"]
    assert revision == {
        "actionName": source["Name"],
        "revisionType": "IMAGE_DIGEST",
        "revisionValue": PUSH["detail"]["image-digest"],
    }
    assert source["ActionTypeId"]["Provider"] == "ECR"
    assert source["Configuration"]["ImageTag"] == "stable"


def test_eventbridge_starts_this_pipeline_and_no_other(story: Stack) -> None:
    starter = story.role("PipelineSourceImageStarter")
    ((name, _),) = story.of_kind("AWS::CodePipeline::Pipeline")
    arn = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:{name}"
    assert starter.may("codepipeline:StartPipelineExecution", arn)
    assert not starter.may("codepipeline:StartPipelineExecution", f"{arn}2")
    assert not starter.may("codepipeline:StopPipelineExecution", arn)
    assert starter.assumed_by(EVENTS, SourceAccount=ACCOUNT, SourceArn=RULE)
    wrong = RULE.replace(ACCOUNT, OTHER)
    assert not starter.assumed_by(EVENTS, SourceAccount=OTHER, SourceArn=wrong)
    assert not starter.assumed_by(EVENTS)


def test_the_source_looks_the_image_up_and_does_nothing_more(story: Stack) -> None:
    source = story.role("PipelineSourceImageCodePipelineActionRole")
    assert source.ecr("shop/api") == {"ecr:DescribeImages"}
    assert source.ecr("shop/web") == source.account_actions() == set()
    assert source.resources_of_everything() == set()
    (bucket,) = [name for name, _ in story.of_kind("AWS::S3::Bucket")]
    assert source.may("s3:PutObject", f"{story.arn(bucket)}/image.zip")
    assert not source.may("s3:GetObject", f"{story.arn(bucket)}/image.zip")


def test_what_is_deployed_has_the_digest(story: Stack, tmp_path) -> None:
    ((_, project),) = story.of_kind("AWS::CodeBuild::Project")
    spec = json.loads(project["Properties"]["Source"]["BuildSpec"])
    assert spec == image_definitions_spec("api")
    uri = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/api@{PUSH['detail']['image-digest']}"
    detail = {"ImageSizeInBytes": "1", "ImageDigest": "sha256:x", "ImageURI": uri}
    (tmp_path / "imageDetail.json").write_text(json.dumps(detail))
    (command,) = spec["phases"]["build"]["commands"]
    python = tmp_path / "python3"
    python.symlink_to(sys.executable)
    subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, check=True, env={"PATH": str(tmp_path)}
    )
    (file,) = spec["artifacts"]["files"]
    assert json.loads((tmp_path / file).read_text()) == [{"name": "api", "imageUri": uri}]


def pipeline(scope, source, **options):
    return codepipeline.Pipeline(
        scope,
        "Pipeline",
        stages=[
            codepipeline.StageProps(stage_name="Source", actions=[source]),
            codepipeline.StageProps(
                stage_name="Definitions",
                actions=[
                    EcsImageDefinitions(scope, "Definitions", container_name="api").action(
                        action_name="Definitions",
                        source=codepipeline.Artifact("Image"),
                        output=codepipeline.Artifact("Definitions"),
                    )
                ],
            ),
        ],
        **options,
    )


def source_of(repository, tag="stable", name="Image"):
    return ImageSourceAction(
        action_name=name, repository=repository, tag=tag, output=codepipeline.Artifact("Image")
    )


def test_a_pipeline_of_the_first_type_takes_no_revision(app, stack) -> None:
    # A repository of CDK's own class works as well.
    plain = ecr.Repository(stack, "Api")
    pipeline(stack, source_of(plain), pipeline_type=codepipeline.PipelineType.V1)
    (rule,) = resources(templates(app)["Shop"], "AWS::Events::Rule").values()
    assert "InputTransformer" not in rule["Properties"]["Targets"][0]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"pipeline_type": codepipeline.PipelineType.V2}, False),
        ({"pipeline_type": codepipeline.PipelineType.V1}, True),
        ({}, True),
    ],
)
def test_a_pipeline_that_takes_no_digest_is_told(options, told) -> None:
    # As in an empty folder: without the flags of cdk.json.
    stack = cdk.Stack(cdk.App(), "Shop")
    pipeline(stack, source_of(SecureRepository(stack, "Api", mutable_tags=["stable"])), **options)
    warned = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    ours = [found for found in warned if "takes no digest from the push" in str(found.entry.data)]
    assert [found.id for found in ours] == (["/Shop/Pipeline/Source/Image"] if told else [])


@pytest.mark.parametrize(("mutable", "told"), [(["stable"], False), (["v*"], True), (None, True)])
def test_a_tag_that_is_pushed_once_is_told(stack, mutable, told) -> None:
    pipeline(stack, source_of(SecureRepository(stack, "Api", mutable_tags=mutable)))
    warned = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert [found.id for found in warned] == (["/Shop/Pipeline/Source/Image"] if told else [])
    assert all("cannot be pushed twice" in str(found.entry.data) for found in warned)


def test_a_source_of_elsewhere_is_refused(app, stack) -> None:
    env = cdk.Environment(account=ACCOUNT, region="us-east-1")
    elsewhere = SecureRepository(cdk.Stack(app, "Elsewhere", env=env), "Api", repository_name="api")
    with pytest.raises(RuntimeError, match="of another account or Region than the pipeline"):
        pipeline(stack, source_of(elsewhere))


def test_names_that_cannot_be_are_refused(stack) -> None:
    api = SecureRepository(stack, "Api")
    with pytest.raises(InvalidInputError, match="tag"):
        source_of(api, tag="a b")
    with pytest.raises(InvalidInputError, match="action_name"):
        source_of(api, name="an image")
    made = EcsImageDefinitions(stack, "Image", container_name="api")
    with pytest.raises(InvalidInputError, match=r"^\[Shop/Image\] action_name"):
        made.action(
            action_name="an image",
            source=codepipeline.Artifact("Image"),
            output=codepipeline.Artifact("Definitions"),
        )
    for name in ("a b", "a'; rm -rf /", "", cdk.Aws.STACK_NAME):
        with pytest.raises(InvalidInputError, match="container_name"):
            EcsImageDefinitions(stack, "Definitions", container_name=name)
