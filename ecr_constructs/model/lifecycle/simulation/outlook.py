"""A look ahead: what a repository holds in some weeks under a policy.

ECR runs a policy within 24 hours of the moment at which an image meets it; here it runs once a
day, on what the days before have left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Final

from ..images.image import Image, ImageStatus
from ..policies.policy import number
from ..rules.rule import LifecycleRule
from .pushes import Pushes, PushRate, repeated
from .simulator import simulate

__all__ = ["Forecast", "look_ahead"]

DAYS_AHEAD: Final = (7, 30, 90)
_GIB: Final = 2**30


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a repository holds after some days.

    The size is the sum of the images' own sizes, as ``describe-images`` gives them: a layer that
    several images share is counted for each.
    """

    days: int
    images: int
    """In standard storage."""
    size_in_bytes: int
    archived_images: int
    archived_size_in_bytes: int
    expired_images: int
    """Deleted since now."""

    @property
    def gib(self) -> float:
        """The size in standard storage, in GiB."""
        return self.size_in_bytes / _GIB

    @property
    def archived_gib(self) -> float:
        """The size in the archive, in GiB."""
        return self.archived_size_in_bytes / _GIB

    def to_json(self) -> dict[str, object]:
        """The forecast as scripts read it."""
        return {
            "days": self.days,
            "images": self.images,
            "gib": round(self.gib, 3),
            "archivedImages": self.archived_images,
            "archivedGib": round(self.archived_gib, 3),
            "expiredImages": self.expired_images,
        }


def look_ahead(
    policy: Iterable[LifecycleRule],
    images: Iterable[Image] = (),
    *,
    rates: Iterable[PushRate] = (),
    repeat_days: int = 0,
    at: datetime | None = None,
    days: Sequence[int] = DAYS_AHEAD,
    manifests: Mapping[str, Iterable[str]] | None = None,
) -> tuple[Forecast, ...]:
    """What is kept after each of these days.

    :param images: what is there now.
    :param rates: what is pushed from now on, at which rate.
    :param repeat_days: push again and again what was pushed in so many days before now.
    :param at: now, with a time zone; by default the real one.
    """
    now = datetime.now(timezone.utc) if at is None else at
    rules = number(policy)
    present = tuple(images)
    last = max(days, default=0)
    coming: list[Pushes] = list(rates)
    lists = dict(manifests or {})
    if repeat_days > 0:
        again = repeated(present, rules, now, repeat_days)
        coming.append(again)
        lists.update(again.lists(lists, last))
    repository = _Repository(rules, present, coming, lists)
    forecasts = {}
    for day in range(1, last + 1):
        repository.pass_day(now + timedelta(days=day - 1))
        forecasts[day] = repository.forecast(day)
    return tuple(forecasts[day] for day in days if day in forecasts)


class _Repository:
    """The images that are left, day after day."""

    def __init__(
        self,
        rules: Sequence[LifecycleRule],
        images: Iterable[Image],
        coming: Sequence[Pushes],
        manifests: Mapping[str, Iterable[str]],
    ) -> None:
        self._rules = rules
        self._images = {image.digest: image for image in images}
        self._owners = {tag: image.digest for image in self._images.values() for tag in image.tags}
        self._coming = coming
        self._manifests = manifests
        self._expired = 0

    def pass_day(self, begin: datetime) -> None:
        end = begin + timedelta(days=1)
        for pushes in self._coming:
            for image in pushes.between(begin, end):
                self._push(image)
        preview = simulate(self._rules, self._images.values(), at=end, manifests=self._manifests)
        for image in preview.transitioning:
            self._images[image.digest] = replace(
                image, status=ImageStatus.ARCHIVED, archived_at=end
            )
        for image in preview.expiring:
            del self._images[image.digest]
            self._expired += 1

    def forecast(self, days: int) -> Forecast:
        images = self._images.values()
        archived = [image for image in images if image.status is ImageStatus.ARCHIVED]
        archived_size = sum(image.size_in_bytes for image in archived)
        return Forecast(
            days=days,
            images=len(images) - len(archived),
            size_in_bytes=sum(image.size_in_bytes for image in images) - archived_size,
            archived_images=len(archived),
            archived_size_in_bytes=archived_size,
            expired_images=self._expired,
        )

    def _push(self, image: Image) -> None:
        for tag in image.tags:
            # A tag that is pushed again moves, and the image before it loses it.
            owner = self._images.get(self._owners.get(tag, ""))
            if owner is not None:
                left = tuple(other for other in owner.tags if other != tag)
                self._images[owner.digest] = replace(owner, tags=left)
            self._owners[tag] = image.digest
        self._images[image.digest] = image
