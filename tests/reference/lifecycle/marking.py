"""Which of the images that a rule identifies it marks: the four count types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.reference.lifecycle.images import Image
from tests.reference.lifecycle.readings import Reading


def time_of_ordering(image: Image) -> datetime:
    """LP: "Expiration is always ordered by `pushed_at_time` [...]. If an image was archived and
    then restored at any point in the past, the image's `last_activated_at` is used instead of
    `pushed_at_time`." (The last line of the page repeats the first half without the second.)
    """
    return image.last_activated_at or image.pushed_at_time


def youngest_first(images: Sequence[Image]) -> list[Image]:
    return sorted(images, key=time_of_ordering, reverse=True)


def time_of_push(image: Image, reading: Reading) -> datetime:
    if reading.restored_age == "activated" and image.last_activated_at is not None:
        return image.last_activated_at
    return image.pushed_at_time


def time_of_pull(image: Image) -> datetime:
    pulled, restored = image.last_recorded_pulltime, image.last_activated_at
    # LP: "If an image was archived and then restored at any point in the past, but never pulled
    # since the image was restored, the image's `last_activated_at` is used instead".
    if restored is not None and (pulled is None or pulled < restored):
        return restored
    # LP: "If an image was never pulled, the image's `pushed_at_time` is used instead of the
    # `last_recorded_pulltime`."
    if pulled is None:
        return image.pushed_at_time
    return pulled


def time_of_archival(image: Image, reading: Reading) -> datetime | None:
    if image.last_archived_at is None and reading.archived_at_missing == "pushed":
        return image.pushed_at_time
    return image.last_archived_at


def is_older(moment: datetime, days: int, now: datetime) -> bool:
    """LP: "older than the specified number of days". EX, all images, example B: of images pushed 3
    days and 1 day ago, a rule of one day marks only the first, so older means more than that.
    """
    microseconds = (now - moment) // timedelta(microseconds=1)
    return microseconds > days * 24 * 60 * 60 * 1_000_000


def marked(
    selection: Mapping[str, Any], identified: Sequence[Image], now: datetime, reading: Reading
) -> list[Image]:
    count = selection["countNumber"]
    if selection["countType"] == "imageCountMoreThan":
        # LP: "images are sorted from youngest to oldest based on `pushed_at_time` and then all
        # images greater than the specified count are expired or archived." Images of the same
        # time stay in the order in which they were given: no page says which goes first.
        return youngest_first(identified)[count:]
    if selection["countType"] == "sinceImagePushed":
        # In LP: "all images whose `pushed_at_time` is older".
        return [image for image in identified if is_older(time_of_push(image, reading), count, now)]
    if selection["countType"] == "sinceImagePulled":
        # In LP: "all images whose `last_recorded_pulltime` is older [...] are archived."
        return [image for image in identified if is_older(time_of_pull(image), count, now)]
    # In LP: "all archived images whose `last_archived_at` is older [...] are expired."
    return [
        image
        for image in identified
        if (archived := time_of_archival(image, reading)) is not None
        and is_older(archived, count, now)
    ]
