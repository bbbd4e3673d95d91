"""The ECR API beside what the other files look at: validation, paging, layers, settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from embedded_aws import hooks
from embedded_aws.account import Account
from embedded_aws.ecr.images import ImageOperations
from embedded_aws.ecr.layers import LayerOperations
from embedded_aws.ecr.model import Registries
from embedded_aws.ecr.mutability import TagMutability
from embedded_aws.ecr.paths import RegistryPath, registry_of_host, registry_path
from embedded_aws.ecr.registry_settings import RegistryOperations, RegistryRuleOperations
from embedded_aws.ecr.repositories import RepositoryOperations
from embedded_aws.registry_client import digest_of, image

LIFECYCLE = json.dumps({"rules": [{"rulePriority": 1, "description": "x" * 90}]})


@pytest.fixture
def ecr(account: Account) -> Any:
    return account.client("ecr")


def code_of(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**given)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"repositoryName": "UPPER"}, "'repositoryName' failed to satisfy constraint: 'must satis"),
        ({"repositoryName": "a" * 257}, "must have length less than or equal to 256"),
        ({"repositoryName": "-x"}, "regular expression"),
        ({"repositoryName": "ok", "imageTagMutability": "SOMETIMES"}, "enum value set"),
        (
            {"repositoryName": "ok", "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"},
            "need at least one",
        ),
        (
            {
                "repositoryName": "ok",
                "imageTagMutability": "IMMUTABLE",
                "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "a"}],
            },
            "exclusion filters go with",
        ),
    ],
)
def test_what_the_model_does_not_allow(ecr: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ecr.exceptions.InvalidParameterException) as caught:
        ecr.create_repository(**given)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["a--b", "a__b", "1/2", "a.b-c_d/e"])
def test_names_that_ecr_takes(ecr: Any, name: str) -> None:
    created = ecr.create_repository(repositoryName=name)["repository"]
    assert created["repositoryName"] == name
    assert created["repositoryArn"].endswith(f":repository/{name}")
    assert code_of(ecr.create_repository, repositoryName=name) == "RepositoryAlreadyExistsException"


def test_regions_are_separate(account: Account, ecr: Any) -> None:
    ecr.create_repository(repositoryName="shop/api")
    elsewhere = account.aws.client("ecr", account.root, region="us-east-1")
    assert elsewhere.describe_repositories()["repositories"] == []
    created = elsewhere.create_repository(repositoryName="shop/api")["repository"]
    assert ":us-east-1:" in created["repositoryArn"]
    assert ".us-east-1." in created["repositoryUri"]


def test_pages(ecr: Any) -> None:
    names = [f"repository-{number}" for number in range(5)]
    for name in names:
        ecr.create_repository(repositoryName=name)
    pages = ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 2})
    sizes = [[one["repositoryName"] for one in page["repositories"]] for page in pages]
    assert sizes == [names[:2], names[2:4], names[4:]]


def test_policies_and_lifecycles_come_and_go(ecr: Any) -> None:
    name = {"repositoryName": "shop/api"}
    assert code_of(ecr.get_repository_policy, **name) == "RepositoryNotFoundException"
    ecr.create_repository(**name)
    assert code_of(ecr.get_repository_policy, **name) == "RepositoryPolicyNotFoundException"
    assert code_of(ecr.get_lifecycle_policy, **name) == "LifecyclePolicyNotFoundException"
    assert code_of(ecr.set_repository_policy, policyText="{}", **name) == (
        "InvalidParameterException"
    )
    text = json.dumps({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "ecr:*"}})
    ecr.set_repository_policy(policyText=text, **name)
    assert ecr.get_repository_policy(**name)["policyText"] == text
    assert ecr.delete_repository_policy(**name)["policyText"] == text
    ecr.put_lifecycle_policy(lifecyclePolicyText=LIFECYCLE, **name)
    assert ecr.get_lifecycle_policy(**name)["lifecyclePolicyText"] == LIFECYCLE
    ecr.delete_lifecycle_policy(**name)
    assert code_of(ecr.get_lifecycle_policy, **name) == "LifecyclePolicyNotFoundException"


def test_a_policy_names_only_who_exists(account: Account, other_account: Account, ecr: Any) -> None:
    ecr.create_repository(repositoryName="shop/api")

    def outcome(principal: str) -> bool:
        text = json.dumps(
            {
                "Statement": [
                    {"Effect": "Allow", "Principal": {"AWS": [principal]}, "Action": "ecr:*"}
                ]
            }
        )
        try:
            ecr.set_repository_policy(repositoryName="shop/api", policyText=text)
        except ecr.exceptions.InvalidParameterException:
            return False
        return True

    for owner in (account, other_account):
        assert not outcome(owner.role_arn("later"))
        owner.create_role("later")
        assert outcome(owner.role_arn("later"))
    user = f"arn:aws:iam::{account.id}:user/later"
    assert not outcome(user)
    account.user("later")
    assert outcome(user)
    assert outcome("999999999999")
    assert outcome("arn:aws:iam::999999999999:root")


def test_layers_by_the_api(account: Account, ecr: Any) -> None:
    name = {"repositoryName": "shop/api"}
    ecr.create_repository(**name)
    built = image("by the api")
    for blob in built.blobs:
        upload = ecr.initiate_layer_upload(**name)["uploadId"]
        half = len(blob) // 2
        for first, last in ((0, half - 1), (half, len(blob) - 1)):
            ecr.upload_layer_part(
                uploadId=upload,
                partFirstByte=first,
                partLastByte=last,
                layerPartBlob=blob[first : last + 1],
                **name,
            )
        digests = [digest_of(blob)]
        assert code_of(
            ecr.complete_layer_upload, uploadId=upload, layerDigests=["sha256:" + "0" * 64], **name
        ) == ("InvalidLayerException")
        ecr.complete_layer_upload(uploadId=upload, layerDigests=digests, **name)
        checked = ecr.batch_check_layer_availability(layerDigests=digests, **name)["layers"]
        assert (checked[0]["layerAvailability"], checked[0]["layerSize"]) == (
            "AVAILABLE",
            len(blob),
        )
    ecr.put_image(imageManifest=built.manifest.decode(), imageTag="v1", **name)
    assert code_of(ecr.put_image, imageManifest=built.manifest.decode(), imageTag="v1", **name) == (
        "ImageAlreadyExistsException"
    )
    registry = account.aws.registry(account.id, "shop/api", credentials=account.root)
    assert registry.pull_image("v1") == built
    url = ecr.get_download_url_for_layer(layerDigest=digest_of(built.blobs[1]), **name)
    assert url["downloadUrl"].startswith(f"https://{registry.host}/v2/shop/api/blobs/sha256:")


def test_images_that_are_not_there(ecr: Any) -> None:
    name = {"repositoryName": "shop/api"}
    ecr.create_repository(**name)
    ids = [{"imageTag": "v1"}]
    assert code_of(ecr.describe_images, imageIds=ids, **name) == "ImageNotFoundException"
    found = ecr.batch_get_image(imageIds=ids, **name)
    assert found["images"] == []
    assert found["failures"][0]["failureCode"] == "ImageNotFound"


def test_settings_of_an_account(ecr: Any) -> None:
    assert ecr.get_account_setting(name="BLOB_MOUNTING")["value"] == "DISABLED"
    ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")
    assert ecr.get_account_setting(name="BLOB_MOUNTING")["value"] == "ENABLED"
    clair = {"name": "BASIC_SCAN_TYPE_VERSION", "value": "CLAIR"}
    assert code_of(ecr.put_account_setting, **clair) == "InvalidParameterException"


def test_rules_and_templates(ecr: Any) -> None:
    rule = {"ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io"}
    ecr.create_pull_through_cache_rule(**rule)
    assert code_of(ecr.create_pull_through_cache_rule, **rule) == (
        "PullThroughCacheRuleAlreadyExistsException"
    )
    ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="quay")
    assert code_of(ecr.delete_pull_through_cache_rule, ecrRepositoryPrefix="quay") == (
        "PullThroughCacheRuleNotFoundException"
    )
    ecr.create_repository_creation_template(prefix="ROOT", appliedFor=["CREATE_ON_PUSH"])
    ecr.update_repository_creation_template(prefix="ROOT", description="all the rest")
    (template,) = ecr.describe_repository_creation_templates()["repositoryCreationTemplates"]
    assert (template["prefix"], template["description"]) == ("ROOT", "all the rest")
    assert template["appliedFor"] == ["CREATE_ON_PUSH"]


def test_what_is_not_emulated_says_so(ecr: Any) -> None:
    name = {"repositoryName": "shop/api"}
    ecr.create_repository(**name)
    with pytest.raises(ClientError, match="the embedded AWS does not emulate StartLifecycle"):
        ecr.start_lifecycle_policy_preview(**name)


def test_every_operation_is_emulated_or_listed_as_not() -> None:
    """The README's list of what is missing is the truth."""
    emulated = {
        "GetAuthorizationToken",
        *RepositoryOperations(Registries()).operations(),
        *ImageOperations().operations(),
        *LayerOperations().operations(),
        *RegistryOperations().operations(),
        *RegistryRuleOperations().operations(),
    }
    model = botocore.session.Session().get_service_model("ecr")
    assert emulated <= set(model.operation_names)
    readme = Path(hooks.__file__).with_name("README.md").read_text()
    for missing in set(model.operation_names) - emulated:
        assert f"`{missing}`" in readme


@pytest.mark.parametrize(
    ("pattern", "tag", "matches"),
    [
        ("latest", "latest", True),
        ("latest", "latest2", False),
        ("pr-*", "pr-7", True),
        ("pr-*", "xpr-7", False),
        ("*-dev-*", "a-dev-b", True),
        ("v1.*", "v10", False),
    ],
)
def test_exclusion_filters(pattern: str, tag: str, matches: bool) -> None:
    mutability = TagMutability("IMMUTABLE_WITH_EXCLUSION", (pattern,))
    assert mutability.allows_overwriting(tag) is matches
    assert (
        TagMutability("MUTABLE_WITH_EXCLUSION", (pattern,)).allows_overwriting(tag) is not matches
    )


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        ("/v2/", RegistryPath("ping")),
        ("/v2/a/b/manifests/v1", RegistryPath("manifest", "a/b", "v1")),
        ("/v2/a/blobs/uploads/", RegistryPath("uploads", "a")),
        ("/v2/a/blobs/uploads/1-2", RegistryPath("upload", "a", "1-2")),
        ("/v2/a/blobs/uploads/manifests/v1", RegistryPath("manifest", "a/blobs/uploads", "v1")),
        ("/v2/tags/tags/list", RegistryPath("tags", "tags")),
        ("/v2/apis/abc", None),
        ("/v2/email/identities", None),
    ],
)
def test_paths(path: str, meaning: RegistryPath | None) -> None:
    assert registry_path(path) == meaning


@pytest.mark.parametrize(
    ("host", "registry"),
    [
        ("111111111111.dkr.ecr.eu-west-1.amazonaws.com", ("111111111111", "eu-west-1")),
        ("111111111111.dkr.ecr.eu-west-1.amazonaws.com:443", ("111111111111", "eu-west-1")),
        ("111111111111.dkr-ecr.eu-west-1.on.aws", ("111111111111", "eu-west-1")),
        ("ecr.eu-west-1.amazonaws.com", None),
        ("1.dkr.ecr.eu-west-1.amazonaws.com", None),
        ("127.0.0.1:4566", None),
    ],
)
def test_hosts(host: str, registry: tuple[str, str] | None) -> None:
    assert registry_of_host(host) == registry
