"""Execution and push roles, the key, and the commands."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm

from ecr_constructs import (
    Client,
    GitHubPushRole,
    ImageCommands,
    ImageKey,
    InvalidInputError,
    Removal,
    SecureRepository,
    TaskExecutionRole,
)
from ecr_constructs.model.iam.actions import TASK_EXECUTION_PULL

from .conftest import actions, repository_statements, resources, statements_of, templates

GITHUB = "token.actions.githubusercontent.com"


def test_a_secret_of_another_region_is_decrypted_there(app, stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:us-east-1:111111111111:key/abc")
    secret = secretsmanager.Secret.from_secret_attributes(
        stack,
        "Secret",
        secret_complete_arn="arn:aws:secretsmanager:us-east-1:111111111111:secret:shop-AbCdEf",
        encryption_key=key,
    )
    TaskExecutionRole(stack, "Runner", secrets=[secret])
    (policy,) = resources(templates(app)["Shop"], "AWS::IAM::Policy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    (decrypts,) = [entry for entry in statements if entry["Action"] == "kms:Decrypt"]
    assert decrypts["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }


def test_an_execution_role_has_what_was_named_and_nothing_else(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    plain = ecr.Repository(stack, "Plain")
    adopted = SecureRepository.from_repository_name(stack, "Adopted", "shop/old")
    log_group = logs.LogGroup(stack, "Log")
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/abc")
    secret = secretsmanager.Secret(stack, "Secret", encryption_key=key)
    parameter = ssm.StringParameter.from_secure_string_parameter_attributes(
        stack, "Parameter", parameter_name="/shop/token", version=1
    )
    runner = TaskExecutionRole(
        stack,
        "Runner",
        pulls_from=[api, plain, adopted],
        log_groups=[log_group],
        secrets=[secret],
        parameters=[parameter],
    )
    task = ecs.FargateTaskDefinition(stack, "Task", execution_role=runner.role)
    task.add_container(
        "by-tag",
        image=ecs.ContainerImage.from_ecr_repository(api, "v1"),
        logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
        secrets={
            "SECRET": ecs.Secret.from_secrets_manager(secret),
            "TOKEN": ecs.Secret.from_ssm_parameter(parameter),
        },
    )
    digest = "sha256:" + "0" * 64
    for repository in (api, plain, adopted):
        task.add_container(
            f"by-digest-{repository.node.id}",
            image=ecs.ContainerImage.from_ecr_repository(repository, digest),
        )
    template = templates(app)["Shop"]
    statements = statements_of(template)
    assert actions(statements) == {
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "kms:Decrypt",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameters",
    }
    assert [entry["Action"] for entry in statements if entry["Resource"] == "*"] == [
        "ecr:GetAuthorizationToken"
    ]
    (decrypt,) = [entry for entry in statements if entry["Action"] == "kms:Decrypt"]
    assert decrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    }
    (role,) = [
        resource["Properties"]
        for logical_id, resource in resources(template, "AWS::IAM::Role").items()
        if logical_id.startswith("Runner")
    ]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert trust["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:111111111111:*"},
        "StringEquals": {"aws:SourceAccount": "111111111111"},
    }
    images = [
        container["Image"]["Fn::Join"][1][-1]
        for definition in resources(template, "AWS::ECS::TaskDefinition").values()
        for container in definition["Properties"]["ContainerDefinitions"]
        if isinstance(container["Image"], dict)
    ]
    assert images[0] == ":v1"
    assert all(digest in image for image in images[1:])


NOT_NAMED = {
    "image": (
        lambda stack, other: {"image": ecs.ContainerImage.from_ecr_repository(other, "v1")},
        r"pulls_from: Shop/Second uses an image.*add Shop/Other to pulls_from of Shop/Runner",
    ),
    "image of the plain class": (
        lambda stack, other: {
            "image": ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Plain"), "v1")
        },
        r"pulls_from: Shop/Second uses an image.*add Shop/Plain to pulls_from",
    ),
    "log group": (
        lambda stack, other: {"logging": ecs.LogDrivers.aws_logs(stream_prefix="api")},
        r"log_groups: Shop/Second uses a log group.*LogGroup to log_groups of Shop/Runner",
    ),
    "secret": (
        lambda stack, other: {
            "secrets": {
                "S": ecs.Secret.from_secrets_manager(secretsmanager.Secret(stack, "Secret"))
            }
        },
        r"secrets: Shop/Second uses a secret.*to secrets of Shop/Runner",
    ),
    "parameter": (
        lambda stack, other: {
            "secrets": {
                "S": ecs.Secret.from_ssm_parameter(
                    ssm.StringParameter(stack, "Parameter", string_value="x")
                )
            }
        },
        r"parameters: Shop/Second uses a parameter.*to parameters of Shop/Runner",
    ),
}


@pytest.mark.parametrize("case", NOT_NAMED)
def test_what_was_not_named_is_an_error_that_names_the_task_definition(app, stack, case):
    api = SecureRepository(stack, "Api")
    other = SecureRepository(stack, "Other")
    runner = TaskExecutionRole(stack, "Runner", pulls_from=[api])
    first = ecs.FargateTaskDefinition(stack, "First", execution_role=runner.role)
    first.add_container("api", image=ecs.ContainerImage.from_ecr_repository(api, "v1"))
    second = ecs.FargateTaskDefinition(stack, "Second", execution_role=runner.role)
    options, message = NOT_NAMED[case]
    given = {"image": ecs.ContainerImage.from_registry("busybox"), **options(stack, other)}
    with pytest.raises(RuntimeError, match=message):
        second.add_container("bad", **given)
    # And the role is no wider for it.
    assert actions(statements_of(templates(app)["Shop"])) == {
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
    }


@pytest.mark.parametrize(
    ("grant", "asked"),
    [
        (lambda api, log_group, role: api.grant_push(role), "ecr:CompleteLayerUpload"),
        (lambda api, log_group, role: api.grant_pull_push(role), "ecr:PutImage"),
        (lambda api, log_group, role: api.grant_delete(role), "ecr:BatchDeleteImage"),
        (lambda api, log_group, role: log_group.grant_read(role), "logs:FilterLogEvents"),
    ],
)
def test_what_starting_does_not_take_is_an_error_and_not_dropped(app, stack, grant, asked):
    api = SecureRepository(stack, "Api")
    log_group = logs.LogGroup(stack, "Log")
    runner = TaskExecutionRole(stack, "Runner", pulls_from=[api], log_groups=[log_group])
    message = rf"Shop/Runner starts tasks and would not get .*({asked}).*fix: grant it to the task"
    with pytest.raises(RuntimeError, match=message):
        grant(api, log_group, runner.role)
    assert api.grant_pull(runner.role).success


def test_both_sides_of_a_grant_over_accounts_have_what_ecs_documents(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="222222222222", region="eu-west-1"))
    runner = TaskExecutionRole(other, "Runner", role_name="runner", pulls_from=[api])
    task = ecs.FargateTaskDefinition(other, "Task", execution_role=runner.role)
    task.add_container("api", image=ecs.ContainerImage.from_ecr_repository(api, "v1"))
    found = templates(app)
    (statement,) = repository_statements(found["Shop"])
    assert set(statement["Action"]) == set(TASK_EXECUTION_PULL)
    assert actions(statements_of(found["Other"])) == {
        *TASK_EXECUTION_PULL,
        "ecr:GetAuthorizationToken",
    }


def test_an_image_named_by_hand(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    runner = TaskExecutionRole(stack, "Runner", pulls_from=[api])
    task = ecs.FargateTaskDefinition(stack, "Task", execution_role=runner.role)
    host = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"
    task.add_container("api", image=ecs.ContainerImage.from_registry(f"{host}/shop/api:v1"))
    task.add_container("web", image=ecs.ContainerImage.from_registry(f"{host}/shop/web:v1"))
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert "Shop/Task uses an image" in str(caught.value)
    assert "shop/web:v1" in str(caught.value)
    assert "shop/api:v1" not in str(caught.value)


def trust_of(template):
    (role,) = resources(template, "AWS::IAM::Role").values()
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    return statement


@pytest.mark.parametrize(
    ("pin", "subject"),
    [
        ({"branch": "main"}, "repo:acme/shop:ref:refs/heads/main"),
        ({"branch": "release/1.x"}, "repo:acme/shop:ref:refs/heads/release/1.x"),
        ({"tag": "v1.2.3"}, "repo:acme/shop:ref:refs/tags/v1.2.3"),
        ({"environment": "production"}, "repo:acme/shop:environment:production"),
        (
            {"branch": "main", "owner_id": "12", "project_id": "345"},
            "repo:acme@12/shop@345:ref:refs/heads/main",
        ),
    ],
)
def test_a_push_role_is_pinned(app, stack, pin, subject):
    api = SecureRepository(stack, "Api")
    GitHubPushRole(stack, "Ci", repositories=[api], owner="acme", project="shop", **pin)
    template = templates(app)["Shop"]
    statement = trust_of(template)
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"] == {
        "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": subject}
    }
    (provider,) = resources(template, "AWS::IAM::OIDCProvider").values()
    assert provider["Properties"]["Url"] == f"https://{GITHUB}"
    assert actions(statements_of(template)) == {
        "ecr:BatchCheckLayerAvailability",
        "ecr:CompleteLayerUpload",
        "ecr:GetAuthorizationToken",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
    }


def test_two_push_roles_share_a_provider_or_take_the_accounts(app, stack):
    api = SecureRepository(stack, "Api")
    arn = f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"
    for number, options in enumerate(({}, {}, {"provider_arn": arn})):
        GitHubPushRole(
            stack,
            f"Ci{number}",
            repositories=[api],
            owner="acme",
            project="shop",
            branch="main",
            **options,
        )
    template = templates(app)["Shop"]
    assert len(resources(template, "AWS::IAM::OIDCProvider")) == 1
    federated = [
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Federated"]
        for role in resources(template, "AWS::IAM::Role").values()
    ]
    assert federated[0] == federated[1] != arn
    assert federated[2] == arn


BAD_SUBJECTS = {
    "no pin": ({"branch": None}, "exactly one of branch, tag and environment"),
    "two pins": ({"tag": "v1"}, "exactly one of branch, tag and environment"),
    "wildcard": ({"branch": "*"}, "no wildcard"),
    "owner and project": ({"project": "acme/shop"}, "owner='acme', project='shop'"),
    "owner": ({"owner": "ac me"}, "GitHub user"),
    "name": ({"role_name": "ci/push"}, "without a path"),
    "description": ({"description": "\N{SNOWMAN}"}, "Latin-1"),
    "one id": ({"owner_id": "12"}, "owner_id and project_id together"),
    "no repository": ({"repositories": []}, "names no repository"),
    "provider": ({"provider_arn": "arn:aws:iam::1:oidc-provider/example.com"}, GITHUB),
}


@pytest.mark.parametrize("case", BAD_SUBJECTS)
def test_a_push_role_refuses(stack, case):
    options, hint = BAD_SUBJECTS[case]
    given = {
        "repositories": [SecureRepository(stack, "Api")],
        "owner": "acme",
        "project": "shop",
        "branch": "main",
        **options,
    }
    with pytest.raises(InvalidInputError, match=hint) as caught:
        GitHubPushRole(stack, "Ci", **given)
    assert caught.value.construct_path == "Shop/Ci"


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"role_name": "x" * 65}, "1 to 64"),
        ({"description": "x" * 1001}, "at most 1000"),
        ({"pulls_from": "shop/api"}, r"pulls_from=\[...\]"),
    ],
)
def test_an_execution_role_refuses(stack, options, hint):
    with pytest.raises(InvalidInputError, match=hint) as caught:
        TaskExecutionRole(stack, "Runner", **options)
    assert caught.value.construct_path == "Shop/Runner"


def test_nobody_gets_the_key_itself(app, stack):
    key = ImageKey(stack, "Key", alias="alias/images")
    SecureRepository(stack, "Api", encryption_key=key)
    template = templates(app)["Shop"]
    (found,) = resources(template, "AWS::KMS::Key").values()
    properties = found["Properties"]
    assert found["DeletionPolicy"] == found["UpdateReplacePolicy"] == "Retain"
    assert properties["EnableKeyRotation"] is True
    assert properties["RotationPeriodInDays"] == 365
    administration, use = properties["KeyPolicy"]["Statement"]
    assert set(use["Action"]) == {"kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"}
    assert use["Condition"] == {
        "StringEquals": {
            "kms:CallerAccount": "111111111111",
            "kms:ViaService": "ecr.eu-west-1.amazonaws.com",
        }
    }
    every = set(administration["Action"]) | set(use["Action"])
    assert not any("*" in action for action in every)
    for word in ("Encrypt", "Decrypt", "GenerateDataKey", "ReEncrypt"):
        assert not any(word in action for action in every)
    assert "kms:CreateGrant" not in administration["Action"]
    assert "kms:PutKeyPolicy" in administration["Action"]


def test_a_key_for_another_account():
    (statement,) = ImageKey.statements_for(account="222222222222", region="eu-west-1")
    assert statement["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert statement["Condition"]["StringEquals"]["kms:CallerAccount"] == "222222222222"
    with pytest.raises(InvalidInputError, match="12 digits"):
        ImageKey.statements_for(account="2", region="eu-west-1")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"alias": "images"}, "alias/images"),
        ({"alias": "alias/aws/ecr"}, "alias/"),
        ({"rotation_period_days": 30}, "90 to 2560"),
        ({"pending_window_days": 60}, "7 to 30"),
        (
            {"removal": Removal.delete_when_empty(reason="it is only a test")},
            "images under the key",
        ),
    ],
)
def test_a_key_refuses(stack, options, hint):
    with pytest.raises(InvalidInputError, match=hint) as caught:
        ImageKey(stack, "Key", **options)
    assert caught.value.construct_path == "Shop/Key"


def test_commands_of_the_console(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    ImageCommands(stack, "Commands", repository=api, clients=list(Client), tag="v2")
    outputs = templates(app)["Shop"]["Outputs"]
    lines = {
        name.removeprefix("Commands")[:-8]: "".join(
            part if isinstance(part, str) else "amazonaws.com"
            for part in output["Value"]["Fn::Join"][1]
        )
        for name, output in outputs.items()
    }
    host = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"
    assert lines["DockerLogIn"] == (
        "aws ecr get-login-password --region eu-west-1 | "
        f"docker login --username AWS --password-stdin {host}"
    )
    assert lines["DockerTag"] == f"docker tag shop/api:v2 {host}/shop/api:v2"
    assert lines["DockerPush"] == f"docker push {host}/shop/api:v2"
    assert lines["HelmPush"] == f"helm push api-v2.tgz oci://{host}/shop"
    assert lines["OrasPull"] == f"oras pull {host}/shop/api:v2"
    assert set(lines) >= {"PodmanLogIn", "SkopeoPush", "HelmPull"}
    with pytest.raises(InvalidInputError, match="is not a tag"):
        ImageCommands(cdk.Stack(app, "Else"), "Commands", repository=api, tag=":v1")
