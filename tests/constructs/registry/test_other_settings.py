"""Blob mounting, public repositories, and perimeters on repositories and the registry."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match

from ecr_constructs import (
    BlobMounting,
    DataPerimeter,
    GalleryArchitecture,
    GrantError,
    InvalidInputError,
    PublicRepository,
    RegistryPolicy,
    Removal,
    RepositoryCatalogData,
    SecureRepository,
    add_registry_statement,
)
from tests.model.iam.evaluator.support import decide

from ..conftest import actions, resources, statements_of, templates

US = cdk.Environment(account="111111111111", region="us-east-1")
PUBLIC = "AWS::ECR::PublicRepository"
ORGANIZATION = "o-a1b2c3d4e5"


def ec2_role(scope, construct_id="Role", **options):
    return iam.Role(
        scope, construct_id, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"), **options
    )


def test_blob_mounting_is_turned_on_and_off_again(app, stack):
    BlobMounting(stack, "BlobMounting")
    template = templates(app)["Shop"]
    (setting,) = resources(template, "Custom::AWS").values()
    calls = {
        moment: json.loads(setting["Properties"][moment])
        for moment in ("Create", "Update", "Delete")
    }
    assert {moment: call["parameters"] for moment, call in calls.items()} == {
        "Create": {"name": "BLOB_MOUNTING", "value": "ENABLED"},
        "Update": {"name": "BLOB_MOUNTING", "value": "ENABLED"},
        "Delete": {"name": "BLOB_MOUNTING", "value": "DISABLED"},
    }
    assert {(call["service"], call["action"]) for call in calls.values()} == {
        ("ECR", "putAccountSetting")
    }
    assert setting["Properties"]["InstallLatestAwsSdk"] is False
    (statement,) = statements_of(template)
    assert statement["Action"] == "ecr:PutAccountSetting"


def test_blob_mounting_is_once_for_a_registry(app, stack):
    BlobMounting(stack, "BlobMounting")
    again = cdk.Stack(app, "Again", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    with pytest.raises(InvalidInputError, match="Again/Mine and Shop/BlobMounting both write"):
        BlobMounting(again, "Mine")
    BlobMounting(cdk.Stack(app, "Elsewhere", env=US), "BlobMounting")


def test_a_public_repository(app):
    stack = cdk.Stack(app, "Gallery", env=US)
    data = RepositoryCatalogData(description="d", architectures=[GalleryArchitecture.ARM_64])
    agent = PublicRepository(
        stack, "Agent", repository_name="shop/agent", catalog_data=data, tags={"team": "shop"}
    )
    PublicRepository(
        stack, "Preview", removal=Removal.delete_when_empty(reason="a preview, rebuilt nightly")
    )
    agent.grant_push(ec2_role(stack))
    found = resources(templates(app)["Gallery"], PUBLIC)
    (name,) = [key for key in found if key.startswith("Agent")]
    (preview,) = [found[key] for key in found if key.startswith("Preview")]
    kept = found[name]
    assert kept["DeletionPolicy"] == kept["UpdateReplacePolicy"] == "Retain"
    assert kept["Properties"] == {
        "RepositoryName": "shop/agent",
        "RepositoryCatalogData": {"RepositoryDescription": "d", "Architectures": ["ARM 64"]},
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    assert preview["DeletionPolicy"] == "Delete"
    assert preview["Metadata"]["ecr_constructs:removal"] == {"reason": "a preview, rebuilt nightly"}
    statements = statements_of(templates(app)["Gallery"])
    assert {
        str(entry["Resource"]): actions([entry]) for entry in statements if entry["Resource"] == "*"
    } == {"*": {"ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"}}
    (push,) = [entry for entry in statements if entry["Resource"] != "*"]
    assert push["Resource"] == {"Fn::GetAtt": [name, "Arn"]}
    assert all(action.startswith("ecr-public:") for action in push["Action"])


def test_public_repositories_are_in_one_region(app, stack):
    with pytest.raises(InvalidInputError, match=r"\[Shop/Agent\].*Region without ECR Public"):
        PublicRepository(stack, "Agent", repository_name="agent")
    agnostic = cdk.Stack(app, "Agnostic")
    PublicRepository(agnostic, "Agent", repository_name="agent")
    (message,) = [entry.entry.data for one in app.synth().stacks for entry in one.messages]
    assert "can be made in us-east-1 only" in message


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"repository_name": "a--b"}, "repository_name: is not"),
        ({"catalog_data": {"description": "d"}}, "catalog_data: has a dict"),
        ({"tags": {"aws:x": "y"}}, "tags: has a key"),
        (
            {"removal": Removal.delete_with_images(reason="a preview, rebuilt nightly")},
            "removal: deletes the images",
        ),
        ({"removal": "retain"}, "removal: has a str"),
    ],
)
def test_what_ecr_public_refuses(app, options, expected):
    stack = cdk.Stack(app, "Gallery", env=US)
    with pytest.raises(InvalidInputError, match=expected):
        PublicRepository(stack, "Agent", **options)


def test_who_cannot_push_to_a_public_repository(app, stack):
    gallery = cdk.Stack(app, "Gallery", env=US)
    agent = PublicRepository(gallery, "Agent")
    for grantee in (
        iam.AccountPrincipal("222222222222"),
        iam.ServicePrincipal("codebuild.amazonaws.com"),
        ec2_role(
            cdk.Stack(app, "Other", env=cdk.Environment(account="222222222222", region="us-east-1"))
        ),
    ):
        with pytest.raises(GrantError, match="no role, user or group of the account"):
            agent.grant_push(grantee)
    # A role is of the account, whatever its Region.
    agent.grant_push(ec2_role(stack, role_name="release"))


def test_a_perimeter_on_repositories_and_the_registry(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    plain = ecr.Repository(stack, "Plain", repository_name="shop/plain")
    api.grant_pull(iam.AccountPrincipal("222222222222"))
    lambda_.DockerImageFunction(
        stack, "Function", code=lambda_.DockerImageCode.from_ecr(api, tag_or_digest="v1")
    )
    perimeter = DataPerimeter(organizations=[ORGANIZATION])
    perimeter.protect_repositories(api, plain)
    # Said twice, written once.
    perimeter.protect_repositories(api)
    perimeter.protect_registry(stack)
    RegistryPolicy(stack, "RegistryPolicy")
    template = templates(app)["Shop"]
    policies = {
        entry["Properties"]["RepositoryName"]: entry["Properties"]["RepositoryPolicyText"]
        for entry in resources(template, "AWS::ECR::Repository").values()
    }
    sids = [entry.get("Sid") for entry in policies["shop/api"]["Statement"]]
    assert sids.count("PerimeterIdentities") == sids.count("PerimeterServices") == 1
    (registry,) = resources(template, "AWS::ECR::RegistryPolicy").values()
    arn = "arn:aws:ecr:eu-west-1:111111111111:repository/shop"
    full = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }

    def pulls(account, organization, name):
        known = {"aws:PrincipalOrgID": organization} if organization else {}
        return decide(
            f"arn:aws:iam::{account}:role/reader",
            "ecr:BatchGetImage",
            f"{arn}/{name}",
            context=known,
            identity=[full],
            repository=policies.get(f"shop/{name}"),
            registry=registry["Properties"]["PolicyText"],
        ).decision.value

    assert pulls("222222222222", ORGANIZATION, "api") == "allow"
    # The grant to the account is there, and the account has left the organization.
    assert pulls("222222222222", "o-z9y8x7w6v5", "api") == "explicit-deny"
    assert pulls("111111111111", None, "plain") == "allow"
    # Repositories that are made later are inside as well.
    assert pulls("222222222222", None, "later") == "explicit-deny"
    function = decide(
        "lambda.amazonaws.com",
        "ecr:BatchGetImage",
        f"{arn}/api",
        context={
            "aws:SourceArn": "arn:aws:lambda:eu-west-1:111111111111:function:f",
            "aws:SourceAccount": "111111111111",
        },
        repository=policies["shop/api"],
        registry=registry["Properties"]["PolicyText"],
    )
    assert function.decision.value == "allow"


def test_a_perimeter_needs_a_policy_that_is_of_this_app(app, stack):
    adopted = SecureRepository.from_repository_name(stack, "Old", "shop/old")
    with pytest.raises(GrantError, match="PerimeterIdentities"):
        DataPerimeter(organizations=[ORGANIZATION]).protect_repositories(adopted)
    DataPerimeter(organizations=[ORGANIZATION]).protect_registry(stack)
    with pytest.raises(RuntimeError, match="RegistryPolicy"):
        app.synth()


def test_who_else_pushes_to_a_public_repository(app):
    stack = cdk.Stack(app, "Gallery", env=US)
    partner = [iam.AccountPrincipal("222222222222")]
    push = ["ecr-public:PutImage", "ecr-public:UploadLayer*"]
    PublicRepository(
        stack,
        "Agent",
        policy_statements=[iam.PolicyStatement(actions=push, principals=partner)],
    )
    for construct_id, options, expected in (
        ("A", {"actions": push, "principals": partner, "resources": ["*"]}, "element Resource"),
        ("B", {"actions": push}, "has no principal"),
        ("C", {"actions": ["ecr:PutImage"], "principals": partner}, "no action of ECR Public"),
        ("D", {"actions": push, "principals": [iam.AnyPrincipal()]}, "every AWS account"),
    ):
        with pytest.raises(GrantError, match=expected):
            PublicRepository(
                stack, construct_id, policy_statements=[iam.PolicyStatement(**options)]
            )
    (agent,) = [
        entry["Properties"]
        for name, entry in resources(templates(app)["Gallery"], PUBLIC).items()
        if name.startswith("Agent")
    ]
    (statement,) = agent["RepositoryPolicyText"]["Statement"]
    assert statement["Action"] == push
    assert statement["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}


def test_whom_a_perimeter_shuts_out_is_told(app, stack):
    RegistryPolicy(stack, "RegistryPolicy")
    perimeter = DataPerimeter(accounts=["333333333333"])
    before, after, inside, later = (
        SecureRepository(stack, name, repository_name=f"shop/{name.lower()}")
        for name in ("Before", "After", "Inside", "Later")
    )
    outside = iam.AccountPrincipal("222222222222")
    before.grant_pull(outside)
    perimeter.protect_repositories(before, after)
    after.grant_pull(outside)
    inside.grant_pull(iam.AccountPrincipal("333333333333"))
    # The policy of the registry shuts out from every repository, those declared later included.
    elsewhere = cdk.Stack(
        app, "Elsewhere", env=cdk.Environment(account="1" * 12, region="us-east-1")
    )
    SecureRepository(elsewhere, "Other", repository_name="shop/other").grant_pull(outside)
    add_registry_statement(
        stack,
        iam.PolicyStatement(
            principals=[outside],
            actions=["ecr:ReplicateImage"],
            resources=["arn:aws:ecr:eu-west-1:111111111111:repository/*"],
        ),
    )
    perimeter.protect_registry(stack)
    later.grant_pull(outside)
    app.synth()
    told = {
        message.id
        for each in (stack, elsewhere)
        for message in Annotations.from_stack(each).find_warning("*", Match.any_value())
        if "PerimeterIdentities" in str(message.entry.data)
    }
    own = {"/Shop/Before", "/Shop/After"}
    by_registry = {f"/Shop/{name}/Resource" for name in ("Before", "After", "Later")}
    assert told == own | by_registry | {"/Shop"}
