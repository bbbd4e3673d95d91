"""The registry client against the embedded registry, and beside a client that is not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import oras.client  # type: ignore[import-untyped]
import pytest

from demo.cast import Actor, Cast
from demo.images import MANIFEST, Artifact, Content, bill_of_materials, image
from demo.registry import Answer, BrokenContentError, Login, Registry, RegistryRefusedError
from demo.shop import REGION
from embedded_aws import EmbeddedAws

REPOSITORY = "team/app"


@dataclass(frozen=True)
class Place:
    """A registry with an empty repository, and its owner."""

    host: str
    cast: Cast
    owner: Actor

    def connect(self, login: Login | None) -> Registry:
        connected = self.cast.registry(self.host, login or Login("AWS", "made-up"))
        return replace(connected, login=login)


@pytest.fixture
def place(embedded_aws: EmbeddedAws, fresh_account: str) -> Place:
    cast = Cast(embedded_aws)
    owner = cast.root(fresh_account)
    owner.client("ecr").create_repository(repositoryName=REPOSITORY, imageTagMutability="IMMUTABLE")
    return Place(f"{fresh_account}.dkr.ecr.{REGION}.amazonaws.com", cast, owner)


@pytest.fixture
def registry(place: Place) -> Iterator[Registry]:
    with closing(place.connect(place.owner.login())) as connected:
        yield connected


class LyingRegistry(Registry):
    """Answers everything with the same wrong bytes."""

    def _request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...],
    ) -> Answer:
        return Answer(expect[0], {"content-type": MANIFEST}, b"{}")


def test_what_is_pulled_is_what_was_pushed(registry: Registry) -> None:
    pushed = image("hello")

    assert registry.push_image(REPOSITORY, pushed, "v1", "v1.0") == pushed.digest
    assert registry.pull_image(REPOSITORY, "v1") == pushed
    assert registry.pull_image(REPOSITORY, "v1.0") == pushed
    assert registry.pull_image(REPOSITORY, pushed.digest) == pushed


def test_a_second_push_of_the_same_image_is_accepted(registry: Registry) -> None:
    registry.push_image(REPOSITORY, image("hello"))
    assert registry.push_image(REPOSITORY, image("hello"), "v1") == image("hello").digest


def test_ecr_describes_what_was_pushed(registry: Registry, place: Place) -> None:
    pushed = image("hello")
    registry.push_image(REPOSITORY, pushed, "v1")
    answer = place.owner.client("ecr").describe_images(repositoryName=REPOSITORY)

    tags = {found["imageDigest"]: found.get("imageTags") for found in answer["imageDetails"]}
    assert tags == {pushed.digest: ["v1"], **{part.digest: None for part in pushed.platforms}}


def test_an_artifact_is_found_from_its_subject(registry: Registry) -> None:
    subject = image("hello")
    bill = bill_of_materials(subject.index)
    registry.push_image(REPOSITORY, subject, "v1")
    assert registry.referrers(REPOSITORY, subject.digest) == []

    assert registry.push_artifact(REPOSITORY, bill) == bill.digest
    assert registry.referrers(REPOSITORY, subject.digest) == [bill.digest]


def test_a_refusal_has_the_words_of_the_registry(registry: Registry) -> None:
    registry.push_image(REPOSITORY, image("one"), "v1")
    with pytest.raises(RegistryRefusedError, match="tag is immutable") as raised:
        registry.push_image(REPOSITORY, image("two"), "v1")
    assert raised.value.status == 400


def test_the_connection_can_be_used_after_a_refusal(registry: Registry) -> None:
    with pytest.raises(RegistryRefusedError, match="404"):
        registry.pull_image(REPOSITORY, "absent")
    registry.push_image(REPOSITORY, image("one"), "v1")
    assert registry.pull_image(REPOSITORY, "v1") == image("one")


@pytest.mark.parametrize("login", [None, Login("AWS", "made-up")], ids=["none", "made up"])
def test_nobody_gets_in_without_a_token(place: Place, login: Login | None) -> None:
    with closing(place.connect(login)) as stranger:
        with pytest.raises(RegistryRefusedError) as pulling:
            stranger.pull_image(REPOSITORY, "v1")
        with pytest.raises(RegistryRefusedError) as pushing:
            stranger.push_image(REPOSITORY, image("hello"), "v1")
    assert (pulling.value.status, pushing.value.status) == (401, 401)


def test_an_index_without_its_platforms_is_refused(registry: Registry) -> None:
    with pytest.raises(RegistryRefusedError):
        registry.push_manifest(REPOSITORY, image("hello").index, "v1")


def test_a_host_outside_aws_is_not_reached(place: Place) -> None:
    elsewhere = replace(place, host="registry.example.com")
    with closing(elsewhere.connect(None)) as registry, pytest.raises(OSError, match="403"):
        registry.pull_image(REPOSITORY, "v1")


def test_bytes_that_the_digest_does_not_name_are_refused(place: Place) -> None:
    wanted = image("hello")
    liar = LyingRegistry(place.host, ("127.0.0.1", 1), "", None)
    with pytest.raises(BrokenContentError, match=wanted.digest):
        liar.manifest(REPOSITORY, wanted.digest)
    layer = wanted.platforms[0].blobs[1]
    with pytest.raises(BrokenContentError, match=layer.digest):
        liar.blob(REPOSITORY, {"digest": layer.digest, "mediaType": layer.media_type})


def test_an_artifact_without_its_subject_is_refused(place: Place) -> None:
    liar = LyingRegistry(place.host, ("127.0.0.1", 1), "", None)
    with pytest.raises(BrokenContentError, match="without its subject"):
        liar.push_artifact(REPOSITORY, bill_of_materials(image("hello").index))


def test_oras_pulls_what_our_client_pushed(
    registry: Registry,
    embedded_aws: EmbeddedAws,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    layer = Content("application/vnd.oci.image.layer.v1.tar", b"hello")
    config = Content("application/vnd.oci.empty.v1+json", b"{}")
    title = {"org.opencontainers.image.title": "hello.txt"}
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "text/plain",
        "config": config.descriptor(),
        "layers": [layer.descriptor(annotations=title)],
    }
    pushed = Content(MANIFEST, json.dumps(manifest).encode())
    registry.push_artifact(REPOSITORY, Artifact(pushed, (config, layer)))
    monkeypatch.setenv("HTTPS_PROXY", embedded_aws.proxy)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(embedded_aws.ca_file))
    assert registry.login is not None

    client = oras.client.OrasClient(hostname=registry.host, auth_backend="basic")
    client.auth.set_basic_auth(registry.login.user, registry.login.password)
    files = client.pull(
        target=f"{registry.host}/{REPOSITORY}@{pushed.digest}", outdir=str(tmp_path)
    )

    assert [Path(file).read_bytes() for file in files] == [b"hello"]
