"""A repository used from other stacks, environments and Stages."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from ecr_constructs import RepositoryReferenceError, SecureRepository, TaskExecutionRole

from .conftest import resources, statements_of, templates

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"
ECS = "AWS::ECS::TaskDefinition"


def run(scope, repository, construct_id="Task"):
    """A Fargate task as a user writes it."""
    role = TaskExecutionRole(scope, f"{construct_id}Role", pulls_from=[repository]).role
    task = ecs.FargateTaskDefinition(scope, construct_id, execution_role=role)
    task.add_container("api", image=ecs.ContainerImage.from_ecr_repository(repository, "v1"))
    return role


def image_of(template):
    (task,) = resources(template, ECS).values()
    return task["Properties"]["ContainerDefinitions"][0]["Image"]


def pulled(template):
    (statement,) = [entry for entry in statements_of(template) if entry["Resource"] != "*"]
    return statement["Resource"]


def test_another_stack_imports_as_with_the_plain_class(app):
    stacks = [cdk.Stack(app, name, env=ENV) for name in ("A", "B")]
    run(stacks[1], SecureRepository(stacks[0], "Api", repository_name="shop/api"))
    found = templates(app)
    assert found["A"]["Outputs"]
    assert "repository/shop/api" not in str(pulled(found["B"]))


@pytest.mark.parametrize("grant_first", [True, False])
def test_where_the_stacks_would_need_each_other_the_name_is_written(app, grant_first):
    home, user = (cdk.Stack(app, name, env=ENV) for name in ("A", "B"))
    repository = SecureRepository(home, "Api", repository_name="shop/api")
    key = kms.Key(home, "Key")
    role = run(user, repository) if grant_first else None
    other = iam.Role(user, "Other", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["kms:DescribeKey"], principals=[role or other], resources=["*"]
        )
    )
    if not grant_first:
        run(user, repository)
    template = templates(app)["B"]
    assert pulled(template) == ARN
    assert image_of(template)["Fn::Join"][1] == [
        "111111111111.dkr.ecr.eu-west-1.",
        {"Ref": "AWS::URLSuffix"},
        "/shop/api:v1",
    ]


def test_through_a_third_stack(app):
    home, middle, user = (cdk.Stack(app, name, env=ENV) for name in ("A", "B", "C"))
    repository = SecureRepository(home, "Api", repository_name="shop/api")
    run(user, repository)
    role = iam.Role(user, "Deep", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    parameter = cdk.CfnResource(
        middle,
        "Parameter",
        type="AWS::SSM::Parameter",
        properties={"Type": "String", "Value": role.role_arn},
    )
    cdk.CfnResource(
        home,
        "Copy",
        type="AWS::SSM::Parameter",
        properties={"Type": "String", "Value": parameter.ref},
    )
    assert pulled(templates(app)["C"]) == ARN


def test_two_stacks_that_use_each_other(app):
    one, another = (cdk.Stack(app, name, env=ENV) for name in ("A", "B"))
    first = SecureRepository(one, "Api", repository_name="shop/api")
    second = SecureRepository(another, "Web", repository_name="shop/web")
    run(one, second)
    run(another, first)
    found = templates(app)
    assert pulled(found["B"]) == ARN
    assert pulled(found["A"]) == ARN.replace("api", "web")


def test_an_unnamed_repository_names_both(app):
    home, user = (cdk.Stack(app, name, env=ENV) for name in ("A", "B"))
    repository = SecureRepository(home, "Api")
    role = iam.Role(user, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    repository.grant_pull(role)
    kms.Key(home, "Key").add_to_resource_policy(
        iam.PolicyStatement(actions=["kms:DescribeKey"], principals=[role], resources=["*"])
    )
    # Found when the templates are written, inside CDK: the text is ours, the type is jsii's.
    with pytest.raises(RuntimeError, match=r"B/Role uses A/Api.*repository_name"):
        app.synth()


def test_an_unnamed_repository_over_environments(app):
    home = cdk.Stack(app, "A", env=ENV)
    far = cdk.Stack(app, "B", env=cdk.Environment(account="111111111111", region="us-east-1"))
    role = iam.Role(far, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    with pytest.raises(
        RepositoryReferenceError, match=r"\[A/Api\].*B/Role uses A/Api.*repository_name"
    ):
        SecureRepository(home, "Api").grant_pull(role)


def test_another_region_sees_the_name(app):
    home = cdk.Stack(app, "A", env=ENV)
    far = cdk.Stack(app, "B", env=cdk.Environment(account="111111111111", region="us-east-1"))
    run(far, SecureRepository(home, "Api", repository_name="shop/api"))
    assert pulled(templates(app)["B"]) == ARN


@pytest.mark.parametrize("known", [True, False])
def test_another_stage_sees_the_name(app, known):
    env = ENV if known else None
    home = cdk.Stack(cdk.Stage(app, "First", env=env), "A")
    user = cdk.Stack(cdk.Stage(app, "Second", env=env), "B")
    run(user, SecureRepository(home, "Api", repository_name="shop/api"))
    template = templates(app)["Second-B"]
    if known:
        assert pulled(template) == ARN
    else:
        parts = pulled(template)["Fn::Join"][1]
        assert parts[-1] == ":repository/shop/api"
        assert {"Ref": "AWS::AccountId"} in parts


def test_a_nested_stack_is_of_its_parent(app):
    home = cdk.Stack(app, "A", env=ENV)
    nested = cdk.NestedStack(home, "Nested")
    repository = SecureRepository(home, "Api", repository_name="shop/api")
    run(nested, repository)
    app.synth()


def test_a_grant_adds_no_edge_to_the_role(app):
    home = cdk.Stack(app, "A", env=ENV)
    role = iam.Role(home, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    SecureRepository(home, "Api").grant_pull(role)
    template = templates(app)["A"]
    (repository,) = resources(template, "AWS::ECR::Repository").values()
    assert "Role" not in str(repository["Properties"])
