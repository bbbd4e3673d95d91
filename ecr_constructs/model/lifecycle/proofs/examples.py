"""Repositories in which a rule acts, built for a proof and confirmed by the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Final

from ..images.image import Image, ImageStatus
from ..rules.language import LONGEST_TAG
from ..rules.rule import LifecycleRule
from ..rules.terms import CountType, RuleAction, StorageClass, TagStatus
from ..simulation.simulator import simulate

__all__ = ["LOOKED_AT", "MOST_SHOWN", "acted_on", "example_for", "is_too_large"]

LOOKED_AT: Final = datetime(2030, 1, 1, tzinfo=timezone.utc)
"""The moment at which every example is looked at."""
MOST_SHOWN: Final = 20_000
"""Examples of more images than this, or of more tags on them, are not built."""
_MOST_SKIPPED: Final = 1_000


def is_too_large(rule: LifecycleRule) -> bool:
    """Whether an example of the rule takes more images, or tags on them, than are built."""
    if rule.count_type.in_days:
        return False
    return rule.count * max(1, len(rule.selection)) > MOST_SHOWN


def example_for(
    rule: LifecycleRule,
    tags: Sequence[str],
    *,
    others: Callable[[Image], bool] | None = None,
) -> tuple[Image, ...]:
    """An image with these tags on which the rule can act, and the younger ones that it takes.

    :param others: which younger images will do; by default all.
    """
    oldest = _old_enough(rule, tags)
    if rule.count_type is not CountType.IMAGE_COUNT_MORE_THAN:
        return (oldest,)
    selection = rule.selection
    if rule.tag_status is TagStatus.ANY and others is not None and not others(_younger(0, ())):
        # A rule for any image counts those with tags too.
        selection = ("*",)
    younger: list[Image] = []
    for number, extra in enumerate(_further_tags(selection, frozenset(tags))):
        image = _younger(number, extra)
        if others is None or others(image):
            younger.append(image)
        if len(younger) == rule.count:
            return (oldest, *younger)
        if number > rule.count + _MOST_SKIPPED:
            break
    return ()


def acted_on(
    rules: Sequence[LifecycleRule], images: Sequence[Image], action: RuleAction | None
) -> bool:
    """Whether the simulator does this to the first of the images (None: any action)."""
    if not images:
        return False
    preview = simulate(rules, images, at=LOOKED_AT)
    return any(
        outcome.image is images[0] and action in (None, outcome.action)
        for outcome in preview.results
    )


def _old_enough(rule: LifecycleRule, tags: Sequence[str]) -> Image:
    days = rule.count if rule.count_type.in_days else 1
    since = LOOKED_AT - timedelta(days=days + 1)
    archived = rule.storage_class is StorageClass.ARCHIVE
    return Image(
        digest=f"sha256:{0:064x}",
        pushed_at=since,
        tags=tuple(tags),
        status=ImageStatus.ARCHIVED if archived else ImageStatus.ACTIVE,
        archived_at=since if archived else None,
    )


def _younger(number: int, tags: tuple[str, ...]) -> Image:
    return Image(
        digest=f"sha256:{number + 1:064x}",
        pushed_at=LOOKED_AT - timedelta(seconds=number + 1),
        tags=tags,
    )


def _further_tags(selection: Sequence[str], used: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Tags for one more image after the other that match the patterns, none of them twice."""
    if not selection:
        # Untagged images fill the places of a rule for any image as well.
        while True:
            yield ()
    if any("*" not in entry for entry in selection):
        return  # one image only can carry that tag, and it is the oldest
    taken = set(used)
    skipped = 0
    for number in count():
        tags = {_filled(entry, number) for entry in selection}
        if skipped > _MOST_SKIPPED or max(map(len, tags)) > LONGEST_TAG:
            return
        if taken.isdisjoint(tags):
            taken |= tags
            yield tuple(sorted(tags))
        else:
            skipped += 1


def _filled(pattern: str, number: int) -> str:
    return pattern.replace("*", f"x{number:05}", 1).replace("*", "")
