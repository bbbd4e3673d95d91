"""The registry protocol: what a client of real ECR relies on."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from embedded_aws import Credentials, EmbeddedAws
from embedded_aws.registry_client import (
    BuiltImage,
    PushRefused,
    RegistryClient,
    digest_of,
    image,
    index,
)


@pytest.fixture
def ecr(embedded_aws: EmbeddedAws, fresh_account: str) -> Any:
    return embedded_aws.client("ecr", Credentials.root(fresh_account))


@pytest.fixture
def registry(embedded_aws: EmbeddedAws, fresh_account: str, ecr: Any) -> RegistryClient:
    ecr.create_repository(repositoryName="shop/api")
    root = Credentials.root(fresh_account)
    return embedded_aws.registry(fresh_account, "shop/api", credentials=root)


def details(ecr: Any) -> dict[str, dict[str, Any]]:
    found = ecr.describe_images(repositoryName="shop/api")["imageDetails"]
    return {detail["imageDigest"]: detail for detail in found}


def test_what_is_pushed_is_what_is_pulled_and_described(registry: RegistryClient, ecr: Any) -> None:
    pushed = image("one")
    answer = registry.push_image(pushed, "v1")
    assert answer.headers["docker-content-digest"] == pushed.digest
    assert registry.pull_image("v1") == pushed
    assert registry.pull_image(pushed.digest) == pushed
    head = registry.call("HEAD", "manifests/v1")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(pushed.manifest)
    detail = details(ecr)[pushed.digest]
    assert detail["imageTags"] == ["v1"]
    assert detail["imageSizeInBytes"] == sum(len(blob) for blob in pushed.blobs)
    assert detail["imageManifestMediaType"] == pushed.media_type
    assert detail["artifactMediaType"] == "application/vnd.oci.image.config.v1+json"
    assert "lastRecordedPullTime" in detail


def test_an_index_needs_its_children_and_protects_them(registry: RegistryClient, ecr: Any) -> None:
    amd, arm = image("amd64 layer"), image("a longer arm64 layer")
    both = index([amd, arm])
    missing = registry.put_manifest(both, "v1")
    assert (missing.status, missing.code) == (400, "MANIFEST_BLOB_UNKNOWN")
    assert amd.digest in missing.message
    assert arm.digest in missing.message
    for child in (amd, arm):
        registry.push_image(child)
    registry.push_image(both, "v1")
    assert registry.pull_image("v1") == both
    found = details(ecr)
    assert found[both.digest]["imageSizeInBytes"] == found[arm.digest]["imageSizeInBytes"]
    assert "artifactMediaType" not in found[both.digest]
    assert "imageTags" not in found[amd.digest]
    refused = ecr.batch_delete_image(
        repositoryName="shop/api", imageIds=[{"imageDigest": amd.digest}]
    )
    assert refused["failures"][0]["failureCode"] == "ImageReferencedByManifestList"
    assert registry.call("DELETE", f"manifests/{amd.digest}").status == 400
    assert registry.call("DELETE", f"manifests/{both.digest}").status == 202
    assert registry.call("DELETE", f"manifests/{amd.digest}").status == 202
    assert set(details(ecr)) == {arm.digest}


def test_referrers_are_found_by_their_subject(registry: RegistryClient, ecr: Any) -> None:
    subject = image("subject")
    registry.push_image(subject, "v1")
    sbom = image("sbom", subject=subject, artifactType="application/spdx+json")
    signature = image(
        "signature", subject=subject, artifactType="application/sig", annotations={"by": "ci"}
    )
    assert registry.push_image(sbom).headers["oci-subject"] == subject.digest
    registry.push_image(signature)
    everything = registry.call("GET", f"referrers/{subject.digest}")
    assert everything.headers["content-type"] == "application/vnd.oci.image.index.v1+json"
    found = {entry["digest"]: entry for entry in everything.document["manifests"]}
    assert set(found) == {sbom.digest, signature.digest}
    assert found[signature.digest]["annotations"] == {"by": "ci"}
    assert found[sbom.digest]["size"] == len(sbom.manifest)
    only = registry.call("GET", f"referrers/{subject.digest}?artifactType=application/sig")
    assert only.headers["oci-filters-applied"] == "artifactType"
    assert [entry["digest"] for entry in only.document["manifests"]] == [signature.digest]
    assert details(ecr)[sbom.digest]["subjectManifestDigest"] == subject.digest
    assert details(ecr)[sbom.digest]["artifactMediaType"] == "application/spdx+json"
    listed = ecr.list_image_referrers(
        repositoryName="shop/api", subjectId={"imageDigest": subject.digest}
    )["referrers"]
    assert {entry["digest"] for entry in listed} == set(found)
    nothing = registry.call("GET", f"referrers/{sbom.digest}")
    assert (nothing.status, nothing.document["manifests"]) == (200, [])


def test_a_subject_need_not_be_there_yet(registry: RegistryClient) -> None:
    subject = image("comes later")
    signature = image("early", subject=subject, artifactType="application/sig")
    registry.push_image(signature)
    found = registry.call("GET", f"referrers/{subject.digest}").document["manifests"]
    assert [entry["digest"] for entry in found] == [signature.digest]


@pytest.mark.parametrize(
    ("mode", "filters", "movable", "fixed"),
    [
        ("MUTABLE", [], ["latest", "v1"], []),
        ("IMMUTABLE", [], [], ["latest", "v1"]),
        ("IMMUTABLE_WITH_EXCLUSION", ["latest", "pr-*"], ["latest", "pr-7"], ["v1", "latest2"]),
        ("MUTABLE_WITH_EXCLUSION", ["v*"], ["latest"], ["v1", "v2.0"]),
    ],
)
def test_tag_mutability_holds_on_both_roads(
    registry: RegistryClient,
    ecr: Any,
    mode: str,
    filters: list[str],
    movable: list[str],
    fixed: list[str],
) -> None:
    named = [{"filterType": "WILDCARD", "filter": pattern} for pattern in filters]
    more = {"imageTagMutabilityExclusionFilters": named} if named else {}
    ecr.put_image_tag_mutability(repositoryName="shop/api", imageTagMutability=mode, **more)
    first, second, third = image("first"), image("second"), image("third")
    for tag in movable + fixed:
        registry.push_image(first, tag)
    registry.push_image(second, "other")
    registry.push_image(third, "another")
    for tag in movable:
        registry.push_image(second, tag)
        assert registry.pull_image(tag) == second
        put_image(ecr, third, tag)
        assert registry.pull_image(tag) == third
    for tag in fixed:
        with pytest.raises(PushRefused, match="cannot be overwritten") as refused:
            registry.push_image(second, tag)
        assert (refused.value.answer.status, refused.value.answer.code) == (400, "TAG_INVALID")
        with pytest.raises(ecr.exceptions.ImageTagAlreadyExistsException):
            put_image(ecr, second, tag)
        assert registry.pull_image(tag) == first
        # The same push again is no overwriting.
        registry.push_image(first, tag)


def put_image(ecr: Any, pushed: BuiltImage, tag: str) -> None:
    ecr.put_image(
        repositoryName="shop/api",
        imageManifest=pushed.manifest.decode(),
        imageManifestMediaType=pushed.media_type,
        imageTag=tag,
    )


def test_a_manifest_needs_its_layers(registry: RegistryClient) -> None:
    pushed = image("never uploaded")
    refused = registry.put_manifest(pushed, "v1")
    assert (refused.status, refused.code) == (400, "MANIFEST_BLOB_UNKNOWN")
    assert digest_of(pushed.blobs[1]) in refused.message


def test_content_must_match_its_digest(registry: RegistryClient) -> None:
    location = registry.call("POST", "blobs/uploads/").headers["location"]
    registry.call("PATCH", location, b"something")
    other = digest_of(b"something else")
    refused = registry.call("PUT", f"{location}?digest={other}")
    assert (refused.status, refused.code) == (400, "DIGEST_INVALID")
    pushed = image("one")
    for blob in pushed.blobs:
        registry.push_blob(blob)
    assert registry.put_manifest(pushed, other).code == "DIGEST_INVALID"
    broken = replace(pushed, manifest=b"{}")
    assert registry.put_manifest(broken, "v1").code == "MANIFEST_INVALID"


def test_an_unknown_repository_is_named(registry: RegistryClient, fresh_account: str) -> None:
    registry.repository = "shop/none"
    refused = registry.call("GET", "manifests/v1")
    assert (refused.status, refused.code) == (404, "NAME_UNKNOWN")
    assert refused.message == (
        "The repository with name 'shop/none' does not exist in the registry with id "
        f"'{fresh_account}'"
    )


def test_tags_and_catalog_are_listed(registry: RegistryClient) -> None:
    for tag in ("b", "a", "c"):
        registry.push_image(image("same"), tag)
    assert registry.call("GET", "tags/list").document == {
        "name": "shop/api",
        "tags": ["a", "b", "c"],
    }
    assert registry.call("GET", "tags/list?n=1&last=a").document["tags"] == ["b"]
    assert registry.call("GET", "/v2/_catalog").document == {"repositories": ["shop/api"]}


def test_deleting_the_last_tag_deletes_the_image(registry: RegistryClient, ecr: Any) -> None:
    pushed = image("two tags")
    registry.push_image(pushed, "a")
    registry.push_image(pushed, "b")
    for tag, left in (("a", {pushed.digest}), ("b", set())):
        ecr.batch_delete_image(repositoryName="shop/api", imageIds=[{"imageTag": tag}])
        assert set(details(ecr)) == left


def test_blobs_are_mounted_where_the_account_allows_it(registry: RegistryClient, ecr: Any) -> None:
    pushed = image("mounted")
    registry.push_image(pushed, "v1")
    ecr.create_repository(repositoryName="shop/web")
    registry.repository = "shop/web"
    digest = digest_of(pushed.blobs[1])
    mount = f"blobs/uploads/?mount={digest}&from=shop/api"
    assert registry.call("POST", mount).status == 202
    ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")
    assert registry.call("POST", mount).status == 201
    assert registry.call("GET", f"blobs/{digest}").body == pushed.blobs[1]


class TestGate:
    """Nobody gets past `/v2/` without a token that holds."""

    @pytest.mark.parametrize(
        "password",
        [
            None,
            base64.b64encode(b"AWS:ministack-auth-token").decode(),
            base64.b64encode(b"AWS:made up").decode(),
            "not base64 at all",
        ],
    )
    def test_made_up_tokens_are_refused(
        self, registry: RegistryClient, password: str | None
    ) -> None:
        registry.push_image(image("secret"), "v1")
        registry.password = password
        for path in ("/v2/", "manifests/v1", "tags/list", "/v2/_catalog"):
            refused = registry.call("GET", path)
            assert refused.status == 401
            challenge = f'Basic realm="https://{registry.host}/",service="ecr.amazonaws.com"'
            assert refused.headers["www-authenticate"] == challenge
        with pytest.raises(PushRefused):
            registry.push_image(image("intruder"), "v2")

    def test_the_user_must_be_aws(self, registry: RegistryClient) -> None:
        _, _, word = base64.b64decode(registry.password or "").decode().partition(":")
        registry.password = base64.b64encode(f"me:{word}".encode()).decode()
        assert registry.call("GET", "/v2/").status == 401

    def test_a_token_is_bound_to_its_region(
        self, embedded_aws: EmbeddedAws, registry: RegistryClient, fresh_account: str
    ) -> None:
        registry.host = f"{fresh_account}.dkr.ecr.us-east-1.amazonaws.com"
        assert registry.call("GET", "/v2/").status == 401

    def test_the_dual_stack_name_is_the_same_registry(
        self, registry: RegistryClient, fresh_account: str
    ) -> None:
        registry.push_image(image("one"), "v1")
        registry.host = f"{fresh_account}.dkr-ecr.eu-west-1.on.aws"
        assert registry.pull_image("v1") == image("one")
