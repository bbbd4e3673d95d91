"""Small repositories for tests: images by letter, with tags and an age in days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from ecr_constructs.model.lifecycle import Image, Preview

AT = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


def ago(days: float) -> datetime:
    return AT - timedelta(days=days)


def image(name: str, days: float, *tags: str, **options: Any) -> Image:
    """An image pushed so many days ago."""
    return Image(digest=digest(name), pushed_at=ago(days), tags=tags, **options)


def digest(name: str) -> str:
    return f"sha256:{name}"


def names(images: Iterable[Image]) -> list[str]:
    return sorted(each.digest.removeprefix("sha256:") for each in images)


def expired(preview: Preview) -> list[str]:
    return names(preview.expiring)


def archived(preview: Preview) -> list[str]:
    return names(preview.transitioning)


def reasons(preview: Preview) -> dict[str, str]:
    return {
        outcome.image.digest.removeprefix("sha256:"): outcome.reason
        for outcome in (*preview.results, *preview.kept)
    }
