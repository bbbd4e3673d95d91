"""SageMaker: models and jobs made of the named images."""

from __future__ import annotations

import pytest

from .conftest import Stories
from .support import ACCOUNT, AGENT_PULL, OPEN, OTHER, REGION, TOKEN, Role, Stack

SAGEMAKER = "sagemaker.amazonaws.com"
METRICS = "cloudwatch:PutMetricData"


@pytest.fixture(scope="module")
def story(stories: Stories) -> Stack:
    return stories("sagemaker")["Models"]


@pytest.fixture(scope="module")
def role(story: Stack) -> Role:
    return story.role("ModelRole")


def test_it_goes_the_whole_way(story: Stack, role: Role) -> None:
    assert role.ecr("shop/ranking") == AGENT_PULL
    assert role.ecr("shop/api") == role.ecr("shop/ranking", policy=OPEN, account=OTHER) == set()
    assert role.account_actions() == {TOKEN}
    assert role.resources_of_everything() == {TOKEN, METRICS}
    for namespace, written in (("/aws/sagemaker/Endpoints", True), ("AWS/EC2", False)):
        assert role.may(METRICS, context={"cloudwatch:namespace": namespace}) is written
    assert not role.may(METRICS)
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/ranking"
    for action in ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents"):
        assert role.may(f"logs:{action}", f"{logs}:log-stream:1")
        assert not role.may(f"logs:{action}", logs.replace("/aws/sagemaker", "/aws/lambda"))
    assert not role.may("logs:DeleteLogGroup", logs)
    (bucket,) = [name for name, _ in story.of_kind("AWS::S3::Bucket")]
    assert role.may("s3:GetObject", f"{story.arn(bucket)}/ranking/model.tar.gz")
    assert not role.may("s3:GetObject", f"{story.arn(bucket)}/other/model.tar.gz")


def test_sagemaker_gets_it_for_resources_of_this_account_and_region(role: Role) -> None:
    model = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/ranking"
    # The ARN names the account, and SageMaker's page asks for nothing more.
    assert role.assumed_by(SAGEMAKER, SourceArn=model)
    for wrong in (model.replace(ACCOUNT, OTHER), model.replace(REGION, "us-east-1")):
        assert not role.assumed_by(SAGEMAKER, SourceAccount=ACCOUNT, SourceArn=wrong)
    assert not role.assumed_by(SAGEMAKER)
    assert not role.assumed_by("ec2.amazonaws.com", SourceAccount=ACCOUNT, SourceArn=model)


def test_the_model_is_made_after_the_policy_of_its_role(story: Stack) -> None:
    ((_, model),) = story.of_kind("AWS::SageMaker::Model")
    policies = [name for name, _ in story.of_kind("AWS::IAM::Policy")]
    assert set(policies) < set(model["DependsOn"])
