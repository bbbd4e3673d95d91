"""ECR Public: repositories by CloudFormation and by the API, and who may push to them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack, Template, resource

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "ecr-public:PutImage",
        }
    ],
}
CATALOG = {
    "AboutText": "about",
    "Architectures": ["ARM 64"],
    "OperatingSystems": ["Linux"],
    "RepositoryDescription": "described",
    "UsageText": "used",
}


@pytest.fixture
def home(account: Account) -> Account:
    return Account(account.aws, account.id, "us-east-1")


def public_repository(**properties: Any) -> Template:
    return resource("AWS::ECR::PublicRepository", {"RepositoryName": "agent", **properties})


def test_every_property_is_there_and_changes(home: Account) -> None:
    stack, public = Stack(home), home.client("ecr-public")
    full = public_repository(
        RepositoryCatalogData=CATALOG,
        RepositoryPolicyText=POLICY,
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    assert stack.create(Agent=full) == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
    (found,) = public.describe_repositories()["repositories"]
    assert found["repositoryArn"] == f"arn:aws:ecr-public::{home.id}:repository/agent"
    name = {"repositoryName": "agent"}
    assert public.get_repository_catalog_data(**name)["catalogData"] == {
        "aboutText": "about",
        "architectures": ["ARM 64"],
        "operatingSystems": ["Linux"],
        "description": "described",
        "usageText": "used",
    }
    assert json.loads(public.get_repository_policy(**name)["policyText"]) == POLICY
    arn = found["repositoryArn"]
    assert public.list_tags_for_resource(resourceArn=arn)["tags"] == [
        {"Key": "team", "Value": "shop"}
    ]
    assert stack.update(Agent=public_repository()) == "UPDATE_COMPLETE"
    assert public.get_repository_catalog_data(**name)["catalogData"] == {}
    assert public.list_tags_for_resource(resourceArn=arn)["tags"] == []
    with pytest.raises(public.exceptions.RepositoryPolicyNotFoundException):
        public.get_repository_policy(**name)
    stack.delete()
    assert public.describe_repositories()["repositories"] == []


def test_it_is_in_one_region(account: Account) -> None:
    stack = Stack(account)
    assert stack.create(Agent=public_repository()) == "ROLLBACK_COMPLETE"
    assert "not supported in eu-west-1" in stack.reasons("CREATE_FAILED")[0]


def test_a_name_that_is_taken(home: Account) -> None:
    home.client("ecr-public").create_repository(repositoryName="agent")
    stack = Stack(home)
    assert stack.create(Agent=public_repository()) == "ROLLBACK_COMPLETE"
    assert "already exists" in stack.reasons("CREATE_FAILED")[0]


def test_a_request_is_checked_against_the_model(home: Account) -> None:
    public = home.client("ecr-public")
    with pytest.raises(ClientError, match="repositoryName"):
        public.create_repository(repositoryName="UPPER")


def test_who_may_push_is_decided(embedded_aws: EmbeddedAws, home: Account) -> None:
    arn = f"arn:aws:ecr-public::{home.id}:repository/agent"
    home.client("ecr-public").create_repository(repositoryName="agent")
    allowed = {"Effect": "Allow", "Action": "ecr-public:PutImage", "Resource": arn}
    pusher = embedded_aws.client("ecr-public", home.role("push", [allowed]), region=home.region)
    with pytest.raises(ClientError, match="does not emulate PutImage"):
        pusher.put_image(repositoryName="agent", imageManifest="{}")
    for refused in (
        lambda: pusher.put_image(repositoryName="other", imageManifest="{}"),
        lambda: pusher.delete_repository(repositoryName="agent"),
    ):
        with pytest.raises(ClientError, match="not authorized to perform: ecr-public:"):
            refused()
