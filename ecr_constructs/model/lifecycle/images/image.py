"""The images of a repository, as ``aws ecr describe-images`` prints them."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

__all__ = ["Image", "ImageStatus"]

_INDEX_TYPES: Final = frozenset(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    )
)


class ImageStatus(str, enum.Enum):
    """Where ECR keeps an image (``imageStatus``)."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"
    ACTIVATING = "ACTIVATING"
    """On its way back from the archive, which takes up to 20 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image, with what a lifecycle policy looks at."""

    digest: str
    pushed_at: datetime
    tags: tuple[str, ...] = ()
    size_in_bytes: int = 0
    status: ImageStatus = ImageStatus.ACTIVE
    last_pulled_at: datetime | None = None
    archived_at: datetime | None = None
    activated_at: datetime | None = None
    """When it was last restored from the archive."""
    media_type: str | None = None
    subject: str | None = None
    """The digest of the image that this one is a reference artifact of."""
    repository: str | None = None

    @property
    def is_index(self) -> bool:
        """Whether it is a manifest list: one entry for several platforms."""
        return self.media_type in _INDEX_TYPES

    @property
    def storage_class(self) -> str:
        """The class as a preview prints it."""
        return "ARCHIVE" if self.status is ImageStatus.ARCHIVED else "STANDARD"

    def to_json(self) -> dict[str, object]:
        """The image as ``aws ecr describe-images`` prints it."""
        described: dict[str, object] = {}
        if self.repository is not None:
            described["repositoryName"] = self.repository
        described["imageDigest"] = self.digest
        if self.tags:
            described["imageTags"] = list(self.tags)
        described["imageSizeInBytes"] = self.size_in_bytes
        described["imagePushedAt"] = self.pushed_at.isoformat()
        for name, moment in (
            ("lastRecordedPullTime", self.last_pulled_at),
            ("lastArchivedAt", self.archived_at),
            ("lastActivatedAt", self.activated_at),
        ):
            if moment is not None:
                described[name] = moment.isoformat()
        if self.media_type is not None:
            described["imageManifestMediaType"] = self.media_type
        if self.subject is not None:
            described["subjectManifestDigest"] = self.subject
        described["imageStatus"] = self.status.value
        return described


def parents_of(manifests: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """For each digest the manifest lists that reference it."""
    parents: dict[str, list[str]] = {}
    for index, children in manifests.items():
        for child in children:
            if child != index:
                parents.setdefault(child, []).append(index)
    return parents
