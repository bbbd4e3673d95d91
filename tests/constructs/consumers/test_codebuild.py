"""CodeBuild: the image of a build, pulled either way, and what the build pushes."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild

from ecr_constructs import (
    CodeBuildProjects,
    CodeBuildRole,
    GrantError,
    InvalidInputError,
    SecureRepository,
)
from ecr_constructs.model.consumers.home import Home

from .conftest import Stories
from .support import ACCOUNT, AGENT_PULL, OPEN, OTHER, PUSH, REGION, TOKEN, Stack, service_may

CODEBUILD = "codebuild.amazonaws.com"


def project(name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:codebuild:{region}:{account}:project/{name}"


@pytest.fixture(scope="module")
def story(stories: Stories) -> Stack:
    return stories("codebuild")["Build"]


def test_the_build_goes_the_whole_way(story: Stack) -> None:
    builder = story.role("Builder")
    assert builder.ecr("ci/tools") == AGENT_PULL
    assert builder.ecr("shop/api") == PUSH
    assert builder.ecr("shop/web") == builder.ecr("shop/api", policy=OPEN, account=OTHER) == set()
    assert builder.account_actions() == builder.resources_of_everything() == {TOKEN}
    (log_group,) = [name for name, _ in story.of_kind("AWS::Logs::LogGroup")]
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        assert builder.may(action, story.arn(log_group).replace(":*", ":log-stream:1"))
    assert not builder.may("logs:DeleteLogGroup", story.arn(log_group))


@pytest.mark.parametrize(("path", "name"), [("Builder", "shop-api"), ("Linter", "shop-lint")])
def test_codebuild_gets_the_role_for_the_named_project(story: Stack, path: str, name: str) -> None:
    role = story.role(path)
    assert role.assumed_by(CODEBUILD, SourceAccount=ACCOUNT, SourceArn=project(name))
    for wrong in (project("other"), project(name, OTHER), project(name, region="us-east-1")):
        assert not role.assumed_by(CODEBUILD, SourceAccount=ACCOUNT, SourceArn=wrong)
    assert not role.assumed_by(CODEBUILD, SourceAccount=OTHER, SourceArn=project(name))
    assert not role.assumed_by(CODEBUILD)


def test_codebuild_pulls_by_itself_for_the_named_project(story: Stack) -> None:
    policy = story.repository_policy("ci/tools")

    def may(account: str, source: str, service: str = CODEBUILD) -> set[str]:
        return service_may(policy, service, "ci/tools", SourceAccount=account, SourceArn=source)

    assert may(ACCOUNT, project("shop-lint")) == AGENT_PULL
    for source in (
        project("shop-api"),
        project("shop-lint", OTHER),
        project("shop-lint", region="us-east-1"),
    ):
        assert may(ACCOUNT, source) == set()
    assert may(OTHER, project("shop-lint")) == set()
    assert may(ACCOUNT, project("shop-lint"), "lambda.amazonaws.com") == set()
    assert service_may(policy, CODEBUILD, "ci/tools") == set()
    assert story.repository_policy("shop/api") is None
    assert story.role("Linter").ecr("ci/tools") == set()


def test_projects_of_another_account_and_region() -> None:
    home = Home(partition="aws", region=REGION, account=ACCOUNT)
    (party,) = CodeBuildProjects(account=OTHER, region="us-east-1", names=["a", "b-*"]).parties(
        home
    )
    assert party.conditions == {
        "StringEquals": {"aws:SourceAccount": OTHER},
        "ArnLike": {
            "aws:SourceArn": [
                project("a", OTHER, "us-east-1"),
                project("b-*", OTHER, "us-east-1"),
            ]
        },
    }


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"names": "shop"}, "names"),
        ({"names": [project("shop")]}, "names"),
        ({"names": ["-shop"]}, "names"),
        ({"account": "1"}, "account"),
        ({"region": "Ireland"}, "region"),
        ({"region": "eu_west_1"}, "region"),
    ],
)
def test_what_codebuild_could_not_have_is_refused(stack, options, option) -> None:
    with pytest.raises(InvalidInputError) as caught:
        CodeBuildProjects(**options)
    assert caught.value.findings[0].property == option
    if option == "names":
        with pytest.raises(InvalidInputError) as caught:
            CodeBuildRole(stack, "Builder", project_names=options["names"])
        assert caught.value.findings[0].property == "project_names"


def test_codebuild_itself_pushes_nothing(stack) -> None:
    api = SecureRepository(stack, "Api")
    with pytest.raises(GrantError, match="to the role of what it pulls for"):
        api.grant_push(CodeBuildProjects())


def built(scope, role, name=None):
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    return codebuild.Project(scope, "Project", project_name=name, role=role.role, build_spec=spec)


@pytest.mark.parametrize("name", ["other", "shop-apis", None])
def test_a_project_that_its_role_is_not_for_is_an_error(app, stack, name) -> None:
    built(stack, CodeBuildRole(stack, "Builder", project_names=["shop-api"]), name)
    codebuild.Project(stack, "Another", build_spec=codebuild.BuildSpec.from_object({"version": 1}))
    with pytest.raises(RuntimeError, match="other projects than Shop/Project") as caught:
        app.synth()
    assert "Shop/Another" not in str(caught.value)


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["shop-api"], "shop-api"),
        (["other", "shop-*"], "shop-api"),
        (["shop-*"], None),
        (["*"], None),
        ([cdk.Aws.STACK_NAME], "x"),
        (["shop-api"], cdk.Aws.STACK_NAME),
    ],
    ids=["the name", "a pattern", "no name", "any", "a name known later", "known later"],
)
def test_a_project_that_its_role_is_for(app, stack, names, name) -> None:
    built(stack, CodeBuildRole(stack, "Builder", project_names=names), name)
    app.synth()
