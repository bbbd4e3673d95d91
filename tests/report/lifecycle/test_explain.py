"""What `explain` says of a repository in a template: what the same app runs is held against it."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_

from ecr_constructs.cli import main

DIGEST = "sha256:" + "5" * 64
OTHER = "sha256:" + "6" * 64


def container(stack, repository, name, reference):
    task = ecs.FargateTaskDefinition(stack, name)
    task.add_container("app", image=ecs.ContainerImage.from_ecr_repository(repository, reference))


@pytest.fixture(scope="module")
def assembly(tmp_path_factory):
    """Repositories of CDK's plain class, which refuses nothing, and what runs their images."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("assembly")))
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    home, user = (cdk.Stack(app, name, env=env) for name in ("Home", "User"))
    untagged = ecr.LifecycleRule(
        tag_status=ecr.TagStatus.UNTAGGED, max_image_age=cdk.Duration.days(9)
    )
    releases = ecr.LifecycleRule(tag_pattern_list=["v*"], max_image_count=9)

    def made(name, *rules, mutable=False, physical=None):
        mutability = ecr.TagMutability.MUTABLE if mutable else ecr.TagMutability.IMMUTABLE
        return ecr.Repository(
            home,
            name,
            repository_name=physical,
            lifecycle_rules=list(rules),
            image_tag_mutability=mutability,
        )

    api = made("Api", releases)
    container(home, api, "ApiTask", "v1")
    moving = made("Moving", untagged, mutable=True, physical="shop/moving")
    container(user, moving, "MovingTask", DIGEST)
    fixed = made("Fixed", untagged, physical="shop/fixed")
    container(user, fixed, "FixedTask", OTHER)
    built = made("Built", releases, physical="shop/built")
    lambda_.DockerImageFunction(
        home, "Function", code=lambda_.DockerImageCode.from_ecr(built, tag_or_digest="v2")
    )
    image = codebuild.LinuxBuildImage.from_ecr_repository(built, "v3")
    codebuild.Project(
        user,
        "Build",
        build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
        environment=codebuild.BuildEnvironment(build_image=image),
    )
    later = made("Later", releases)
    tag = cdk.CfnParameter(home, "Release").value_as_string
    container(home, later, "LaterTask", tag)
    made("Unused", releases, mutable=True)
    app.synth()
    return app.outdir


def explained(assembly, capsys, repository):
    code = main(["explain", assembly, "--repository", repository, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return code, [(each["code"], each["severity"], each["given"]) for each in found]


@pytest.mark.parametrize(
    ("repository", "findings"),
    [
        ("Home/Api", [("lifecycle-takes-referenced-tag", "warning", "v1")]),
        ("shop/moving", [("lifecycle-untagged-but-pinned", "warning", [DIGEST])]),
        ("shop/fixed", []),
        (
            "shop/built",
            [
                ("lifecycle-takes-referenced-tag", "warning", "v2"),
                ("lifecycle-takes-referenced-tag", "warning", "v3"),
            ],
        ),
        (
            "Home/Later",
            [("lifecycle-reference-unknown", "note", "a tag or digest known at deployment")],
        ),
        ("Home/Unused", []),
    ],
)
def test_what_the_app_runs_is_held_against_the_rules(assembly, capsys, repository, findings):
    assert explained(assembly, capsys, repository) == (0, findings)


def test_the_table_says_it_with_the_fix(assembly, capsys):
    assert main(["explain", assembly, "--repository", "Home/Api"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "by the tag v1 can go: rule 1 expires an image with v1 behind 9 younger ones" in shown
    assert 'put *protect("v1") before that rule' in shown


TEXT = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "any",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 9,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"LifecyclePolicyText": {"Fn::If": ["Prod", TEXT, "{}"]}}, "does not decide (Prod)"),
        (
            {"Fn::If": ["Prod", {"LifecyclePolicyText": TEXT}, {"Ref": "AWS::NoValue"}]},
            "does not decide (Prod)",
        ),
        ({"LifecyclePolicyText": json.loads(TEXT)}, "LifecyclePolicyText is no text"),
        ({"LifecyclePolicyText": {"Fn::If": ["Prod", TEXT, TEXT]}}, None),
        ({}, "no lifecycle policy, so nothing expires"),
    ],
    ids=["text", "policy", "object", "the same", "none"],
)
def test_a_policy_that_cannot_be_read_is_not_called_none(tmp_path, capsys, policy, says):
    template = {
        "Parameters": {"Env": {"Type": "String"}},
        "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
        "Resources": {
            "Api": {"Type": "AWS::ECR::Repository", "Properties": {"LifecyclePolicy": policy}}
        },
    }
    (tmp_path / "t.json").write_text(json.dumps(template))
    code = main(["explain", str(tmp_path / "t.json"), "--repository", "Api"])
    shown = capsys.readouterr()
    assert code == (0 if says is None else 2)
    assert (says or "rule 1") in (shown.out if says is None else shown.err)
    assert ("nothing expires" in shown.err) is (policy == {})
