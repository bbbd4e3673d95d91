"""SecureRepository: what the template says, with and without options."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from ecr_constructs import (
    COSIGN_TAGS,
    Encryption,
    ImageKey,
    InvalidInputError,
    MutableTags,
    Removal,
    SecureRepository,
    expire_untagged,
    keep_last,
)

from .conftest import resources, templates

KIND = "AWS::ECR::Repository"


def only(app, logical_id_prefix: str = "") -> dict:
    (template,) = templates(app).values()
    (found,) = (
        resource
        for logical_id, resource in resources(template, KIND).items()
        if logical_id.startswith(logical_id_prefix)
    )
    return found


def test_safe_without_an_option(app, stack):
    repository = SecureRepository(stack, "Api")
    assert isinstance(repository, ecr.Repository)
    found = only(app)
    assert found["DeletionPolicy"] == found["UpdateReplacePolicy"] == "Retain"
    properties = found["Properties"]
    lifecycle = json.loads(properties.pop("LifecyclePolicy")["LifecyclePolicyText"])
    (rule,) = lifecycle["rules"]
    assert rule["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 14,
    }
    assert rule["action"] == {"type": "expire"}
    assert properties == {
        "EncryptionConfiguration": {"EncryptionType": "AES256"},
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "ImageTagMutability": "IMMUTABLE",
    }


def test_every_option_is_in_the_template(app, stack):
    key = ImageKey(stack, "Key")
    SecureRepository(
        stack,
        "Api",
        repository_name="shop/api",
        encryption_key=key,
        mutable_tags=["latest", *COSIGN_TAGS],
        lifecycle=[keep_last(30, tags="v*")],
        scan_on_push=False,
        policy_statements=[
            iam.PolicyStatement(
                actions=["ecr:DescribeImages"], principals=[iam.AccountPrincipal("222222222222")]
            )
        ],
        tags={"team": "shop"},
        removal=Removal.delete_with_images(reason="preview environment, rebuilt nightly"),
    )
    found = only(app)
    assert found["DeletionPolicy"] == "Delete"
    assert found["UpdateReplacePolicy"] == "Delete"
    assert found["Metadata"]["ecr_constructs:removal"]["reason"].startswith("preview")
    properties = found["Properties"]
    assert properties["EmptyOnDelete"] is True
    assert properties["EncryptionConfiguration"]["EncryptionType"] == "KMS"
    assert properties["EncryptionConfiguration"]["KmsKey"]["Fn::GetAtt"][1] == "Arn"
    assert properties["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert [
        entry["ImageTagMutabilityExclusionFilterValue"]
        for entry in properties["ImageTagMutabilityExclusionFilters"]
    ] == ["latest", *COSIGN_TAGS]
    assert properties["ImageScanningConfiguration"] == {"ScanOnPush": False}
    assert properties["RepositoryName"] == "shop/api"
    assert properties["Tags"] == [{"Key": "team", "Value": "shop"}]
    assert properties["RepositoryPolicyText"]["Statement"][0]["Action"] == "ecr:DescribeImages"


def test_kinds_of_encryption(app, flags):
    gov = cdk.Stack(app, "Gov", env=cdk.Environment(account="111111111111", region="us-gov-west-1"))
    customer = kms.Key.from_key_arn(
        gov, "Elsewhere", "arn:aws-us-gov:kms:us-gov-west-1:222222222222:key/abc"
    )
    SecureRepository(gov, "Managed", encryption=Encryption.KMS)
    SecureRepository(gov, "Dual", encryption=Encryption.KMS_DSSE)
    SecureRepository(gov, "Both", encryption=Encryption.KMS_DSSE, encryption_key=customer)
    SecureRepository(gov, "Migrated", encryption=Encryption.AS_DEPLOYED)
    found = {
        logical_id[:-8]: resource["Properties"].get("EncryptionConfiguration")
        for logical_id, resource in resources(templates(app)["Gov"], KIND).items()
    }
    arn = "arn:aws-us-gov:kms:us-gov-west-1:222222222222:key/abc"
    assert found == {
        "Managed": {"EncryptionType": "KMS"},
        "Dual": {"EncryptionType": "KMS_DSSE"},
        "Both": {"EncryptionType": "KMS_DSSE", "KmsKey": arn},
        "Migrated": None,
    }


def test_modes_of_mutability(app, stack):
    SecureRepository(stack, "All", mutable_tags=MutableTags.all())
    SecureRepository(stack, "Except", mutable_tags=MutableTags.all_except("v*"))
    SecureRepository(stack, "None", mutable_tags=MutableTags.none())
    SecureRepository(stack, "Empty", mutable_tags=[])
    modes = [
        resource["Properties"]["ImageTagMutability"]
        for resource in resources(templates(app)["Shop"], KIND).values()
    ]
    assert modes == ["MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE", "IMMUTABLE"]


@pytest.mark.parametrize("name", ["a--b", "a__b", "shop/a---b"])
def test_names_that_the_plain_class_refuses(app, stack, name):
    other = cdk.Stack(
        app, "Reader", env=cdk.Environment(account="222222222222", region="us-east-1")
    )
    repository = SecureRepository(stack, "Api", repository_name=name)
    for home in (stack, other):
        cdk.CfnOutput(home, "Uri", value=repository.repository_uri_for_tag("v1"))
        cdk.CfnOutput(home, "Arn", value=repository.repository_arn)
        cdk.CfnOutput(home, "Name", value=repository.repository_name)
    found = templates(app)
    (properties,) = (resource["Properties"] for resource in resources(found["Shop"], KIND).values())
    assert properties["RepositoryName"] == name
    outputs = found["Reader"]["Outputs"]
    assert outputs["Name"]["Value"] == name
    arn = f"arn:aws:ecr:eu-west-1:111111111111:repository/{name}"
    assert outputs["Arn"]["Value"] == arn
    uri = outputs["Uri"]["Value"]["Fn::Join"][1]
    assert uri == ["111111111111.dkr.ecr.eu-west-1.", {"Ref": "AWS::URLSuffix"}, f"/{name}:v1"]


def test_lifecycle_rules_as_the_plain_class_takes_them(app, stack):
    repository = SecureRepository(stack, "Api")
    repository.add_lifecycle_rule(max_image_count=30, tag_prefix_list=["v"])
    repository.add_lifecycle_rule(max_image_age=cdk.Duration.days(90), tag_status=ecr.TagStatus.ANY)
    text = only(app)["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"]
    rules = json.loads(text)["rules"]
    assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged", "tagged", "any"]
    assert [rule["rulePriority"] for rule in rules] == [1, 2, 3]
    assert rules[1]["selection"]["tagPrefixList"] == ["v"]


def test_no_lifecycle_at_all(app, stack):
    SecureRepository(stack, "Api", lifecycle=[])
    assert "LifecyclePolicy" not in only(app)["Properties"]


BAD = {
    "upper case": ({"repository_name": "Shop/API"}, "repository_name", "shop/api"),
    "empty part": ({"repository_name": "shop//api"}, "repository_name", "shop/api"),
    "too short": ({"repository_name": "a"}, "repository_name", "2 to 256"),
    "a number": ({"repository_name": 7}, "repository_name", "string"),
    "a word for encryption": ({"encryption": "KMS"}, "encryption", "Encryption.KMS"),
    "dual layer": ({"encryption": Encryption.KMS_DSSE}, "encryption", "us-gov"),
    "six patterns": ({"mutable_tags": list("abcdef")}, "mutable_tags", "at most 5"),
    "three wildcards": ({"mutable_tags": ["*a*b*"]}, "mutable_tags", "at most 2"),
    "a slash in a tag": ({"mutable_tags": ["a/b"]}, "mutable_tags", "letters"),
    "one string": ({"mutable_tags": "latest"}, "mutable_tags", "['latest']"),
    "twice": ({"mutable_tags": ["a", "a"]}, "mutable_tags", "once"),
    "a dict as rule": ({"lifecycle": [{"rulePriority": 1}]}, "lifecycle", "LifecycleRule"),
    "one rule": ({"lifecycle": keep_last(3, tags="v*")}, "lifecycle", "list"),
    "two untagged rules": (
        {"lifecycle": [expire_untagged(after_days=5), expire_untagged(after_days=9)]},
        "lifecycle",
        "untagged",
    ),
    "one tag to expire": ({"may_expire": "v1"}, "may_expire", "['v1']"),
    "no list to expire": ({"may_expire": 7}, "may_expire", "not a list"),
    "a slash to expire": ({"may_expire": ["shop/api:v1"]}, "may_expire", "neither a tag"),
    "a short digest to expire": ({"may_expire": ["sha256:ab"]}, "may_expire", "whole digests"),
    "a token to expire": ({"may_expire": [cdk.Aws.STACK_NAME]}, "may_expire", "at deployment"),
    "a word for a flag": ({"scan_on_push": "false"}, "scan_on_push", "True or False"),
    "an empty tag": ({"tags": {"team": ""}}, "tags", "1 to 255"),
    "aws tag": ({"tags": {"aws:x": "y"}}, "tags", "aws:"),
    "51 tags": ({"tags": {f"k{number}": "v" for number in range(51)}}, "tags", "at most 50"),
    "a word for removal": ({"removal": "destroy"}, "removal", "Removal"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_our_error_with_the_fix(stack, case):
    options, option, hint = BAD[case]
    with pytest.raises(InvalidInputError) as caught:
        SecureRepository(stack, "Api", **options)
    error = caught.value
    assert error.construct_path == "Shop/Api"
    assert "[Shop/Api]" in str(error)
    assert error.findings[0].property == option
    assert hint in str(error)
    assert error.fix
    assert error.allowed
    # Nothing was made: the same id is free.
    SecureRepository(stack, "Api")


def test_a_key_of_another_region(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:us-east-1:111111111111:key/abc")
    with pytest.raises(InvalidInputError, match=r"Shop/Api.*us-east-1.*eu-west-1"):
        SecureRepository(stack, "Api", encryption_key=key)
    with pytest.raises(InvalidInputError, match="uses no key"):
        SecureRepository(stack, "Api", encryption_key=key, encryption=Encryption.AES_256)


def test_deletion_without_a_reason():
    for made in (Removal.delete_with_images, Removal.delete_when_empty):
        with pytest.raises(InvalidInputError, match="does not say why"):
            made(reason="no")


def test_uris_are_checked(stack):
    repository = SecureRepository(stack, "Api", repository_name="shop/api")
    digest = "sha256:" + "0" * 64
    assert repository.repository_uri_for_digest(digest).endswith("@" + digest)
    assert repository.repository_uri_for_tag_or_digest(digest).endswith("@" + digest)
    assert repository.repository_uri_for_tag_or_digest("v1").endswith(":v1")
    for wrong in ("a b", "-a", ":v1", "x" * 129):
        with pytest.raises(InvalidInputError, match=r"Shop/Api.*is not a tag"):
            repository.repository_uri_for_tag(wrong)
    for wrong in ("sha256:abc", "v1"):
        with pytest.raises(InvalidInputError, match=r"Shop/Api.*is not a digest"):
            repository.repository_uri_for_digest(wrong)
