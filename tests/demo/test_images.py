"""The images are what OCI says images are."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile

import pytest

from demo.images import EMPTY, SBOM, Artifact, Content, bill_of_materials, digest_of, image


def document(content: Content) -> dict[str, object]:
    read = json.loads(content.data)
    assert isinstance(read, dict)
    return read


def files(layer: Content) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(layer.data))) as archive:
        found = {}
        for member in archive.getmembers():
            held = archive.extractfile(member)
            assert held is not None
            found[member.name] = held.read().decode()
        return found


def parts(artifact: Artifact) -> tuple[dict[str, object], list[Content]]:
    config, *layers = artifact.blobs
    return document(config), layers


def test_the_same_text_is_the_same_digest_and_another_text_another() -> None:
    assert image("one") == image("one")
    assert image("one").digest != image("two").digest


def test_the_index_names_each_platform_with_its_manifest() -> None:
    built = image("one")
    entries = json.loads(built.index.data)["manifests"]

    assert [entry["platform"] for entry in entries] == [
        {"architecture": "amd64", "os": "linux"},
        {"architecture": "arm64", "os": "linux"},
    ]
    assert [entry["digest"] for entry in entries] == [made.digest for made in built.platforms]
    assert [entry["size"] for entry in entries] == [
        len(made.manifest.data) for made in built.platforms
    ]


@pytest.mark.parametrize(("place", "architecture"), list(enumerate(("amd64", "arm64"))))
def test_a_platform_unpacks_to_what_its_config_says(place: int, architecture: str) -> None:
    platform = image("hello").platforms[place]
    config, layers = parts(platform)

    assert config["architecture"] == architecture
    assert config["rootfs"] == {
        "type": "layers",
        "diff_ids": [digest_of(gzip.decompress(layer.data)) for layer in layers],
    }
    assert files(layers[0]) == {"etc/motd": "hello"}
    assert files(layers[1]) == {"etc/platform": f"linux/{architecture}"}


def test_a_manifest_describes_each_blob_by_digest_and_size() -> None:
    for platform in image("hello").platforms:
        manifest = json.loads(platform.manifest.data)
        described = [manifest["config"], *manifest["layers"]]

        assert [entry["digest"] for entry in described] == [
            f"sha256:{hashlib.sha256(blob.data).hexdigest()}" for blob in platform.blobs
        ]
        assert [entry["size"] for entry in described] == [len(blob.data) for blob in platform.blobs]


def test_the_size_counts_what_platforms_share_once() -> None:
    built = image("hello")
    shared = built.platforms[0].blobs[1]

    assert built.platforms[1].blobs[1] == shared
    assert built.size == (
        len(built.index.data)
        + sum(len(made.manifest.data) for made in built.platforms)
        + sum(len(blob.data) for made in built.platforms for blob in made.blobs)
        - len(shared.data)
    )


def test_an_sbom_refers_to_its_subject() -> None:
    subject = image("hello").index
    bill = bill_of_materials(subject)
    manifest = document(bill.manifest)

    assert manifest["artifactType"] == SBOM
    assert manifest["subject"] == {
        "mediaType": subject.media_type,
        "digest": subject.digest,
        "size": len(subject.data),
    }
    assert [blob.media_type for blob in bill.blobs] == [EMPTY, SBOM]
    assert document(bill.blobs[1])["name"] == f"image {subject.digest}"
