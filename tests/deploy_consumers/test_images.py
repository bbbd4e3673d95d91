"""Real images, pulled and pushed with the credentials that each service gets for its role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from embedded_aws import Credentials, ServiceRefused
from embedded_aws.registry_client import PushRefused, RegistryClient, image

from .stories import OWNER, REGION, DeployedStack, Story

Deployed = Callable[[str], Story]
STOCK = image("shop")
LAMBDA, CODEBUILD = "lambda.amazonaws.com", "codebuild.amazonaws.com"
EMR = "emr-serverless.amazonaws.com"


@dataclass(frozen=True)
class Puller:
    """A role that a service gets, for what, and the repository that it pulls from."""

    story: str
    stack: str
    path: str
    service: str
    source: str | None
    repository: str

    def __str__(self) -> str:
        return f"{self.story}-{self.path}"


def arn(service: str, resource: str, account: str = OWNER) -> str:
    return f"arn:aws:{service}:{REGION}:{account}:{resource}"


ECS, EC2 = "ecs-tasks.amazonaws.com", "ec2.amazonaws.com"
TASK = arn("ecs", "task/shop/1234")
PODS = arn("eks", "fargateprofile/shop/shop/1")
PULLERS = (
    Puller("ecs_task_roles", "Shop", "Runner", ECS, TASK, "shop/api"),
    Puller("ecs_task_roles", "Shop", "GuessingRole", ECS, TASK, "shop/models"),
    Puller("eks_nodes", "Cluster", "Nodes", EC2, None, "shop/api"),
    Puller("eks_nodes", "Cluster", "AutoNodes", EC2, None, "shop/api"),
    Puller("eks_fargate", "Cluster", "Pods", "eks-fargate-pods.amazonaws.com", PODS, "shop/api"),
    Puller("eks_hybrid", "Cluster", "Activated", "ssm.amazonaws.com", arn("ssm", "*"), "shop/api"),
    Puller("batch", "Reports", "Runner", ECS, TASK, "shop/report"),
    Puller("app_runner", "Web", "Access", "build.apprunner.amazonaws.com", None, "shop/web"),
    Puller(
        "sagemaker",
        "Models",
        "ModelRole",
        "sagemaker.amazonaws.com",
        arn("sagemaker", "model/ranking"),
        "shop/ranking",
    ),
    Puller(
        "codebuild", "Build", "Builder", CODEBUILD, arn("codebuild", "project/shop-api"), "ci/tools"
    ),
)


def credentials(deployed: Story, puller: Puller) -> Credentials:
    """What the service gets for its role."""
    source = puller.source and puller.source.replace(OWNER, deployed.owner)
    return deployed.aws.assume_role_as_service(
        deployed.stacks[puller.stack].role_arn(puller.path),
        puller.service,
        source_account=source and deployed.owner,
        source_arn=source,
    )


def registry(deployed: Story, name: str, who: Credentials) -> RegistryClient:
    return deployed.aws.registry(deployed.owner, name, credentials=who, region=REGION)


def stocked(deployed: Story, name: str) -> RegistryClient:
    """The registry as its owner has it, with the image in the repository."""
    own = registry(deployed, name, Credentials.root(deployed.owner))
    if own.call("HEAD", f"manifests/{STOCK.digest}").status != 200:
        own.push_image(STOCK)
    return own


def pulls(client: RegistryClient) -> bool:
    """Whether the image came out whole, if not for a refusal."""
    try:
        return client.pull_image(STOCK.digest) == STOCK
    except PushRefused as refused:
        assert refused.answer.code == "DENIED", refused
        return False


def pushes(client: RegistryClient, content: str) -> bool:
    try:
        client.push_image(image(content))
    except PushRefused as refused:
        assert refused.answer.code == "DENIED", refused
        return False
    return True


@contextmanager
def revoked(stack: DeployedStack, revoke: Callable[[], None]) -> Iterator[None]:
    """The stack as it is deployed without a grant; afterwards it is as it was."""
    revoke()
    yield
    stack.update(stack.resources)


@pytest.mark.parametrize("puller", PULLERS, ids=str)
def test_a_service_pulls_with_its_role_until_the_grant_is_removed(
    story: Deployed, puller: Puller
) -> None:
    deployed = story(puller.story)
    stocked(deployed, puller.repository)
    client = registry(deployed, puller.repository, credentials(deployed, puller))
    assert pulls(client)
    assert not pushes(client, f"pushed by {puller}")
    stack = deployed.stacks[puller.stack]
    with revoked(stack, lambda: stack.revoke(puller.path)):
        again = registry(deployed, puller.repository, credentials(deployed, puller))
        assert not pulls(again)
    assert pulls(registry(deployed, puller.repository, credentials(deployed, puller)))


@pytest.mark.parametrize("puller", [one for one in PULLERS if one.source is not None], ids=str)
def test_a_service_gets_no_role_for_somebody_else(story: Deployed, puller: Puller) -> None:
    deployed = story(puller.story)
    role = deployed.stacks[puller.stack].role_arn(puller.path)
    assert puller.source is not None
    with pytest.raises(ServiceRefused, match="not authorized to perform: sts:AssumeRole"):
        deployed.aws.assume_role_as_service(
            role,
            puller.service,
            source_account=deployed.other,
            source_arn=puller.source.replace(OWNER, deployed.other),
        )


def test_a_certified_node_waits_for_an_aws_that_fills_in_variables(story: Deployed) -> None:
    deployed = story("eks_hybrid")
    anchor = arn("rolesanywhere", "trust-anchor/a1b2c3d4-0000-1111-2222-a1b2c3d4e5f6")
    with pytest.raises(ServiceRefused):
        deployed.aws.assume_role_as_service(
            deployed.stacks["Cluster"].role_arn("Certified"),
            "rolesanywhere.amazonaws.com",
            source_arn=anchor.replace(OWNER, deployed.owner),
            context={"sts:RoleSessionName": "node-1", "aws:PrincipalTag/x509Subject/CN": "node-1"},
        )
    pytest.skip(
        "the embedded AWS compares ${aws:PrincipalTag/x509Subject/CN} as it is written; that the "
        "trust policy lets the node in is asked of the evaluator, in tests/constructs/consumers"
    )


def test_a_program_that_was_granted_nothing_cannot_even_log_in(story: Deployed) -> None:
    deployed = story("ecs_task_roles")
    puller = Puller("ecs_task_roles", "Shop", "ShopRole", ECS, TASK, "shop/api")
    with pytest.raises(Exception, match="GetAuthorizationToken"):
        registry(deployed, "shop/api", credentials(deployed, puller))


def test_a_build_pushes_until_the_grant_is_removed(story: Deployed) -> None:
    deployed = story("codebuild")
    (builder,) = [one for one in PULLERS if one.path == "Builder"]
    own = stocked(deployed, "ci/tools")
    assert pushes(registry(deployed, "shop/api", credentials(deployed, builder)), "built")
    shop = registry(deployed, "shop/api", Credentials.root(deployed.owner))
    assert shop.pull_image(image("built").digest) == image("built")
    # It pushes where it was told to, and nowhere else.
    assert not pushes(registry(deployed, "ci/tools", credentials(deployed, builder)), "tools")
    assert own.call("HEAD", f"manifests/{image('tools').digest}").status == 404
    stack = deployed.stacks["Build"]
    with revoked(stack, lambda: stack.revoke("Builder")):
        again = registry(deployed, "shop/api", credentials(deployed, builder))
        assert not pushes(again, "built again")


class TestOverAccounts:
    def role(self, deployed: Story) -> RegistryClient:
        who = deployed.aws.assume_role_as_service(
            deployed.stacks["Production"].role_arn("Runner").rpartition("/")[0] + "/shop-runner",
            ECS,
            source_account=deployed.other,
            source_arn=arn("ecs", "task/shop/1234", deployed.other),
        )
        return registry(deployed, "shop/api", who)

    def test_a_task_pulls_until_either_half_is_removed(self, story: Deployed) -> None:
        deployed = story("ecs_cross_account")
        stocked(deployed, "shop/api")
        assert pulls(self.role(deployed))
        images, production = deployed.stacks["Images"], deployed.stacks["Production"]
        with revoked(images, lambda: images.revoke_from("shop/api")):
            assert not pulls(self.role(deployed))
        assert pulls(self.role(deployed))
        with revoked(production, lambda: production.revoke("Runner")):
            assert not pulls(self.role(deployed))
        assert pulls(self.role(deployed))

    def test_lambda_pulls_for_the_function_of_the_other_account(self, story: Deployed) -> None:
        deployed = story("lambda_cross_account")
        stocked(deployed, "shop/resize")
        images = deployed.stacks["Images"]
        right = arn("lambda", "function:shop-resize", deployed.other)
        assert pulls(by_itself(deployed, LAMBDA, "shop/resize", right))
        for wrong in (right + "2", right.replace(deployed.other, deployed.owner)):
            assert not pulls(by_itself(deployed, LAMBDA, "shop/resize", wrong))
        with revoked(images, lambda: images.revoke_from("shop/resize")):
            assert not pulls(by_itself(deployed, LAMBDA, "shop/resize", right))

    def test_whoever_makes_the_function_is_let_in(self, story: Deployed) -> None:
        deployed = story("lambda_cross_account")
        stocked(deployed, "shop/resize")
        account = deployed.stacks["Production"].account
        everything = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
        name = f"cdk-hnb659fds-cfn-exec-role-{deployed.other}-{REGION}"
        assert pulls(registry(deployed, "shop/resize", account.role(name, [everything])))
        intern = account.role("intern", [everything])
        assert not pulls(registry(deployed, "shop/resize", intern))


def by_itself(deployed: Story, service: str, name: str, source: str) -> RegistryClient:
    """The registry as a service sees it that pulls without a role."""
    password = deployed.aws.registry_password_for_service(
        service,
        deployed.owner,
        region=REGION,
        source_account=source.split(":")[4],
        source_arn=source,
    )
    return deployed.aws.registry(deployed.owner, name, password=password, region=REGION)


@pytest.mark.parametrize(
    ("name", "service", "repository", "stack", "right", "wrong"),
    [
        ("lambda_same_account", LAMBDA, "shop/mail", "Shop", "function:any", None),
        (
            "lambda_same_account",
            LAMBDA,
            "shop/resize",
            "Shop",
            "function:shop-resize",
            "function:any",
        ),
        ("codebuild", CODEBUILD, "ci/tools", "Build", "project/shop-lint", "project/shop-api"),
        ("emr_serverless", EMR, "data/spark", "Data", "/applications/any", None),
        (
            "emr_serverless",
            EMR,
            "data/hive",
            "Data",
            "/applications/00f1abcdexample",
            "/applications/any",
        ),
    ],
    ids=[
        "any-function",
        "one-function",
        "one-project",
        "any-application",
        "one-application",
    ],
)
def test_a_service_pulls_by_itself_until_the_grant_is_removed(
    story: Deployed,
    name: str,
    service: str,
    repository: str,
    stack: str,
    right: str,
    wrong: str | None,
) -> None:
    deployed = story(name)
    stocked(deployed, repository)
    source = arn(service.partition(".")[0], right, deployed.owner)
    assert pulls(by_itself(deployed, service, repository, source))
    assert not pushes(by_itself(deployed, service, repository, source), "pushed by a service")
    stranger = source.replace(deployed.owner, deployed.other)
    assert not pulls(by_itself(deployed, service, repository, stranger))
    if wrong is not None:
        assert not pulls(by_itself(deployed, service, repository, source.replace(right, wrong)))
    home = deployed.stacks[stack]
    with revoked(home, lambda: home.revoke_from(repository)):
        assert not pulls(by_itself(deployed, service, repository, source))
