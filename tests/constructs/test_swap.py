"""Swapping the class on an app made with the plain L2 replaces nothing."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from ecr_constructs import Encryption, SecureRepository

from .conftest import templates

GOLDEN = Path(__file__).parent / "golden" / "plain_l2_app.json"
ENV = cdk.Environment(account="111111111111", region="eu-west-1")
# Properties whose change makes CloudFormation replace the resource, of every type in the app.
CREATE_ONLY = {
    "AWS::ECR::Repository": {"EncryptionConfiguration", "RepositoryName"},
    "AWS::ECS::TaskDefinition": {"ContainerDefinitions", "ExecutionRoleArn", "TaskRoleArn"},
    "AWS::IAM::Role": {"RoleName", "Path"},
    "AWS::KMS::Key": {"KeySpec", "MultiRegion"},
    "AWS::Lambda::Function": {"FunctionName", "PackageType"},
    "AWS::CodeBuild::Project": {"Name"},
    "AWS::IAM::Policy": set(),
    "AWS::Logs::LogGroup": {"LogGroupName"},
}


def plain(scope, construct_id, **options):
    """A repository of the plain class."""
    return ecr.Repository(scope, construct_id, **options)


def swapped(scope, construct_id, **options):
    """The same repository after the swap."""
    known = {name: options[name] for name in ("repository_name",) if name in options}
    if "encryption_key" in options:
        known["encryption_key"] = options["encryption_key"]
    else:
        known["encryption"] = Encryption.AS_DEPLOYED
    # The plain class lets a rule take the image that the app runs, so this app says it too.
    known["may_expire"] = ["v1"]
    return SecureRepository(scope, construct_id, **known)


def build(app: cdk.App, repository: Any) -> dict[str, Any]:
    """The app that was deployed with the plain class, with either class."""
    home = cdk.Stack(app, "Home", env=ENV)
    user = cdk.Stack(app, "User", env=ENV)
    key = kms.Key(home, "Key")
    api = repository(home, "Api", repository_name="shop/api", image_scan_on_push=True)
    web = repository(home, "Web", encryption_key=key, encryption=ecr.RepositoryEncryption.KMS)
    web.add_lifecycle_rule(max_image_count=30)
    api.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["ecr:BatchGetImage"], principals=[iam.AccountPrincipal("222222222222")]
        )
    )
    for scope, used in ((home, web), (user, api)):
        task = ecs.FargateTaskDefinition(scope, "Task")
        task.add_container("app", image=ecs.ContainerImage.from_ecr_repository(used, "v1"))
        lambda_.DockerImageFunction(
            scope, "Function", code=lambda_.DockerImageCode.from_ecr(used, tag_or_digest="v1")
        )
        build_image = codebuild.LinuxBuildImage.from_ecr_repository(used, "v1")
        codebuild.Project(
            scope,
            "Build",
            build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
            environment=codebuild.BuildEnvironment(build_image=build_image),
        )
    role = iam.Role(user, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    api.grant_pull_push(role)
    return templates(app)


def test_the_plain_app_is_the_golden_one(app):
    found = build(app, plain)
    assert found == json.loads(GOLDEN.read_text())


@pytest.fixture(scope="module")
def after(flags):
    return build(cdk.App(context=flags), swapped)


def test_the_swap_replaces_nothing(after):
    before = json.loads(GOLDEN.read_text())
    assert after.keys() == before.keys()
    for stack, template in before.items():
        assert after[stack]["Resources"].keys() == template["Resources"].keys()
        assert after[stack].get("Outputs") == template.get("Outputs")
        for logical_id, old in template["Resources"].items():
            new = after[stack]["Resources"][logical_id]
            assert new["Type"] == old["Type"]
            assert new.get("DeletionPolicy") == old.get("DeletionPolicy")
            for name in CREATE_ONLY[old["Type"]]:
                assert new["Properties"].get(name) == old["Properties"].get(name), logical_id


def test_what_the_swap_changes(after):
    before = json.loads(GOLDEN.read_text())
    changed = {
        (old["Type"], name)
        for stack, template in before.items()
        for logical_id, old in template["Resources"].items()
        for name in {*old["Properties"], *after[stack]["Resources"][logical_id]["Properties"]}
        if old["Properties"].get(name)
        != after[stack]["Resources"][logical_id]["Properties"].get(name)
    }
    assert changed == {
        ("AWS::ECR::Repository", "ImageScanningConfiguration"),
        ("AWS::ECR::Repository", "ImageTagMutability"),
        ("AWS::ECR::Repository", "LifecyclePolicy"),
        ("AWS::ECR::Repository", "RepositoryPolicyText"),
        ("AWS::IAM::Policy", "PolicyDocument"),
    }
