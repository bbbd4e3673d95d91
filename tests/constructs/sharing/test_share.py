"""Both halves of a share, evaluated: who pulls and pushes, and who does not."""

from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    Access,
    GrantError,
    InvalidInputError,
    OrganizationalUnitPrincipal,
    RepositoryReferenceError,
    RepositoryShare,
    SecureRepository,
)
from ecr_constructs.model.iam.evaluator import (
    Outcome,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    evaluate,
)

from ..conftest import OTHER, SHOP, resources, templates

ORGANIZATION = "o-a1b2c3d4e5"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/"
STRANGER = "333333333333"
PULL = {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
ARN = f"arn:aws:ecr:{SHOP[1]}:{SHOP[0]}:repository/"


@pytest.fixture
def other(app):
    account, region = OTHER
    return cdk.Stack(app, "Other", env=cdk.Environment(account=account, region=region))


def allowed(account, name, document, identity, actions, **context):
    """What a role of an account may do on a repository with this policy."""
    principal = Principal.parse(f"arn:aws:iam::{account}:role/reader")
    assert principal is not None
    policies = PolicySet(
        identity=tuple(compile_policy(entry, PolicyKind.IDENTITY) for entry in identity),
        repository=compile_policy(document, PolicyKind.REPOSITORY),
    )
    return {
        action
        for action in actions
        if evaluate(
            Request(principal=principal, action=action, resource=ARN + name, context=context),
            policies,
        ).decision
        is Outcome.ALLOW
    }


def by_name(template):
    """The policy of each repository."""
    return {
        made["Properties"]["RepositoryName"]: made["Properties"]["RepositoryPolicyText"]
        for made in resources(template, "AWS::ECR::Repository").values()
        if "RepositoryPolicyText" in made["Properties"]
    }


def handed_over(template):
    """The document of the output, as the other account's admins get it."""
    (output,) = template["Outputs"].values()
    text = output["Value"]
    if isinstance(text, dict):
        separator, parts = text["Fn::Join"]
        repositories = resources(template, "AWS::ECR::Repository")
        text = separator.join(
            part
            if isinstance(part, str)
            else ARN + repositories[part["Fn::GetAtt"][0]]["Properties"]["RepositoryName"]
            for part in parts
        )
    return json.loads(text)


def test_an_account_needs_both_halves_and_gets_no_more(app, stack, other):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    SecureRepository(stack, "Web", repository_name="shop/web").grant_pull(
        iam.AccountPrincipal("444444444444")
    )
    share = RepositoryShare(stack, "Share", repositories=[api], accounts=[OTHER[0]])
    written = share.add_identity_policy(other, "Pull")
    iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal(), managed_policies=[written])
    found = templates(app)
    (managed,) = resources(found["Other"], "AWS::IAM::ManagedPolicy").values()
    half = managed["Properties"]["PolicyDocument"]
    assert handed_over(found["Shop"]) == half
    policies = by_name(found["Shop"])
    tried = {*PULL, "ecr:PutImage", "ecr:BatchDeleteImage", "ecr:GetAuthorizationToken"}
    whole = {*PULL, "ecr:GetAuthorizationToken"}
    assert allowed(OTHER[0], "shop/api", policies["shop/api"], [half], tried) == whole
    assert allowed(OTHER[0], "shop/api", policies["shop/api"], [], tried) == set()
    assert allowed(STRANGER, "shop/api", policies["shop/api"], [half], PULL) == set()
    assert allowed(OTHER[0], "shop/web", policies["shop/web"], [half], PULL) == set()


def test_an_organization_reads_and_a_unit_of_it_writes(app, stack):
    base = SecureRepository(stack, "Base", repository_name="base")
    RepositoryShare(stack, "Readers", repositories=[base], organizations=[ORGANIZATION])
    RepositoryShare(
        stack,
        "Writers",
        repositories=[base],
        organizational_units=[f"{UNIT}*"],
        access=Access.PUSH,
    )
    policy = by_name(templates(app)["Shop"])["base"]
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}],
    }
    tried = {*PULL, *Access.PUSH.actions, "ecr:BatchDeleteImage"}

    def may(organization, path):
        context = {"aws:PrincipalOrgID": organization, "aws:PrincipalOrgPaths": [path]}
        return allowed(STRANGER, "base", policy, [everything], tried, **context)

    assert may(ORGANIZATION, f"{ORGANIZATION}/r-ab12/") == PULL
    assert may(ORGANIZATION, f"{UNIT}ou-ab12-22222222/") == PULL | set(Access.PUSH.actions)
    assert may("o-z9y8x7w6v5", "o-z9y8x7w6v5/r-ab12/ou-ab12-11111111/") == set()


def notes_of(construct):
    return [entry.data for entry in construct.node.metadata if entry.type == "aws:cdk:info"]


@pytest.mark.parametrize(
    "principal",
    [
        lambda: iam.AccountPrincipal(OTHER[0]),
        lambda: iam.OrganizationPrincipal(ORGANIZATION),
        lambda: OrganizationalUnitPrincipal(f"{UNIT}*"),
    ],
)
def test_a_grant_to_an_account_says_what_is_left_to_it(app, stack, principal):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    api.grant_pull(principal())
    (note,) = notes_of(api)
    statements = json.loads(note.partition("over there: ")[2].removesuffix(")"))
    half = {"Version": "2012-10-17", "Statement": statements}
    policy = by_name(templates(app)["Shop"])["shop/api"]
    context = {"aws:PrincipalOrgID": ORGANIZATION, "aws:PrincipalOrgPaths": [UNIT]}
    tried = {*PULL, "ecr:GetAuthorizationToken", "ecr:PutImage"}
    found = allowed(OTHER[0], "shop/api", policy, [half], tried, **context)
    assert found == {*PULL, "ecr:GetAuthorizationToken"}


def test_where_nothing_is_left_nothing_is_said(stack, other):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    for grantee in (
        iam.User(stack, "User"),
        iam.Role(other, "Role", role_name="x", assumed_by=iam.AccountRootPrincipal()),
        iam.ServicePrincipal("lambda.amazonaws.com"),
        iam.AccountPrincipal(stack.account),
        iam.AccountRootPrincipal(),
    ):
        api.grant_pull(grantee)
    assert notes_of(api) == []


def test_nobody_gets_a_half_that_has_no_effect(stack, app, other):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    share = RepositoryShare(stack, "Share", repositories=[api], accounts=[OTHER[0]])
    third = cdk.Stack(app, "Third", env=cdk.Environment(account=STRANGER, region="eu-west-1"))
    for scope in (stack, third, cdk.Stack(app, "Anywhere")):
        with pytest.raises(GrantError, match=r"^\[\w+/Pull\] scope: is in"):
            share.add_identity_policy(scope, "Pull")
    unnamed = RepositoryShare(
        stack,
        "Unnamed",
        repositories=[SecureRepository(stack, "Web")],
        accounts=[OTHER[0]],
    )
    with pytest.raises(RepositoryReferenceError, match=r"Shop/Web.*repository_name"):
        unnamed.add_identity_policy(other, "Pull")


def test_a_share_in_another_stack_has_the_arn_or_says_why_not(app, stack, other):
    near = cdk.Stack(app, "Near", env=cdk.Environment(account=SHOP[0], region=SHOP[1]))
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    unnamed = SecureRepository(stack, "Unnamed")
    RepositoryShare(near, "Share", repositories=[api, unnamed], accounts=[OTHER[0]])
    with pytest.raises(RepositoryReferenceError, match="Shop/Unnamed"):
        RepositoryShare(other, "Share", repositories=[unnamed], accounts=[STRANGER])
    template = templates(app)["Near"]
    (output,) = [made for name, made in template["Outputs"].items() if name.startswith("Share")]
    assert re.search(r'"[^"]*Unnamed\w+"', json.dumps(output["Value"]["Fn::Join"][1][1:]))


def test_a_policy_that_cannot_be_written_is_refused_with_the_statement(stack):
    adopted = SecureRepository.from_repository_name(stack, "Adopted", "shop/old")
    plain = ecr.Repository.from_repository_name(stack, "Plain", "shop/older")
    for number, repository in enumerate((adopted, plain)):
        with pytest.raises(GrantError, match=f"arn:aws:iam::{OTHER[0]}:root"):
            RepositoryShare(stack, f"Share{number}", repositories=[repository], accounts=[OTHER[0]])


def test_bad_input_is_refused_before_anything_is_made(stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    for said in (
        {},
        {"accounts": [222222222222]},
        {"accounts": OTHER[0]},
        {"organizations": ["*"]},
        {"organizational_units": ["ou-ab12-11111111"]},
        {"accounts": [OTHER[0]], "access": "pull"},
        {"accounts": [OTHER[0]], "repositories": []},
    ):
        with pytest.raises(InvalidInputError, match=r"^\[Shop/Share\] "):
            RepositoryShare(stack, "Share", **{"repositories": [api], **said})
    assert stack.node.try_find_child("Share") is None


def test_a_plain_repository_is_shared_too(app, stack):
    plain = ecr.Repository(stack, "Plain", repository_name="plain")
    RepositoryShare(stack, "Share", repositories=[plain], accounts=[OTHER[0]])
    template = templates(app)["Shop"]
    assert allowed(OTHER[0], "plain", by_name(template)["plain"], [handed_over(template)], PULL)
