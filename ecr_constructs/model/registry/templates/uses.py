"""When a creation template applies, and what it does by default then.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from ...findings import Finding, Severity
from ...repository.mutability import LATEST_TAG, MutableTags

__all__ = ["AppliedFor", "check_mutability", "check_uses", "default_mutability"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html"
CACHE_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html"
REPLICATION_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"


class AppliedFor(str, enum.Enum):
    """How a repository comes to be that ECR makes by a creation template."""

    PULL_THROUGH_CACHE = "PULL_THROUGH_CACHE"
    """By the first pull through a cache rule."""
    REPLICATION = "REPLICATION"
    """By the first image that is replicated to it."""
    CREATE_ON_PUSH = "CREATE_ON_PUSH"
    """By the first push. Without a template for it, ECR makes none and the push fails."""


def default_mutability(uses: Sequence[AppliedFor]) -> MutableTags:
    """Which tags may move where nobody says it.

    A cache and a replica follow another registry: where tags move there, an immutable copy would
    keep the old image for ever, so all may move here ("recommended" by AWS for caches). What is
    pushed here follows nobody, so nothing moves.
    """
    if set(uses) == {AppliedFor.CREATE_ON_PUSH}:
        return MutableTags.none()
    return MutableTags.all()


def check_uses(uses: object) -> tuple[Finding, ...]:
    """What ECR refuses about the uses of a template."""
    if isinstance(uses, (str, enum.Enum)) or not isinstance(uses, Sequence):
        return (_not_uses(uses, "is no list of uses"),)
    strangers = [use for use in uses if not isinstance(use, AppliedFor)]
    if strangers:
        return (_not_uses(strangers[0], "has what is no use of a template"),)
    if not uses:
        return (_not_uses(uses, "names no use, so the template would never apply"),)
    twice = sorted({use.name for use in uses if uses.count(use) > 1})
    if twice:
        return (_not_uses(twice, "names a use twice"),)
    return ()


def check_mutability(uses: Sequence[AppliedFor], mutable: MutableTags) -> tuple[Finding, ...]:
    """Tags that would stay where the registry that they come from has moved them."""
    found = []
    frozen = not mutable.can_move(*LATEST_TAG)
    if frozen and AppliedFor.PULL_THROUGH_CACHE in uses:
        found.append(
            Finding(
                code="creation-template-freezes-cache",
                property="mutable_tags",
                message=(
                    "makes the tags of cached images immutable: 'latest' stays the image that was "
                    "pulled first, since ECR cannot update it"
                ),
                given=_said(mutable),
                allowed="MutableTags.all() for a cache, or MutableTags.only('latest', ...)",
                fix="leave mutable_tags out, or name the tags that move upstream",
                docs=CACHE_DOCS,
                severity=Severity.WARNING,
            )
        )
    if frozen and AppliedFor.REPLICATION in uses:
        found.append(
            Finding(
                code="creation-template-freezes-replica",
                property="mutable_tags",
                message=(
                    "makes the tags of replicas immutable: an image whose tag has moved at the "
                    "source arrives here without its tag"
                ),
                given=_said(mutable),
                allowed="MutableTags.all() for replicas whose source moves tags",
                fix="leave mutable_tags out, unless the tags of the source are immutable as well",
                docs=REPLICATION_DOCS,
                severity=Severity.NOTE,
            )
        )
    return tuple(found)


def _said(mutable: MutableTags) -> str:
    return f"{mutable.mode} {', '.join(mutable.patterns)}".strip()


def _not_uses(given: object, message: str) -> Finding:
    return Finding(
        code="creation-template-uses-invalid",
        property="applied_for",
        message=message,
        given=given,
        allowed="a list of " + ", ".join(f"AppliedFor.{use.name}" for use in AppliedFor),
        fix="write applied_for=[AppliedFor.CREATE_ON_PUSH], say",
        docs=DOCS,
    )
