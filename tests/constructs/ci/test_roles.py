"""The roles of CI systems: whom their trust lets in, and what they may do then, evaluated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import cx_api

from ecr_constructs import (
    GitHubPullRole,
    GitHubPushRole,
    GitLabPullRole,
    GitLabPushRole,
    InvalidInputError,
    OidcPullRole,
    OidcPushRole,
    SecureRepository,
)
from ecr_constructs.model.iam.actions import REPOSITORY_ACTIONS, Access
from ecr_constructs.model.iam.evaluator import (
    Outcome,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    evaluate,
    parse_policy,
)

from ..conftest import resources, templates

ACCOUNT, REGION = "111111111111", "eu-west-1"
ASSUME = "sts:AssumeRoleWithWebIdentity"
GITHUB = "token.actions.githubusercontent.com"
BUILDKITE = "https://agent.buildkite.com"
GITHUB_SUBJECT = "repo:acme/shop:ref:refs/heads/"
GITLAB_SUBJECT = "project_path:acme/web/shop:ref_type:"
OTHER = "project_path:evil/shop:ref_type:branch:ref:main"

# Role: its class, what was said of the tokens, who gets in (issuer, audience, subject), who not.
ROLES: Mapping[str, tuple[Any, dict[str, Any], list[tuple[str, str, str]]]] = {
    "GitHubPush": (
        GitHubPushRole,
        {"owner": "acme", "project": "shop", "branch": "main"},
        [(GITHUB, "sts.amazonaws.com", f"{GITHUB_SUBJECT}main")],
    ),
    "GitHubPull": (
        GitHubPullRole,
        {"owner": "acme", "project": "shop", "branch_pattern": "release/*"},
        [(GITHUB, "sts.amazonaws.com", f"{GITHUB_SUBJECT}release/1")],
    ),
    "GitHubPullRequests": (
        GitHubPullRole,
        {"owner": "acme", "project": "shop", "pull_requests": True},
        [(GITHUB, "sts.amazonaws.com", "repo:acme/shop:pull_request")],
    ),
    "GitLabPush": (
        GitLabPushRole,
        {"owner": "acme/web", "project": "shop", "branch": "main"},
        [("gitlab.com", "https://gitlab.com", f"{GITLAB_SUBJECT}branch:ref:main")],
    ),
    "GitLabTag": (
        GitLabPushRole,
        {"owner": "acme/web", "project": "shop", "tag_pattern": "v*", "audience": "aws"},
        [("gitlab.com", "aws", f"{GITLAB_SUBJECT}tag:ref:v1")],
    ),
    "GitLabPull": (
        GitLabPullRole,
        {"owner": "a", "project": "b", "environment": "production", "host": "git.acme.example"},
        [
            (
                "git.acme.example",
                "https://git.acme.example",
                "project_path:a/b:environment_protected:true:deployment_tier:production",
            )
        ],
    ),
    "OidcPush": (
        OidcPushRole,
        {"issuer": BUILDKITE, "audience": "sts.amazonaws.com", "subject": "organization:acme:x"},
        [("agent.buildkite.com", "sts.amazonaws.com", "organization:acme:x")],
    ),
    "OidcPull": (
        OidcPullRole,
        {
            "issuer": "https://oidc.circleci.com/org/1d2c",
            "audience": "1d2c",
            "subject_pattern": "org/1d2c/project/9f/user/*",
        },
        [("oidc.circleci.com/org/1d2c", "1d2c", "org/1d2c/project/9f/user/7")],
    ),
}
EVERYBODY = {token for _, _, tokens in ROLES.values() for token in tokens} | {
    (GITHUB, "sts.amazonaws.com", f"{GITHUB_SUBJECT}main2"),
    (GITHUB, "sts.amazonaws.com", f"{GITHUB_SUBJECT}release"),
    (GITHUB, "sts.amazonaws.com", "repo:acme/shop2:pull_request"),
    (GITHUB, "https://github.com/acme", f"{GITHUB_SUBJECT}main"),
    ("gitlab.com", "https://gitlab.com", OTHER),
    ("gitlab.com", "https://gitlab.com", f"{GITLAB_SUBJECT}tag:ref:main"),
    ("gitlab.com", "https://gitlab.com", f"{GITLAB_SUBJECT}branch:ref:main/x"),
    ("gitlab.com", "sts.amazonaws.com", f"{GITLAB_SUBJECT}branch:ref:main"),
    ("git.acme.example", "https://git.acme.example", f"{GITLAB_SUBJECT}branch:ref:main"),
    ("agent.buildkite.com", "sts.amazonaws.com", "organization:acme:xy"),
    ("oidc.circleci.com/org/1d2c", "1d2c", "org/1d2c/project/9f0/user/7"),
}


class Roles:
    """One app with every role, each with a repository of its own; its template, evaluated."""

    def __init__(self, flags: Mapping[str, Any]) -> None:
        app = cdk.App(context=dict(flags))
        env = cdk.Environment(account=ACCOUNT, region=REGION)
        stack = cdk.Stack(app, "Ci", env=env)
        for name, (kind, said, _) in ROLES.items():
            repository = SecureRepository(stack, f"Of{name}", repository_name=f"of/{name.lower()}")
            kind(stack, name, repositories=[repository], **said)
        self.template = templates(app)["Ci"]

    def role(self, name: str) -> Mapping[str, Any]:
        """The properties of a role."""
        (found,) = [
            role["Properties"]
            for logical_id, role in resources(self.template, "AWS::IAM::Role").items()
            # Behind the id stand eight characters of a hash.
            if logical_id[:-8] == name
        ]
        return dict(found)

    def gets_in(self, name: str, token: tuple[str, str, str]) -> bool:
        """Whether the trust policy of the role takes a token."""
        issuer, audience, subject = token
        text = json.dumps(self.role(name)["AssumeRolePolicyDocument"])
        for logical_id, provider in self.providers().items():
            arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider['Url'].removeprefix('https://')}"
            text = text.replace(json.dumps({"Fn::GetAtt": [logical_id, "Arn"]}), json.dumps(arn))
        policy = parse_policy(json.loads(text), PolicyKind.REPOSITORY, name="trust").policy
        principal = Principal.parse(f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}")
        assert principal is not None
        request = Request(
            principal=principal,
            action=ASSUME,
            resource=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            context={f"{issuer}:aud": audience, f"{issuer}:sub": subject},
        )
        return evaluate(request, PolicySet(repository=policy)).decision is Outcome.ALLOW

    def providers(self) -> Mapping[str, Mapping[str, Any]]:
        found = resources(self.template, "AWS::IAM::OIDCProvider")
        return {name: provider["Properties"] for name, provider in found.items()}

    def may(self, name: str, repository: str) -> set[str]:
        """The actions that the role's own policy lets it do on a repository."""
        (logical_id,) = [
            entry
            for entry, role in resources(self.template, "AWS::IAM::Role").items()
            if role["Properties"] == self.role(name)
        ]
        (document,) = [
            policy["Properties"]["PolicyDocument"]
            for policy in resources(self.template, "AWS::IAM::Policy").values()
            if policy["Properties"]["Roles"] == [{"Ref": logical_id}]
        ]
        text = json.dumps(document)
        for entry, made in resources(self.template, "AWS::ECR::Repository").items():
            arn = (
                f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{made['Properties']['RepositoryName']}"
            )
            text = text.replace(json.dumps({"Fn::GetAtt": [entry, "Arn"]}), json.dumps(arn))
        identity = compile_policy(json.loads(text), PolicyKind.IDENTITY)
        principal = Principal.parse(f"arn:aws:iam::{ACCOUNT}:role/{name}")
        assert principal is not None
        target = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}"
        return {
            action
            for action in (*REPOSITORY_ACTIONS, "ecr:GetAuthorizationToken")
            if evaluate(
                Request(principal=principal, action=action, resource=target),
                PolicySet(identity=(identity,)),
            ).decision
            is Outcome.ALLOW
        }


@pytest.fixture(scope="module")
def roles(flags) -> Roles:
    return Roles(flags)


@pytest.mark.parametrize("name", ROLES)
def test_the_right_token_gets_in_and_no_other(roles, name):
    let_in = {token for token in EVERYBODY if roles.gets_in(name, token)}
    assert let_in == set(ROLES[name][2])


@pytest.mark.parametrize("name", ROLES)
def test_a_role_does_one_thing_on_one_repository(roles, name):
    access = Access.PUSH if ROLES[name][0].__name__.endswith("PushRole") else Access.PULL
    token = "ecr:GetAuthorizationToken"
    assert roles.may(name, f"of/{name.lower()}") == {*access.actions, token}
    assert roles.may(name, "of/nobody") == {token}


def test_an_issuer_has_one_provider_that_knows_every_audience(roles):
    found = {made["Url"]: made["ClientIdList"] for made in roles.providers().values()}
    assert found == {
        f"https://{GITHUB}": ["sts.amazonaws.com"],
        "https://gitlab.com": ["https://gitlab.com", "aws"],
        "https://git.acme.example": ["https://git.acme.example"],
        BUILDKITE: ["sts.amazonaws.com"],
        "https://oidc.circleci.com/org/1d2c": ["1d2c"],
    }
    assert {"GitHubIdentityProvider", "GitLabIdentityProvider"} <= set(roles.providers())
    assert not any("ThumbprintList" in made for made in roles.providers().values())


def test_what_strangers_could_use_is_refused_before_anything_is_made(stack):
    api = SecureRepository(stack, "Api")
    wrong: Mapping[Any, list[dict[str, Any]]] = {
        GitHubPullRole: [{"owner": "acme", "project": "shop"}],
        GitLabPushRole: [
            {"owner": "acme", "project": "shop", "branch": "*"},
            {"owner": "acme", "project": "shop", "branch": "main", "host": "http://x.example"},
            {"owner": "acme", "project": "shop", "branch": "main", "provider_arn": "x"},
        ],
        OidcPushRole: [
            {"issuer": BUILDKITE, "audience": "a", "subject": "*"},
            {"issuer": BUILDKITE, "audience": "a", "subject_pattern": "*"},
            {"issuer": BUILDKITE, "audience": "*", "subject": "a"},
            {"issuer": "buildkite", "audience": "a", "subject": "a"},
        ],
    }
    for kind, cases in wrong.items():
        for said in cases:
            with pytest.raises(InvalidInputError, match=r"^\[Shop/Role\] "):
                kind(stack, "Role", repositories=[api], **said)
    with pytest.raises(InvalidInputError, match="no repository to pull from"):
        OidcPullRole(stack, "Role", repositories=[], issuer=BUILDKITE, audience="a", subject="a")
    assert stack.node.try_find_child("Role") is None


def test_a_given_provider_is_taken(app, stack):
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"
    GitLabPushRole(
        stack,
        "Ci",
        repositories=[SecureRepository(stack, "Api")],
        owner="acme",
        project="shop",
        branch="main",
        provider_arn=arn,
    )
    template = templates(app)["Shop"]
    assert resources(template, "AWS::IAM::OIDCProvider") == {}
    (role,) = resources(template, "AWS::IAM::Role").values()
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Federated": arn}


def ci(scope, construct_id="Ci", **said):
    api = SecureRepository(scope, f"Of{construct_id}")
    tokens = {"issuer": BUILDKITE, "audience": "a", "subject": "b", **said}
    return OidcPushRole(scope, construct_id, repositories=[api], **tokens)


def in_account(app, name, account=ACCOUNT, region=REGION):
    return cdk.Stack(app, name, env=cdk.Environment(account=account, region=region))


def cdks_native(scope):
    iam.OidcProviderNative(scope, "Own", url=BUILDKITE)


def cdks_function(scope):
    iam.OpenIdConnectProvider(scope, "Own", url=BUILDKITE)


@pytest.mark.parametrize("second", [ci, cdks_native, cdks_function])
def test_two_providers_of_an_issuer_in_an_account_are_an_error(app, second):
    first, other = in_account(app, "One"), in_account(app, "Two", region="us-east-1")
    ci(first)
    second(other)
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    told = str(caught.value)
    assert told.count("makes the provider as well") == 1
    assert f"provider_arn='arn:aws:iam::{ACCOUNT}:oidc-provider/agent.buildkite.com'" in told


def test_an_account_each_has_a_provider_each(app):
    ci(in_account(app, "One"))
    ci(in_account(app, "Two", account="222222222222"))
    ci(in_account(app, "Three"), issuer="https://ci.example.com")
    # An account of another partition is another one, whatever its number.
    ci(in_account(app, "China", region="cn-north-1"))
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/agent.buildkite.com"
    ci(in_account(app, "Four"), provider_arn=arn)
    found = [resources(made, "AWS::IAM::OIDCProvider") for made in templates(app).values()]
    assert sorted(map(len, found)) == [0, 1, 1, 1, 1]


def test_where_no_account_is_known_two_providers_are_told(app):
    one, two = cdk.Stack(app, "One"), cdk.Stack(app, "Two")
    ci(one)
    ci(two)
    assembly = app.synth()
    told = [
        message
        for made in assembly.stacks
        for message in made.messages
        if "makes the provider as well" in str(message.entry.data)
    ]
    assert [message.level for message in told] == [cx_api.SynthesisMessageLevel.WARNING]


def test_issuers_that_look_alike_have_a_provider_each(app, stack):
    issuers = [f"https://ci.example.com/{path}" for path in ("x-y", "x/y", "xy", "x-y")]
    for number, issuer in enumerate(issuers):
        ci(stack, f"Ci{number}", issuer=issuer, subject=f"{number}")
    template = templates(app)["Shop"]
    providers = resources(template, "AWS::IAM::OIDCProvider")
    assert sorted(made["Properties"]["Url"] for made in providers.values()) == sorted(set(issuers))
    for role in resources(template, "AWS::IAM::Role").values():
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        provider = providers[trust["Principal"]["Federated"]["Fn::GetAtt"][0]]["Properties"]
        name = provider["Url"].removeprefix("https://")
        assert set(trust["Condition"]["StringEquals"]) == {f"{name}:aud", f"{name}:sub"}
