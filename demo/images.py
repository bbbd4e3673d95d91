"""Builds small real OCI images: two platforms behind one index, and an artifact that refers to it.

Everything is made in memory and depends on its arguments only, so the digests that a registry
tells can be compared with digests that were computed before anything was sent.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
EMPTY = "application/vnd.oci.empty.v1+json"
SBOM = "application/spdx+json"

PLATFORMS = ("amd64", "arm64")


@dataclass(frozen=True)
class Content:
    """Bytes with a media type: a blob or the text of a manifest."""

    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        """The name that every registry gives these bytes."""
        return digest_of(self.data)

    def descriptor(self, **more: object) -> dict[str, object]:
        """How another manifest points to this content."""
        return {
            "mediaType": self.media_type,
            "digest": self.digest,
            "size": len(self.data),
            **more,
        }


@dataclass(frozen=True)
class Artifact:
    """A manifest with the blobs that it names."""

    manifest: Content
    blobs: tuple[Content, ...]

    @property
    def digest(self) -> str:
        """The digest of the manifest."""
        return self.manifest.digest


@dataclass(frozen=True)
class Image:
    """One image for several platforms: an index and the image of each platform."""

    index: Content
    platforms: tuple[Artifact, ...]

    @property
    def digest(self) -> str:
        """The digest of the index, which is the image's."""
        return self.index.digest

    @property
    def size(self) -> int:
        """All bytes that a push of this image sends, each content counted once."""
        contents = {self.index}
        for platform in self.platforms:
            contents |= {platform.manifest, *platform.blobs}
        return sum(len(content.data) for content in contents)


def digest_of(data: bytes) -> str:
    """The SHA-256 digest as OCI writes it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def image(text: str, *, platforms: Sequence[str] = PLATFORMS) -> Image:
    """Builds an image whose every platform holds `text`; another text is another digest."""
    shared = _layer({"etc/motd": text})
    built = tuple(_platform(architecture, shared) for architecture in platforms)
    index = {
        "schemaVersion": 2,
        "mediaType": INDEX,
        "manifests": [
            made.manifest.descriptor(platform={"architecture": architecture, "os": "linux"})
            for architecture, made in zip(platforms, built, strict=True)
        ],
    }
    return Image(index=_document(INDEX, index), platforms=built)


def bill_of_materials(subject: Content) -> Artifact:
    """Builds an SBOM that is attached to `subject` the way OCI 1.1 attaches artifacts."""
    nothing = Content(EMPTY, b"{}")
    bill = _document(
        SBOM,
        {
            "spdxVersion": "SPDX-2.3",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": f"image {subject.digest}",
            "dataLicense": "CC0-1.0",
            "packages": [{"SPDXID": "SPDXRef-motd", "name": "motd", "downloadLocation": "NONE"}],
        },
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": SBOM,
        "config": nothing.descriptor(),
        "layers": [bill.descriptor()],
        "subject": subject.descriptor(),
    }
    return Artifact(manifest=_document(MANIFEST, manifest), blobs=(nothing, bill))


def _platform(architecture: str, shared: tuple[Content, str]) -> Artifact:
    own = _layer({"etc/platform": f"linux/{architecture}"})
    layers = [shared, own]
    config = _document(
        CONFIG,
        {
            "architecture": architecture,
            "os": "linux",
            "config": {"Cmd": ["/bin/cat", "/etc/motd", "/etc/platform"]},
            "rootfs": {"type": "layers", "diff_ids": [unpacked for _, unpacked in layers]},
        },
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor(),
        "layers": [layer.descriptor() for layer, _ in layers],
    }
    return Artifact(
        manifest=_document(MANIFEST, manifest), blobs=(config, *(layer for layer, _ in layers))
    )


def _layer(files: Mapping[str, str]) -> tuple[Content, str]:
    """A layer and the digest of what it unpacks to, which the image's config has to name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.mode = 0o644
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    # Without a fixed time the same layer would have another digest a second later.
    return Content(LAYER, gzip.compress(packed.getvalue(), mtime=0)), digest_of(packed.getvalue())


def _document(media_type: str, document: Mapping[str, object]) -> Content:
    return Content(media_type, json.dumps(document, separators=(",", ":")).encode())
