"""The library's own roles: who gets them, and what they can do then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from botocore.exceptions import ClientError
from constructs import Construct

from ecr_constructs import GitHubPushRole, TaskExecutionRole
from embedded_aws import GITLAB, Credentials, ServiceRefused
from embedded_aws.account import Account

from .accounts import OTHER, OWNER, REGION, World
from .callers import Principal
from .deployment import Deployment
from .estate import Estate
from .grants import PULL, PUSH, actions
from .judgement import Expected, faults

ECS = "ecs-tasks.amazonaws.com"
# ECS documents one action more for an execution role than a pull needs.
START = actions(*PULL, "BatchCheckLayerAvailability")
PUSHED = actions(*PUSH)
SUBJECTS = {
    "branch": "repo:acme/shop:ref:refs/heads/main",
    "tag": "repo:acme/shop:ref:refs/tags/v1.0.0",
    "environment": "repo:acme/shop:environment:production",
}


@pytest.fixture(scope="module")
def deployment(world: World, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    estate = Estate("Roles", tmp_path_factory.mktemp("cdk.out"))
    build_tasks(estate)
    build_foreign_tasks(estate)
    build_workflows(estate)
    return Deployment.of(estate, world)


def build_tasks(estate: Estate) -> None:
    scope = Construct(estate.owner, "Tasks")
    named, unnamed = Supplies(scope, "named"), Supplies(scope, "unnamed")
    for name, supplies in (("named", named), ("unnamed", unnamed)):
        estate.note((name, "log group"), supplies.log_group)
        estate.note((name, "secret"), supplies.secret)
        estate.note((name, "parameter"), supplies.parameter)
    runner = TaskExecutionRole(
        scope,
        "Runner",
        pulls_from=[estate.repository(scope, ("task",))],
        log_groups=[named.log_group],
        secrets=[named.secret],
        parameters=[named.parameter],
    )
    estate.note(("task", "role"), runner.role)


class Supplies(Construct):
    """What a task has beside its images."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.log_group = logs.LogGroup(self, "LogGroup")
        self.secret = secretsmanager.Secret(
            self, "Secret", secret_string_value=cdk.SecretValue.unsafe_plain_text("shop")
        )
        self.parameter = ssm.StringParameter(
            self, "Parameter", parameter_name=f"/shop/{name}", string_value="value"
        )


def build_foreign_tasks(estate: Estate) -> None:
    repository = estate.repository(Construct(estate.owner, "Shared"), ("foreign task",), "shared")
    runner = TaskExecutionRole(
        estate.other, "Runner", role_name="foreign-runner", pulls_from=[repository]
    )
    estate.note(("foreign task", "role"), runner.role)


def build_workflows(estate: Estate) -> None:
    pins: Mapping[str, Mapping[str, str]] = {
        "branch": {"branch": "main"},
        "tag": {"tag": "v1.0.0"},
        "environment": {"environment": "production"},
    }
    for name, pin in pins.items():
        scope = Construct(estate.owner, f"Workflow-{name}")
        push = GitHubPushRole(
            scope,
            "Push",
            repositories=[estate.repository(scope, (name,))],
            owner="acme",
            project="shop",
            **pin,
        )
        estate.note((name, "role"), push.role)


def source(account: str = OWNER, region: str = REGION) -> dict[str, Any]:
    arn = f"arn:aws:ecs:{region}:{account}:task/cluster/1234"
    return {"source_account": account, "source_arn": arn}


WRONG_SOURCES: Mapping[str, Mapping[str, Any]] = {
    "nothing said": {},
    "account alone": {"source_account": OWNER},
    "task alone": {"source_arn": source()["source_arn"]},
    "another account": source(OTHER),
    "account of another": {**source(), "source_account": OTHER},
    "task of another": {**source(), "source_arn": source(OTHER)["source_arn"]},
    "another Region": source(region="us-east-1"),
    "another service's job": {
        **source(),
        "source_arn": f"arn:aws:batch:{REGION}:{OWNER}:job/1234",
    },
}


class TestTaskExecutionRole:
    def arn(self, deployment: Deployment, account: Account | None = None) -> str:
        home = account or deployment.owner
        key = "foreign task" if account else "task"
        return home.role_arn(deployment.physical_ids[key, "role"])

    def started(self, deployment: Deployment) -> Credentials:
        arn = self.arn(deployment)
        return deployment.owner.aws.assume_role_as_service(arn, ECS, **source())

    def test_it_pulls_and_does_nothing_more(self, deployment: Deployment) -> None:
        role = Principal.of(deployment.owner, "task", self.started(deployment))
        expected = Expected(role, START, token=True)
        found = faults(deployment, expected, deployment.target("task"))
        assert not found, "\n".join(found)

    def test_it_pulls_from_another_account(self, deployment: Deployment) -> None:
        other = deployment.world.other
        credentials = other.aws.assume_role_as_service(
            self.arn(deployment, other), ECS, **source(OTHER)
        )
        role = Principal.of(other, "foreign task", credentials)
        expected = Expected(role, START, token=True)
        found = faults(deployment, expected, deployment.target("foreign task"))
        assert not found, "\n".join(found)

    @pytest.mark.parametrize("circumstance", WRONG_SOURCES)
    def test_ecs_gets_it_for_tasks_of_the_account_alone(
        self, deployment: Deployment, circumstance: str
    ) -> None:
        given = WRONG_SOURCES[circumstance]
        with pytest.raises(ServiceRefused, match="not authorized to perform: sts:AssumeRole"):
            deployment.owner.aws.assume_role_as_service(self.arn(deployment), ECS, **given)

    def test_nobody_else_gets_it(self, deployment: Deployment) -> None:
        aws, arn = deployment.owner.aws, self.arn(deployment)
        for service in ("ecs.amazonaws.com", "ec2.amazonaws.com", "lambda.amazonaws.com"):
            with pytest.raises(ServiceRefused):
                aws.assume_role_as_service(arn, service, **source())
        may_assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        user = deployment.owner.user("assumer", [may_assume])
        for credentials in (deployment.owner.root, user):
            with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
                aws.assume_role(arn, credentials)

    def test_it_writes_to_the_named_log_group(self, deployment: Deployment) -> None:
        client = deployment.owner.aws.client("logs", self.started(deployment))
        events = [{"timestamp": 1_795_000_000_000, "message": "started"}]

        def write(log_group: str) -> None:
            group = deployment.physical_ids[log_group, "log group"]
            client.create_log_stream(logGroupName=group, logStreamName="api/1")
            client.put_log_events(logGroupName=group, logStreamName="api/1", logEvents=events)

        write("named")
        refused(write, "unnamed")
        group = deployment.physical_ids["named", "log group"]
        refused(client.get_log_events, logGroupName=group, logStreamName="api/1")
        refused(client.delete_log_group, logGroupName=group)

    def test_it_reads_the_named_secret(self, deployment: Deployment) -> None:
        client = deployment.owner.aws.client("secretsmanager", self.started(deployment))
        named, unnamed = (deployment.physical_ids[name, "secret"] for name in ("named", "unnamed"))
        assert client.get_secret_value(SecretId=named)["SecretString"] == "shop"
        refused(client.get_secret_value, SecretId=unnamed)
        refused(client.describe_secret, SecretId=named)
        refused(client.put_secret_value, SecretId=named, SecretString="changed")

    def test_it_reads_the_named_parameter(self, deployment: Deployment) -> None:
        client = deployment.owner.aws.client("ssm", self.started(deployment))
        named, unnamed = (
            deployment.physical_ids[name, "parameter"] for name in ("named", "unnamed")
        )
        found = client.get_parameters(Names=[named])["Parameters"]
        assert [parameter["Value"] for parameter in found] == ["value"]
        refused(client.get_parameters, Names=[unnamed])
        refused(client.put_parameter, Name=named, Value="changed", Overwrite=True)
        refused(client.get_parameter_history, Name=named)


class TestGitHubPushRole:
    def arn(self, deployment: Deployment, pin: str) -> str:
        return deployment.owner.role_arn(deployment.physical_ids[pin, "role"])

    def assume(self, deployment: Deployment, pin: str, **claims: str) -> Credentials:
        aws = deployment.owner.aws
        token = aws.web_identity_token({"aud": "sts.amazonaws.com", **claims})
        return aws.assume_role_with_web_identity(self.arn(deployment, pin), token)

    @pytest.mark.parametrize("pin", SUBJECTS)
    def test_it_pushes_and_does_nothing_more(self, deployment: Deployment, pin: str) -> None:
        credentials = self.assume(deployment, pin, sub=SUBJECTS[pin])
        role = Principal.of(deployment.owner, pin, credentials)
        expected = Expected(role, PUSHED, token=True)
        found = faults(deployment, expected, deployment.target(pin))
        assert not found, "\n".join(found)

    @pytest.mark.parametrize("pin", SUBJECTS)
    def test_other_runs_do_not_get_it(self, deployment: Deployment, pin: str) -> None:
        wrong = {
            *(subject for name, subject in SUBJECTS.items() if name != pin),
            "repo:acme/shop:ref:refs/heads/other",
            "repo:acme/shop:ref:refs/heads/main2",
            "repo:acme/shop:ref:refs/heads/main/more",
            "repo:acme/shop:ref:refs/tags/main",
            "repo:acme/shop:ref:refs/tags/v1.0.00",
            "repo:acme/shop:environment:production2",
            "repo:acme/shop:pull_request",
            "repo:acme/shop2:ref:refs/heads/main",
            "repo:acme2/shop:ref:refs/heads/main",
            "repo:Acme/shop:ref:refs/heads/main",
            f"{SUBJECTS[pin]}:more",
            "",
        }
        for subject in sorted(wrong):
            with pytest.raises(ClientError, match="Not authorized"):
                self.assume(deployment, pin, sub=subject)

    def test_an_audience_of_somebody_else(self, deployment: Deployment) -> None:
        for audience in ("https://github.com/acme", "sts.amazonaws.com.cn", ""):
            with pytest.raises(ClientError, match=r"Incorrect token audience|Not authorized"):
                self.assume(deployment, "branch", sub=SUBJECTS["branch"], aud=audience)

    def test_a_token_that_github_did_not_sign(self, deployment: Deployment) -> None:
        aws = deployment.owner.aws
        claims: dict[str, Any] = {"aud": "sts.amazonaws.com", "sub": SUBJECTS["branch"]}
        for token in (
            aws.web_identity_token(claims, signed_by=GITLAB),
            aws.web_identity_token(claims, issuer=GITLAB),
            aws.web_identity_token(claims, seconds=-1),
        ):
            with pytest.raises(ClientError, match=r"InvalidIdentityToken|ExpiredToken"):
                aws.assume_role_with_web_identity(self.arn(deployment, "branch"), token)

    def test_no_principal_gets_it_without_a_token(self, deployment: Deployment) -> None:
        aws, arn = deployment.owner.aws, self.arn(deployment, "branch")
        with pytest.raises(ClientError, match="not authorized"):
            aws.assume_role(arn, deployment.owner.root)
        with pytest.raises(ServiceRefused):
            aws.assume_role_as_service(arn, ECS, **source())


def refused(call: Any, *given: Any, **more: Any) -> None:
    """The call is refused by IAM."""
    with pytest.raises(ClientError, match="not authorized to perform"):
        call(*given, **more)
