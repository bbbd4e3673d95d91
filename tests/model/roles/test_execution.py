import pytest

from ecr_constructs.model.iam.actions import TASK_EXECUTION_PULL
from ecr_constructs.model.iam.callers import SOURCE_KEYS, names_caller
from ecr_constructs.model.roles.execution import (
    beyond_starting,
    decrypt_statement,
    image_not_named,
    more_than_starting,
    narrowed,
    not_named,
    task_trust,
)

from ..answers import only

API = ("111111111111", "eu-west-1", "shop/api")
HOST = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("account", ["111111111111", "${Token[AWS.AccountId.4]}"])
def test_the_trust_is_limited_to_one_account_and_region(account):
    trust = task_trust(partition="aws", region="eu-west-1", account=account)
    assert names_caller(trust, SOURCE_KEYS)
    assert trust == {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{account}:*"},
    }


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("ecr:GetAuthorizationToken", ["ecr:GetAuthorizationToken"]),
        (["ecr:BatchGetImage"], list(TASK_EXECUTION_PULL)),
        (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            ["logs:CreateLogStream", "logs:PutLogEvents"],
        ),
        (
            ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            ["secretsmanager:GetSecretValue"],
        ),
        (["ssm:DescribeParameters", "ssm:GetParameter"], ["ssm:GetParameters"]),
        (["kms:Decrypt"], ["kms:Decrypt"]),
        (["s3:GetObject"], ["s3:GetObject"]),
        # Nothing is lost where a statement is of two services.
        (
            ["secretsmanager:GetSecretValue", "kms:Decrypt"],
            ["secretsmanager:GetSecretValue", "kms:Decrypt"],
        ),
        (
            ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"],
            ["ecr:GetAuthorizationToken", *TASK_EXECUTION_PULL],
        ),
    ],
)
def test_what_ecs_needs_of_what_is_asked(asked, written):
    statement = {"Effect": "Allow", "Action": asked, "Resource": "arn:x"}
    assert narrowed(statement) == {"Effect": "Allow", "Action": written, "Resource": "arn:x"}


@pytest.mark.parametrize(
    ("asked", "beyond"),
    [
        (["ecr:BatchGetImage", "ecr:GetAuthorizationToken"], ()),
        (["ecr:BatchGetImage", "ecr:PutImage"], ("ecr:PutImage",)),
        (["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], ()),
        (["secretsmanager:PutSecretValue"], ("secretsmanager:PutSecretValue",)),
        (["ssm:DescribeParameters", "ssm:GetParameterHistory", "ssm:GetParameter"], ()),
        (["logs:PutLogEvents", "logs:FilterLogEvents"], ("logs:FilterLogEvents",)),
        (["kms:Encrypt", "kms:Decrypt"], ("kms:Encrypt",)),
        (["s3:GetObject"], ("s3:GetObject",)),
    ],
)
def test_what_starting_a_task_does_not_take(asked, beyond):
    assert beyond_starting(asked) == beyond


def test_a_grant_of_more_says_where_it_belongs():
    finding = more_than_starting(("ecr:PutImage",), ("Shop/Api",), role="Shop/Runner")
    assert only([finding]).code == "task-execution-more-than-starting"
    assert finding.given == "ecr:PutImage"
    assert "Shop/Api" in finding.message


@pytest.mark.parametrize(
    "image",
    [
        f"{HOST}/shop/api:v1",
        f"{HOST}/shop/api",
        f"{HOST}/shop/api@sha256:{'0' * 64}",
        "public.ecr.aws/nginx/nginx:latest",
        "nginx",
        "ghcr.io/octo-org/octo-repo",
    ],
)
def test_images_that_are_named_or_not_of_a_private_registry(image):
    assert not list(image_not_named(image, named=[API], task_definition="Shop/Task", role="Role"))


@pytest.mark.parametrize(
    "image",
    [
        f"{HOST}/shop/web:v1",
        f"{HOST}/shop/api2:v1",
        HOST.replace("1" * 12, "2" * 12) + "/shop/api:v1",
        HOST.replace("eu-west-1", "eu-north-1") + "/shop/api:v1",
        HOST.replace("dkr.ecr", "dkr-ecr").replace("amazonaws.com", "on.aws") + "/shop/web",
        HOST.replace("ecr", "ecr-fips") + "/shop/web",
        HOST + ".cn/shop/web",
    ],
)
def test_images_that_the_role_was_not_told_of(image):
    (finding,) = image_not_named(image, named=[API], task_definition="Shop/Task", role="Shop/Role")
    assert only([finding]).code == "task-execution-not-named"
    assert finding.given == image
    assert finding.property == "pulls_from"
    assert finding.fix == f"add {image} to pulls_from of Shop/Role"
    assert "Shop/Task" in finding.message


def test_a_repository_whose_name_is_deferred_may_be_any():
    named = [("111111111111", "eu-west-1", "${Api}")]
    for image, found in ((f"{HOST}/shop/web", 0), (HOST.replace("1" * 12, "2" * 12) + "/a", 1)):
        findings = image_not_named(image, named=named, task_definition="T", role="R")
        assert len(list(findings)) == found


@pytest.mark.parametrize(
    ("action", "option"),
    [
        ("ecr:BatchGetImage", "pulls_from"),
        ("logs:PutLogEvents", "log_groups"),
        ("secretsmanager:GetSecretValue", "secrets"),
        ("ssm:GetParameters", "parameters"),
        ("kms:Decrypt", "secrets"),
    ],
)
def test_the_option_to_add_to(action, option):
    finding = only(
        [not_named(actions=[action], resources=["a", "b"], task_definitions=["S/T"], role="S/R")]
    )
    assert finding.property == option
    assert finding.fix == f"add a, b to {option} of S/R"
    assert finding.given == "a, b"


def test_what_no_option_takes():
    finding = only(
        [not_named(actions=["s3:GetObject"], resources=["a"], task_definitions=[], role="S/R")]
    )
    assert finding.property == "execution_role"
    assert "task role" in finding.fix
    assert finding.message.startswith("a task definition uses something")


def test_decryption_is_through_one_service():
    document = decrypt_statement("arn:k", service="secretsmanager", region="eu-west-1").to_json()
    assert document["Action"] == "kms:Decrypt"
    assert document["Resource"] == "arn:k"
    assert document["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    }
