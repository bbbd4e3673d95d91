"""Reading image manifests and indexes: what they are, and what they refer to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
INDEX_TYPES = frozenset({OCI_INDEX, DOCKER_LIST})
MANIFEST_TYPES = frozenset({OCI_MANIFEST, DOCKER_MANIFEST}) | INDEX_TYPES
# The config of an artifact that has none: its artifactType says what it is instead.
EMPTY_CONFIG = "application/vnd.oci.empty.v1+json"


class ManifestInvalid(ValueError):
    """The bytes are not a manifest that a registry can keep."""


@dataclass(frozen=True)
class Descriptor:
    """A pointer from one document of the registry to another."""

    digest: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Manifest:
    """A manifest or an index, as far as a registry has to understand it."""

    raw: bytes
    digest: str
    media_type: str
    blobs: tuple[Descriptor, ...] = ()
    children: tuple[Descriptor, ...] = ()
    subject: Descriptor | None = None
    artifact_type: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_index(self) -> bool:
        return self.media_type in INDEX_TYPES

    @property
    def own_size(self) -> int:
        """The bytes of the config and the layers that this manifest names."""
        return sum(blob.size for blob in self.blobs)


def content_digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def parse_manifest(raw: bytes, declared_type: str | None) -> Manifest:
    """The manifest in *raw*; *declared_type* is what the client called it, if it did."""
    try:
        document = json.loads(raw)
    except ValueError as error:
        raise ManifestInvalid("the manifest is not JSON") from error
    if not isinstance(document, dict) or document.get("schemaVersion") != 2:
        raise ManifestInvalid("the manifest has no schemaVersion 2")
    media_type = _media_type(document, declared_type)
    try:
        return _read(raw, document, media_type)
    except (KeyError, TypeError, ValueError) as error:
        raise ManifestInvalid(f"the manifest has a malformed descriptor ({error!r})") from error


def _media_type(document: Mapping[str, Any], declared_type: str | None) -> str:
    written = document.get("mediaType")
    if written and declared_type and written != declared_type:
        raise ManifestInvalid(
            f"the manifest says mediaType {written}, the request says {declared_type}"
        )
    media_type = written or declared_type or _guess(document)
    if media_type not in MANIFEST_TYPES:
        raise ManifestInvalid(f"unsupported manifest media type {media_type}")
    return str(media_type)


def _guess(document: Mapping[str, Any]) -> str:
    return OCI_INDEX if "manifests" in document else OCI_MANIFEST


def _read(raw: bytes, document: Mapping[str, Any], media_type: str) -> Manifest:
    if media_type in INDEX_TYPES:
        blobs: tuple[Descriptor, ...] = ()
        children = _descriptors(document["manifests"])
        artifact_type = document.get("artifactType")
    else:
        config = _descriptor(document["config"])
        blobs = (config, *_descriptors(document["layers"]))
        children = ()
        artifact_type = document.get("artifactType") or config.media_type
        if config.media_type == EMPTY_CONFIG and not document.get("artifactType"):
            raise ManifestInvalid("an artifact with an empty config needs an artifactType")
    subject = document.get("subject")
    return Manifest(
        raw=raw,
        digest=content_digest(raw),
        media_type=media_type,
        blobs=blobs,
        children=children,
        subject=_descriptor(subject) if subject else None,
        artifact_type=artifact_type,
        annotations=dict(document.get("annotations") or {}),
    )


def _descriptors(entries: Iterable[Mapping[str, Any]]) -> tuple[Descriptor, ...]:
    return tuple(_descriptor(entry) for entry in entries)


def _descriptor(entry: Mapping[str, Any]) -> Descriptor:
    digest = str(entry["digest"])
    if not digest.startswith("sha256:") or len(digest) != 71:
        raise ValueError(f"not a sha256 digest: {digest}")
    return Descriptor(digest, int(entry["size"]), str(entry.get("mediaType", "")))
