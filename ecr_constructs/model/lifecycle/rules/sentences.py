"""Lifecycle rules that read like what they do.

``tags`` is one pattern in which ``*`` stands for any text. ECR reads a list of patterns as "and":
only images that carry a tag for each of them. As most lists are meant as "or", a list must be
written as :func:`all_tags`; for "or", write one rule for each pattern.

See the user guide, "Examples of lifecycle policies" (lifecycle_policy_examples.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...errors import InvalidInputError
from ...findings import Finding
from .rule import LifecycleRule
from .terms import (
    EVALUATION_PAGE,
    MOST_IMAGES,
    CountType,
    RuleAction,
    StorageClass,
    TagStatus,
)

__all__ = [
    "AllTags",
    "all_tags",
    "archive_after",
    "archive_unpulled",
    "expire_after",
    "expire_archived",
    "expire_untagged",
    "keep_last",
    "keep_last_untagged",
    "protect",
]

# A hundred years: longer than anything stays in an archive, and a number that ECR takes.
_FOR_GOOD_DAYS = 36_500


@dataclass(frozen=True)
class AllTags:
    """Several patterns, each of which must match some tag of the image."""

    patterns: tuple[str, ...]


def all_tags(*patterns: str) -> AllTags:
    """Images that carry a tag for each of these patterns, not for one of them."""
    return AllTags(patterns)


def keep_last(
    count: int,
    *,
    tags: str | AllTags | None = None,
    description: str | None = None,
    priority: int | None = None,
) -> LifecycleRule:
    """Keep the newest ``count`` images with such tags (of any image when no tags are given).

    Images that an earlier rule looks at fill places too: behind other rules fewer images of the
    rest stay than ``count``, down to none.

    :param count: how many images stay, at least 1.
    :param tags: one pattern, or :func:`all_tags`. Default: any image, tagged or not.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return _rule(
        RuleAction.EXPIRE,
        CountType.IMAGE_COUNT_MORE_THAN,
        count,
        tags=tags,
        description=description or f"Keep the newest {count} images{_of(tags)}",
        priority=priority,
    )


def keep_last_untagged(
    count: int, *, description: str | None = None, priority: int | None = None
) -> LifecycleRule:
    """Keep the newest ``count`` images that carry no tag.

    :param count: how many images stay, at least 1.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return LifecycleRule(
        action=RuleAction.EXPIRE,
        tag_status=TagStatus.UNTAGGED,
        count_type=CountType.IMAGE_COUNT_MORE_THAN,
        count=count,
        description=description or f"Keep the newest {count} untagged images",
        priority=priority,
    )


def expire_untagged(
    *, after_days: int, description: str | None = None, priority: int | None = None
) -> LifecycleRule:
    """Delete images that carry no tag ``after_days`` days after their push.

    :param after_days: at least 1.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return LifecycleRule(
        action=RuleAction.EXPIRE,
        tag_status=TagStatus.UNTAGGED,
        count_type=CountType.SINCE_IMAGE_PUSHED,
        count=after_days,
        description=description or f"Expire untagged images after {after_days} days",
        priority=priority,
    )


def expire_after(
    *,
    days: int,
    tags: str | AllTags | None = None,
    description: str | None = None,
    priority: int | None = None,
) -> LifecycleRule:
    """Delete images with such tags (any image when none are given) ``days`` after their push.

    Nothing pushed for that long means that every one of them goes, the newest included.

    :param days: at least 1.
    :param tags: one pattern, or :func:`all_tags`. Default: any image, tagged or not.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return _rule(
        RuleAction.EXPIRE,
        CountType.SINCE_IMAGE_PUSHED,
        days,
        tags=tags,
        description=description or f"Expire images{_of(tags)} after {days} days",
        priority=priority,
    )


def archive_unpulled(
    *,
    after_days: int,
    tags: str | AllTags | None = None,
    description: str | None = None,
    priority: int | None = None,
) -> LifecycleRule:
    """Archive images with such tags that nobody pulled for ``after_days`` days.

    An image that was never pulled counts from its push, one that was restored from its restore.

    :param after_days: at least 1.
    :param tags: one pattern, or :func:`all_tags`. Default: any image, tagged or not.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return _rule(
        RuleAction.TRANSITION,
        CountType.SINCE_IMAGE_PULLED,
        after_days,
        tags=tags,
        description=description or f"Archive images{_of(tags)} not pulled for {after_days} days",
        priority=priority,
    )


def archive_after(
    *,
    days: int,
    tags: str | AllTags | None = None,
    description: str | None = None,
    priority: int | None = None,
) -> LifecycleRule:
    """Archive images with such tags ``days`` days after their push.

    :param days: at least 1.
    :param tags: one pattern, or :func:`all_tags`. Default: any image, tagged or not.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return _rule(
        RuleAction.TRANSITION,
        CountType.SINCE_IMAGE_PUSHED,
        days,
        tags=tags,
        description=description or f"Archive images{_of(tags)} after {days} days",
        priority=priority,
    )


def expire_archived(
    *,
    after_days: int,
    tags: str | AllTags | None = None,
    description: str | None = None,
    priority: int | None = None,
) -> LifecycleRule:
    """Delete images ``after_days`` days after they were archived.

    :param after_days: at least 90.
    :param tags: one pattern, or :func:`all_tags`. Default: any image, tagged or not.
    :param description: shown in the console. Default: this sentence, in short.
    :param priority: lower numbers come first. Default: numbered in the order written.
    """
    return _rule(
        RuleAction.EXPIRE,
        CountType.SINCE_IMAGE_TRANSITIONED,
        after_days,
        tags=tags,
        storage_class=StorageClass.ARCHIVE,
        description=description or f"Expire images{_of(tags)} archived for {after_days} days",
        priority=priority,
    )


def protect(*tags: str, archived: bool = False) -> tuple[LifecycleRule, ...]:
    """Keep every image that carries a tag like one of these, whatever later rules say.

    ECR has no rule that keeps. What keeps is the claim: an image whose tags match a rule is out
    of reach for every later rule of its storage class. So each pattern becomes a rule of its own
    (a list in one rule would be an "and") that expires images beyond the newest 1,000,000, ten
    times the default quota of a repository, and put first it shields its images from the rest::

        lifecycle=[*protect("prod*", "latest"), keep_last(30, tags="build-*")]

    :param tags: the patterns.
    :param archived: also shield archived images, which are a class of their own with rules of
        their own; needed only beside :func:`expire_archived`. One more rule for each pattern.
        Default: False.
    """
    if not tags:
        raise InvalidInputError(
            [
                Finding(
                    code="lifecycle-tags-missing",
                    property="tags",
                    message="nothing is named, so nothing would be protected",
                    given=tags,
                    allowed="one pattern or more",
                    fix='name the tags, as in protect("prod*")',
                    docs=EVALUATION_PAGE,
                )
            ]
        )
    shields = [
        _rule(
            RuleAction.EXPIRE,
            CountType.IMAGE_COUNT_MORE_THAN,
            MOST_IMAGES,
            tags=pattern,
            description=f"Protect images tagged {pattern}",
        )
        for pattern in tags
    ]
    if archived:
        shields += [
            _rule(
                RuleAction.EXPIRE,
                CountType.SINCE_IMAGE_TRANSITIONED,
                _FOR_GOOD_DAYS,
                tags=pattern,
                storage_class=StorageClass.ARCHIVE,
                description=f"Protect archived images tagged {pattern}",
            )
            for pattern in tags
        ]
    return tuple(shields)


def _rule(
    action: RuleAction,
    count_type: CountType,
    count: int,
    *,
    tags: str | AllTags | None,
    description: str,
    storage_class: StorageClass = StorageClass.STANDARD,
    priority: int | None = None,
) -> LifecycleRule:
    return LifecycleRule(
        action=action,
        tag_status=TagStatus.ANY if tags is None else TagStatus.TAGGED,
        count_type=count_type,
        count=count,
        tag_patterns=_patterns(tags),
        storage_class=storage_class,
        description=description,
        priority=priority,
    )


def _patterns(tags: str | AllTags | None) -> tuple[str, ...]:
    if tags is None:
        return ()
    if isinstance(tags, AllTags):
        return tags.patterns
    if isinstance(tags, str) or not isinstance(tags, Iterable):
        return (tags,)  # what is no text at all is the rule's own finding
    raise InvalidInputError(
        [
            Finding(
                code="lifecycle-tag-list-is-and",
                property="tags",
                message="ECR reads a list as and: only images with a tag for each entry",
                given=tags,
                allowed="one pattern, or all_tags(...) where an image must carry them all",
                fix="write one rule for each pattern",
                docs=EVALUATION_PAGE,
            )
        ]
    )


def _of(tags: str | AllTags | None) -> str:
    patterns = _patterns(tags)
    return " tagged " + " and ".join(map(str, patterns)) if patterns else ""
