"""The pushes of days to come: at a rate, or as those before now."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from ...errors import raise_dangers
from ...findings import Finding
from ..images.image import Image, ImageStatus
from ..rules.globs import Glob
from ..rules.rule import LifecycleRule
from ..rules.terms import EVALUATION_PAGE

__all__ = ["PushRate", "Pushes", "repeated"]

_DAY: Final = 86_400


class Pushes(Protocol):
    """Whatever tells which images are pushed in a day."""

    def between(self, begin: datetime, end: datetime) -> Iterable[Image]:
        """The images that are pushed in this time."""


@dataclass(frozen=True, kw_only=True)
class PushRate:
    """So many images a day, evenly.

    ::

        PushRate(per_day=20, tags=("build-{number}",), size_in_bytes=200 * 2**20)
    """

    per_day: float
    tags: tuple[str, ...] = ()
    """The tags of each image; ``{number}`` counts the images. Without it a tag moves."""
    size_in_bytes: int = 0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_day) and self.per_day > 0):
            raise_dangers([_no_rate(self.per_day)])

    def between(self, begin: datetime, end: datetime) -> Iterator[Image]:
        """The images that are pushed in this time."""
        first = math.ceil(begin.timestamp() * self.per_day / _DAY)
        last = math.ceil(end.timestamp() * self.per_day / _DAY)
        for number in range(first, last):
            pushed_at = begin + timedelta(seconds=number * _DAY / self.per_day - begin.timestamp())
            tags = tuple(tag.replace("{number}", str(number)) for tag in self.tags)
            digest = f"sha256:pushed-{self.per_day}-{'-'.join(self.tags)}-{number}"
            yield Image(
                digest=digest, pushed_at=pushed_at, tags=tags, size_in_bytes=self.size_in_bytes
            )


def repeated(
    images: Iterable[Image], rules: Iterable[LifecycleRule], now: datetime, days: int
) -> Repeated:
    """The pushes of so many days before now, once more after the other.

    Each image gets tags of its own that the same rules select; a tag that a rule names exactly
    (``latest``) moves to the newer image, as it did before.
    """
    since = now - timedelta(days=days)
    recent = tuple(image for image in images if since < image.pushed_at <= now)
    entries = dict.fromkeys(entry for rule in rules for entry in rule.selection)
    globs = tuple(Glob.of(entry) for entry in entries)
    taken = {tag for image in images for tag in image.tags}
    return Repeated(recent, globs, now, timedelta(days=days), _Names(taken))


@dataclass
class _Names:
    """The tags that are in use."""

    taken: set[str]
    last: int = 0

    def like(self, tag: str, globs: Sequence[Glob]) -> str:
        """A new tag that the same patterns match; the tag itself where there is none."""
        wanted = [glob.matches(tag) for glob in globs]
        while True:
            self.last += 1
            news = (f"{tag}-{self.last}", f"{self.last}-{tag}", _inside(tag, self.last))
            fitting = [new for new in news if [glob.matches(new) for glob in globs] == wanted]
            if not fitting:
                return tag
            free = [new for new in fitting if new not in self.taken]
            if free:
                self.taken.add(free[0])
                return free[0]


@dataclass(frozen=True)
class Repeated:
    """Pushes that come again, each time after so many days."""

    recent: Sequence[Image]
    globs: Sequence[Glob]
    now: datetime
    period: timedelta
    names: _Names

    def between(self, begin: datetime, end: datetime) -> Iterator[Image]:
        """The images that are pushed in this time."""
        for image in self.recent:
            rounds = math.floor((begin - image.pushed_at) / self.period) + 1
            pushed_at = image.pushed_at + rounds * self.period
            while pushed_at <= end:
                if pushed_at > begin:
                    yield self._copy(image, rounds, pushed_at)
                rounds += 1
                pushed_at += self.period

    def lists(
        self, manifests: Mapping[str, Iterable[str]], days: int
    ) -> dict[str, tuple[str, ...]]:
        """What the manifest lists among these pushes reference, over so many days."""
        again = {image.digest for image in self.recent}
        return {
            _again(index, rounds): tuple(
                _again(child, rounds) if child in again else child for child in children
            )
            for index, children in manifests.items()
            if index in again
            for rounds in range(1, math.ceil(timedelta(days=days) / self.period) + 2)
        }

    def _copy(self, image: Image, rounds: int, pushed_at: datetime) -> Image:
        return replace(
            image,
            digest=_again(image.digest, rounds),
            pushed_at=pushed_at,
            tags=tuple(self.names.like(tag, self.globs) for tag in image.tags),
            status=ImageStatus.ACTIVE,
            last_pulled_at=None,
            archived_at=None,
            activated_at=None,
            subject=self._subject(image, rounds),
        )

    def _subject(self, image: Image, rounds: int) -> str | None:
        comes_again = any(other.digest == image.subject for other in self.recent)
        return _again(image.subject, rounds) if image.subject and comes_again else image.subject


def _again(digest: str, rounds: int) -> str:
    return f"{digest}-again-{rounds}"


def _inside(tag: str, number: int) -> str:
    middle = len(tag) // 2
    return f"{tag[:middle]}{number}{tag[middle:]}"


def _no_rate(given: float) -> Finding:
    return Finding(
        code="push-rate",
        property="per_day",
        message="is no rate",
        given=given,
        allowed="a number of pushes a day above 0",
        fix="give the number of images that are pushed in a day",
        docs=EVALUATION_PAGE,
    )
