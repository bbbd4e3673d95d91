"""CloudFormation: every ECR type is real, names that exist are refused, retained things stay."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws.account import Account
from embedded_aws.stack import Stack, Template, body, resource

LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "ecr:BatchGetImage",
        }
    ],
}


def repository(policy: str = "Delete", /, **properties: Any) -> Template:
    return resource("AWS::ECR::Repository", {"RepositoryName": "shop/api", **properties}, policy)


@pytest.fixture
def stack(account: Account) -> Stack:
    return Stack(account)


def test_a_repository_with_everything(account: Account, stack: Stack) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    tags = [{"Key": "team", "Value": "shop"}]
    filters = [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": "latest",
        }
    ]
    declared: dict[str, Any] = {
        "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "ImageTagMutabilityExclusionFilters": filters,
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": key},
        "LifecyclePolicy": {"LifecyclePolicyText": LIFECYCLE},
        "RepositoryPolicyText": POLICY,
        "Tags": tags,
    }
    assert stack.create(Api=repository(**declared)) == "CREATE_COMPLETE"
    ecr = account.client("ecr")
    (found,) = ecr.describe_repositories()["repositories"]
    assert found["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert found["imageTagMutabilityExclusionFilters"] == [
        {"filterType": "WILDCARD", "filter": "latest"}
    ]
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key}
    lifecycle = ecr.get_lifecycle_policy(repositoryName="shop/api")
    assert lifecycle["lifecyclePolicyText"] == LIFECYCLE
    policy = ecr.get_repository_policy(repositoryName="shop/api")["policyText"]
    assert json.loads(policy) == POLICY
    assert tags[0] in ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    # An update takes away what is no longer declared, and leaves the rest.
    assert (
        stack.update(
            Api=repository(
                ImageTagMutability="MUTABLE",
                EncryptionConfiguration=declared["EncryptionConfiguration"],
            )
        )
        == "UPDATE_COMPLETE"
    )
    (found,) = ecr.describe_repositories()["repositories"]
    assert found["imageTagMutability"] == "MUTABLE"
    assert "imageTagMutabilityExclusionFilters" not in found
    with pytest.raises(ecr.exceptions.LifecyclePolicyNotFoundException):
        ecr.get_lifecycle_policy(repositoryName="shop/api")
    with pytest.raises(ecr.exceptions.RepositoryPolicyNotFoundException):
        ecr.get_repository_policy(repositoryName="shop/api")
    assert tags[0] not in ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    stack.delete()
    assert ecr.describe_repositories()["repositories"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"RepositoryName": "V/UPPER"},
        {"ImageTagMutability": "NONSENSE"},
        {"ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION"},
        {"EncryptionConfiguration": {"EncryptionType": "ROT13"}},
        {"LifecyclePolicy": {"LifecyclePolicyText": "{}"}},
        {"RepositoryPolicyText": {"Statement": [{"Effect": "Allow", "Action": "ecr:*"}]}},
    ],
)
def test_what_ecr_refuses_fails_the_stack(
    account: Account, stack: Stack, wrong: dict[str, Any]
) -> None:
    assert stack.create(Api=repository(**wrong)) == "ROLLBACK_COMPLETE"
    (reason,) = stack.reasons("CREATE_FAILED")
    assert "InvalidParameterException" in reason
    assert account.client("ecr").describe_repositories()["repositories"] == []


def test_a_name_that_is_taken(account: Account, stack: Stack) -> None:
    ecr = account.client("ecr")
    ecr.create_repository(repositoryName="shop/api", imageTagMutability="IMMUTABLE")
    assert stack.create(Api=repository()) == "ROLLBACK_COMPLETE"
    (reason,) = stack.reasons("CREATE_FAILED")
    named = '{"RepositoryName":"shop/api"}'
    assert reason == (
        f"Resource of type 'AWS::ECR::Repository' with identifier '{named}' already exists."
    )
    (found,) = ecr.describe_repositories()["repositories"]
    assert found["imageTagMutability"] == "IMMUTABLE"


def test_a_log_group_that_is_there(account: Account, stack: Stack) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName="/shop", tags={"made": "before"})
    group = resource("AWS::Logs::LogGroup", {"LogGroupName": "/shop"})
    assert stack.create(Logs=group) == "ROLLBACK_COMPLETE"
    (reason,) = stack.reasons("CREATE_FAILED")
    named = '{"/properties/LogGroupName":"/shop"}'
    assert reason == (
        f"Resource of type 'AWS::Logs::LogGroup' with identifier '{named}' already exists."
    )
    assert logs.list_tags_log_group(logGroupName="/shop")["tags"] == {"made": "before"}


def test_what_is_retained_stays_and_can_be_imported(account: Account, stack: Stack) -> None:
    declared = {
        "Api": repository("Retain"),
        "Key": resource("AWS::KMS::Key", {"KeyPolicy": POLICY}, "Retain"),
        "Logs": resource("AWS::Logs::LogGroup", {"LogGroupName": "/shop"}, "Retain"),
    }
    assert stack.create(**declared) == "CREATE_COMPLETE"
    (key,) = account.client("kms").list_keys()["Keys"]
    stack.delete()
    ecr = account.client("ecr")
    (before,) = ecr.describe_repositories()["repositories"]
    state = account.client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"]
    assert state == "Enabled"
    assert stack.create(**declared) == "ROLLBACK_COMPLETE"
    stack.delete()
    identifiers = {
        "Api": {"RepositoryName": "shop/api"},
        "Key": {"KeyId": key["KeyId"]},
        "Logs": {"LogGroupName": "/shop"},
    }
    assert stack.import_(identifiers, **declared) == "IMPORT_COMPLETE"
    assert ecr.describe_repositories()["repositories"] == [before]
    scanned = repository("Retain", ImageScanningConfiguration={"ScanOnPush": True})
    assert stack.update(**{**declared, "Api": scanned}) == "UPDATE_COMPLETE"
    (after,) = ecr.describe_repositories()["repositories"]
    assert after["createdAt"] == before["createdAt"]
    assert after["imageScanningConfiguration"] == {"scanOnPush": True}


def test_unnamed_things_left_behind_are_in_nobodys_way(account: Account, stack: Stack) -> None:
    unnamed = {
        "Api": resource("AWS::ECR::Repository", {}, "Retain"),
        "Logs": resource("AWS::Logs::LogGroup", {}, "Retain"),
    }
    ecr, logs = account.client("ecr"), account.client("logs")
    for times in (1, 2):
        assert stack.create(**unnamed) == "CREATE_COMPLETE"
        kept = resource("AWS::Logs::LogGroup", {"RetentionInDays": 7}, "Retain")
        assert stack.update(**{**unnamed, "Logs": kept}) == "UPDATE_COMPLETE"
        stack.delete()
        assert len(ecr.describe_repositories()["repositories"]) == times
        groups = logs.describe_log_groups()["logGroups"]
        assert [group["retentionInDays"] for group in groups] == [7] * times


def test_an_alias_that_exists_is_not_moved(account: Account, stack: Stack) -> None:
    kms = account.client("kms")
    first, second = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/shop", TargetKeyId=first)
    alias = resource("AWS::KMS::Alias", {"AliasName": "alias/shop", "TargetKeyId": second})
    assert stack.create(Alias=alias) == "ROLLBACK_COMPLETE"
    (reason,) = stack.reasons("CREATE_FAILED")
    assert reason.endswith("alias/shop already exists")
    assert kms.describe_key(KeyId="alias/shop")["KeyMetadata"]["KeyId"] == first


def test_importing_what_is_not_there(stack: Stack) -> None:
    reason = stack.import_({"Api": {"RepositoryName": "shop/api"}}, Api=repository("Retain"))
    assert reason == (
        "Resource of type 'AWS::ECR::Repository' with identifier 'shop/api' was not found."
    )


def test_a_replacement_leaves_the_retained_one(account: Account, stack: Stack) -> None:
    assert stack.create(Api=repository("Retain")) == "CREATE_COMPLETE"
    renamed = repository("Retain", RepositoryName="shop/api2")
    assert stack.update(Api=renamed) == "UPDATE_COMPLETE"
    found = account.client("ecr").describe_repositories()["repositories"]
    assert [one["repositoryName"] for one in found] == ["shop/api", "shop/api2"]


def test_images_keep_a_repository_unless_it_may_be_emptied(account: Account, stack: Stack) -> None:
    assert stack.create(Api=repository()) == "CREATE_COMPLETE"
    ecr = account.client("ecr")
    manifest = json.dumps({"schemaVersion": 2, "manifests": []})
    ecr.put_image(repositoryName="shop/api", imageManifest=manifest, imageTag="v1")
    account.client("cloudformation").delete_stack(StackName="Shop")
    assert stack.wait() == "DELETE_FAILED"
    (reason,) = stack.reasons("DELETE_FAILED")
    assert "still contains images" in reason
    ecr.delete_repository(repositoryName="shop/api", force=True)
    stack.delete()
    assert stack.create(Api=repository(EmptyOnDelete=True)) == "CREATE_COMPLETE"
    ecr.put_image(repositoryName="shop/api", imageManifest=manifest, imageTag="v1")
    stack.delete()
    assert ecr.describe_repositories()["repositories"] == []


def test_how_resources_are_identified(account: Account, stack: Stack) -> None:
    cloudformation = account.client("cloudformation")
    template = body({"Api": repository(), "Web": repository(RepositoryName="shop/web")})
    expected = [
        {
            "ResourceType": "AWS::ECR::Repository",
            "LogicalResourceIds": ["Api", "Web"],
            "ResourceIdentifiers": ["RepositoryName"],
        }
    ]
    summary = cloudformation.get_template_summary(TemplateBody=template)
    assert summary["ResourceIdentifierSummaries"] == expected
    assert summary["ResourceTypes"] == ["AWS::ECR::Repository"]
    stack.create(Api=repository(), Web=repository(RepositoryName="shop/web"))
    summary = cloudformation.get_template_summary(StackName="Shop")
    assert summary["ResourceIdentifierSummaries"] == expected


def test_a_group_of_users(account: Account, stack: Stack) -> None:
    def group(**properties: Any) -> Template:
        return resource("AWS::IAM::Group", properties)

    describe = {"Effect": "Allow", "Action": "ecr:DescribeRepositories", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [describe]}
    policy = {"PolicyName": "see", "PolicyDocument": document}
    user = account.aws.client("ecr", account.user("member"))
    assert stack.create(Group=group(GroupName="readers", Policies=[policy])) == "CREATE_COMPLETE"
    assert stack.resources() == {"Group": "readers"}
    account.client("iam").add_user_to_group(GroupName="readers", UserName="member")
    assert user.describe_repositories()["repositories"] == []
    assert stack.update(Group=group(GroupName="readers")) == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match="not authorized"):
        user.describe_repositories()
    stack.delete()
    assert account.client("iam").list_groups()["Groups"] == []


def test_a_template_as_cdk_writes_it(account: Account, stack: Stack) -> None:
    """It may be larger than a request can be."""
    many = {f"Api{number}": repository(RepositoryName=f"shop/{number}") for number in range(3)}
    padded = {"Resources": many, "Metadata": {"about": "x" * 60_000}}
    assert stack.deploy(padded) == "CREATE_COMPLETE"
    found = account.client("ecr").describe_repositories()["repositories"]
    assert len(found) == len(many)


def test_a_reference_to_a_secret_is_its_arn(account: Account, stack: Stack) -> None:
    def secret(**properties: Any) -> Template:
        return resource("AWS::SecretsManager::Secret", properties)

    assert stack.create(Secret=secret(SecretString="one")) == "CREATE_COMPLETE"
    arn = stack.resources()["Secret"]
    client = account.client("secretsmanager")
    assert client.get_secret_value(SecretId=arn)["ARN"] == arn
    assert stack.update(Secret=secret(SecretString="two")) == "UPDATE_COMPLETE"
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "two"
    stack.delete()
    assert client.list_secrets()["SecretList"] == []
