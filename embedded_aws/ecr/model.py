"""The state of the emulated registries. All of it lives in memory and dies with the process."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .errors import repository_not_found
from .manifests import Manifest
from .mutability import TagMutability


@dataclass(frozen=True)
class RegistryName:
    """A private registry: one for each account and Region."""

    account: str
    region: str

    @property
    def host(self) -> str:
        return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com"

    def repository_arn(self, name: str) -> str:
        return f"arn:aws:ecr:{self.region}:{self.account}:repository/{name}"


@dataclass
class Image:
    """A manifest that was pushed, with the tags that name it now."""

    manifest: Manifest
    pushed_at: float
    tags: list[str] = field(default_factory=list)
    last_pull: float | None = None

    @property
    def digest(self) -> str:
        return self.manifest.digest


@dataclass(frozen=True)
class Layer:
    """A blob of a repository."""

    content: bytes
    media_type: str = "application/octet-stream"


@dataclass
class Repository:
    """A repository and everything in it."""

    name: str
    registry: RegistryName
    mutability: TagMutability
    scan_on_push: bool
    encryption: dict[str, str]
    tags: dict[str, str]
    created_at: float = field(default_factory=time.time)
    policy: str | None = None
    lifecycle: str | None = None
    images: dict[str, Image] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return self.registry.repository_arn(self.name)

    @property
    def uri(self) -> str:
        return f"{self.registry.host}/{self.name}"

    def image_by_tag(self, tag: str) -> Image | None:
        return next((image for image in self.images.values() if tag in image.tags), None)

    def image_by_reference(self, reference: str) -> Image | None:
        """The image that a tag or a digest names."""
        if reference.startswith("sha256:"):
            return self.images.get(reference)
        return self.image_by_tag(reference)

    def indexes_with(self, digest: str) -> list[str]:
        """The indexes that name *digest* as a child."""
        return [
            image.digest
            for image in self.images.values()
            if any(child.digest == digest for child in image.manifest.children)
        ]

    def referrers_of(self, digest: str) -> list[Image]:
        return [
            image
            for image in self.images.values()
            if image.manifest.subject is not None and image.manifest.subject.digest == digest
        ]

    def begin_upload(self) -> str:
        upload = str(uuid.uuid4())
        self.uploads[upload] = bytearray()
        return upload


def _nothing_configured() -> dict[str, Any]:
    return {"scanType": "BASIC", "rules": []}


def _nothing_replicated() -> dict[str, Any]:
    return {"rules": []}


@dataclass
class Registry:
    """The repositories of one account and Region, and its registry-wide settings."""

    name: RegistryName
    repositories: dict[str, Repository] = field(default_factory=dict)
    policy: str | None = None
    scanning: dict[str, Any] = field(default_factory=_nothing_configured)
    replication: dict[str, Any] = field(default_factory=_nothing_replicated)
    signing: dict[str, Any] | None = None
    cache_rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    exclusions: dict[str, float] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def repository(self, name: str) -> Repository:
        """The repository called *name*, or ECR's refusal."""
        found = self.repositories.get(name)
        if found is None:
            raise repository_not_found(name, self.name.account)
        return found


class Registries:
    """All registries of this process, made when they are first asked for."""

    def __init__(self) -> None:
        self._registries: dict[RegistryName, Registry] = {}

    def get(self, account: str, region: str) -> Registry:
        name = RegistryName(account, region)
        return self._registries.setdefault(name, Registry(name))

    def __iter__(self) -> Iterator[Registry]:
        return iter(list(self._registries.values()))

    def repository_by_arn(self, arn: str) -> Repository | None:
        """The repository that an ARN names, whichever account and Region it is in."""
        parts = arn.split(":", 5)
        if len(parts) < 6 or parts[2] != "ecr" or not parts[5].startswith("repository/"):
            return None
        registry = self._registries.get(RegistryName(parts[4], parts[3]))
        if registry is None:
            return None
        return registry.repositories.get(parts[5].removeprefix("repository/"))
