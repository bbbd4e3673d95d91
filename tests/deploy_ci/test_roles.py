"""GitLab and any other issuer: who gets the roles, and what images they push and pull then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from ecr_constructs import (
    GitHubPullRole,
    GitLabPullRole,
    GitLabPushRole,
    OidcPullRole,
    OidcPushRole,
    SecureRepository,
)
from ecr_constructs.constructs.roles.web_identity import WebIdentityRole
from embedded_aws import GITHUB, GITLAB, Credentials, EmbeddedAws
from embedded_aws.registry_client import PushRefused, RegistryClient, image

from .estate import Estate

OWNER = "111111111111"
STS = "sts.amazonaws.com"
GITLAB_MAIN = "project_path:acme/web/shop:ref_type:branch:ref:main"
GITLAB_TAG = "project_path:acme/web/shop:ref_type:tag:ref:v1"
STEP = "organization:acme:pipeline:shop:ref:refs/heads/main:commit:1234:step:push"


@dataclass(frozen=True)
class Token:
    """What a job has: a token of its CI system."""

    issuer: str
    audience: str
    subject: str


class Deployed:
    """The repositories and roles, deployed."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.stack = estate.stack("Ci", OWNER)
        self.api = SecureRepository(self.stack, "Api", repository_name="shop/api")
        self.web = SecureRepository(self.stack, "Web", repository_name="shop/web")
        shop = {"owner": "acme/web", "project": "shop"}
        any_issuer = {"issuer": GITLAB, "audience": STS}
        scope, repositories = self.stack, [self.api]
        self.roles: Mapping[str, WebIdentityRole] = {
            "gitlab push": GitLabPushRole(
                scope, "Push", repositories=repositories, branch="main", **shop
            ),
            "gitlab pull": GitLabPullRole(
                scope, "Pull", repositories=repositories, tag_pattern="v*", **shop
            ),
            "any push": OidcPushRole(
                scope,
                "AnyPush",
                repositories=repositories,
                subject_pattern=STEP.replace("1234", "*"),
                **any_issuer,
            ),
            "any pull": OidcPullRole(
                scope, "AnyPull", repositories=repositories, subject=STEP, **any_issuer
            ),
            "github pull": GitHubPullRole(
                scope,
                "GitHubPull",
                repositories=repositories,
                owner="acme",
                project="shop",
                pull_requests=True,
            ),
        }
        estate.deploy()
        self.owner = estate.account(OWNER)
        self.owners = self.owner.aws.registry(
            OWNER, "shop/api", credentials=self.owner.root, region="eu-west-1"
        )
        self.owners.push_image(image("base"), "base")

    def assume(self, name: str, token: Token) -> Credentials:
        """The role's credentials, for a token."""
        arn = self.owner.role_arn(self.estate.physical_id(self.roles[name]))
        claims = {"aud": token.audience, "sub": token.subject}
        signed = self.owner.aws.web_identity_token(claims, issuer=token.issuer)
        return self.owner.aws.assume_role_with_web_identity(arn, signed)

    def registry(self, credentials: Credentials, repository: str = "shop/api") -> RegistryClient:
        """A client that is logged in."""
        return self.owner.aws.registry(
            OWNER, repository, credentials=credentials, region="eu-west-1"
        )


@pytest.fixture(scope="module")
def deployed(embedded_aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return Deployed(Estate(embedded_aws, tmp_path_factory.mktemp("cdk.out")))


RIGHT = {
    "gitlab push": Token(GITLAB, GITLAB, GITLAB_MAIN),
    "gitlab pull": Token(GITLAB, GITLAB, GITLAB_TAG),
    "any push": Token(GITLAB, STS, STEP),
    "any pull": Token(GITLAB, STS, STEP),
    "github pull": Token(GITHUB, STS, "repo:acme/shop:pull_request"),
}
WRONG = (
    Token(GITLAB, GITLAB, "project_path:acme/web/shop:ref_type:branch:ref:main2"),
    Token(GITLAB, GITLAB, "project_path:acme/web/shop2:ref_type:branch:ref:main"),
    Token(GITLAB, GITLAB, "project_path:evil/web/shop:ref_type:tag:ref:v1"),
    Token(GITLAB, GITLAB, "project_path:acme/web/shop:ref_type:tag:ref:w1"),
    Token(GITLAB, STS, GITLAB_MAIN),
    Token(GITLAB, STS, f"{STEP}2"),
    Token(GITLAB, STS, STEP.replace("acme", "evil")),
    Token(GITHUB, STS, "repo:acme/shop:ref:refs/heads/main"),
    Token(GITHUB, STS, "repo:evil/shop:pull_request"),
    # A subject of one system, signed by another.
    Token(GITHUB, STS, GITLAB_MAIN),
    Token(GITLAB, GITLAB, "repo:acme/shop:pull_request"),
)


@pytest.mark.parametrize("name", RIGHT)
def test_no_other_token_gets_a_role(deployed: Deployed, name: str) -> None:
    others = {token for other, token in RIGHT.items() if token != RIGHT[name]}
    for token in sorted({*WRONG, *others}, key=str):
        with pytest.raises(ClientError, match=r"Not authorized|Incorrect token audience"):
            deployed.assume(name, token)


@pytest.mark.parametrize("name", ["gitlab push", "any push"])
def test_the_right_token_pushes_and_does_nothing_more(deployed: Deployed, name: str) -> None:
    credentials = deployed.assume(name, RIGHT[name])
    registry = deployed.registry(credentials)
    built = image(name)
    registry.push_image(built, name.replace(" ", "-"))
    assert deployed.owners.pull_image(name.replace(" ", "-")).digest == built.digest
    assert registry.call("GET", f"manifests/{built.digest}").status == 403
    with pytest.raises(PushRefused):
        deployed.registry(credentials, "shop/web").push_image(image("web"), "v1")
    ecr = deployed.owner.aws.client("ecr", credentials, region="eu-west-1")
    with pytest.raises(ClientError, match="not authorized to perform: ecr:BatchDeleteImage"):
        ecr.batch_delete_image(repositoryName="shop/api", imageIds=[{"imageTag": "base"}])


@pytest.mark.parametrize("name", ["gitlab pull", "any pull", "github pull"])
def test_the_right_token_pulls_and_does_nothing_more(deployed: Deployed, name: str) -> None:
    credentials = deployed.assume(name, RIGHT[name])
    registry = deployed.registry(credentials)
    assert registry.pull_image("base").digest == image("base").digest
    with pytest.raises(PushRefused):
        registry.push_image(image(name), "pushed")
    assert deployed.registry(credentials, "shop/web").call("GET", "manifests/v1").status == 403


def test_a_role_without_its_grant_is_let_in_nowhere(deployed: Deployed) -> None:
    """The last test: it takes the grants of all roles away."""
    sessions = {name: deployed.assume(name, token) for name, token in RIGHT.items()}
    pushing = deployed.registry(sessions["any push"])
    pushing.push_image(image("before"), "before")
    deployed.estate.drop(deployed.stack, "AWS::IAM::Policy")
    for name, token in RIGHT.items():
        again = deployed.assume(name, token)
        with pytest.raises(ClientError, match="not authorized to perform: ecr:GetAuthorizationTok"):
            deployed.registry(again)
    # Those who are logged in are asked again with each call.
    with pytest.raises(PushRefused):
        pushing.push_image(image("after"), "after")
