"""The lifecycle policy of a repository: its default, its checks and its text.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...errors import InvalidInputError
from ...findings import Finding
from ...lifecycle import (
    CountType,
    LifecycleRule,
    RuleAction,
    TagStatus,
    check_policy,
    expire_untagged,
    render,
)
from ..options import check_instances

__all__ = ["DEFAULT_LIFECYCLE", "UNTAGGED_DAYS", "check_lifecycle", "lifecycle_text", "rule_of_cdk"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html"
UNTAGGED_DAYS: Final = 14
"""Days after its push that an image without a tag expires, where nothing else is said."""
DEFAULT_LIFECYCLE: Final = (expire_untagged(after_days=UNTAGGED_DAYS),)
"""Untagged images expire, and nothing else does."""


def check_lifecycle(rules: object) -> tuple[Finding, ...]:
    """What ECR refuses about the rules of a repository."""
    found = check_instances("lifecycle", rules, LifecycleRule)
    if found or not isinstance(rules, Sequence):
        return found
    return check_policy(tuple(rules)) if rules else ()


def lifecycle_text(rules: Sequence[LifecycleRule]) -> str | None:
    """The policy as ECR reads it; None where there is no rule."""
    return render(tuple(rules)) if rules else None


def rule_of_cdk(
    *,
    description: str | None,
    days: int | None,
    count: int | None,
    priority: int | None,
    tag_patterns: tuple[str, ...],
    tag_prefixes: tuple[str, ...],
    tag_status: str | None,
) -> LifecycleRule:
    """The rule that ``ecr.Repository.add_lifecycle_rule`` would write for the same words.

    :raises InvalidInputError: where ECR refuses the rule, or neither or both of count and age are
        given.
    """
    given = days if count is None else count
    if given is None or (days is not None and count is not None):
        raise InvalidInputError(
            [
                Finding(
                    code="lifecycle-count",
                    property="max_image_count",
                    message="is not exactly one of a count and an age",
                    given={"max_image_count": count, "max_image_age": days},
                    allowed="either max_image_count or max_image_age",
                    fix="leave one of them out",
                    docs=DOCS,
                )
            ]
        )
    tagged = TagStatus.TAGGED if tag_patterns or tag_prefixes else TagStatus.ANY
    return LifecycleRule(
        action=RuleAction.EXPIRE,
        tag_status=tagged if tag_status is None else TagStatus[tag_status.upper()],
        count_type=(
            CountType.SINCE_IMAGE_PUSHED if count is None else CountType.IMAGE_COUNT_MORE_THAN
        ),
        count=given,
        tag_patterns=tag_patterns,
        tag_prefixes=tag_prefixes,
        description=description,
        priority=priority,
    )
