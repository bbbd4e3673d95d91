"""Images as `aws ecr describe-images` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from tests.reference.lifecycle.readings import Reading


def moment(value: Any) -> datetime | None:
    """API, ImageDetail: a "standard JavaScript date"; the command prints ISO 8601 or seconds."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value[:-1] + "+00:00" if value.endswith("Z") else value
        parsed = datetime.fromisoformat(text)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
    return datetime.fromtimestamp(value, tz=timezone.utc)


@dataclass(frozen=True)
class Image:
    """What the pages speak of, under the names that the pages use."""

    digest: str
    tags: tuple[str, ...]
    pushed_at_time: datetime
    last_recorded_pulltime: datetime | None
    last_archived_at: datetime | None
    last_activated_at: datetime | None
    status: str
    subject: str | None

    @classmethod
    def described(cls, detail: Mapping[str, Any]) -> Image:
        pushed = moment(detail["imagePushedAt"])
        if pushed is None:
            raise ValueError(f"{detail['imageDigest']} was pushed at no time")
        return cls(
            digest=detail["imageDigest"],
            tags=tuple(detail.get("imageTags") or ()),
            pushed_at_time=pushed,
            last_recorded_pulltime=moment(detail.get("lastRecordedPullTime")),
            last_archived_at=moment(detail.get("lastArchivedAt")),
            last_activated_at=moment(detail.get("lastActivatedAt")),
            status=detail.get("imageStatus") or "ACTIVE",
            subject=detail.get("subjectManifestDigest"),
        )

    def storage_classes(self, reading: Reading) -> frozenset[str]:
        """API, ImageStatus: ACTIVE, ARCHIVED or ACTIVATING. ARCH: an archived image "is moved to
        the archival storage class"; of one that is being restored, see the reading.
        """
        if self.status == "ACTIVATING":
            both = frozenset({"standard", "archive"})
            return both if reading.activating == "both" else frozenset({reading.activating})
        return frozenset({"archive" if self.status == "ARCHIVED" else "standard"})


def described_images(document: Any) -> list[Image]:
    details: Iterable[Mapping[str, Any]] = (
        document["imageDetails"] if isinstance(document, Mapping) else document
    )
    return [Image.described(detail) for detail in details]
