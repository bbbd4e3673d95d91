"""Repositories of a cache that somebody declared: their tags must be able to follow the upstream.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
"""

from __future__ import annotations

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ...repository.mutability import LATEST_TAG, MutableTags
from ..prefix import ROOT, beginning

__all__ = ["check_cached_repository"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html"


def check_cached_repository(
    name: object, mutable: MutableTags, *, prefix: str, rule: str
) -> tuple[Finding, ...]:
    """A repository whose name a rule takes, and whose ``latest`` cannot move.

    With the prefix ROOT every repository may be a cached one, so nothing is said of it.
    """
    if not isinstance(name, str) or is_deferred(name) or is_deferred(prefix) or prefix == ROOT:
        return ()
    if not name.startswith(beginning(prefix)) or mutable.can_move(*LATEST_TAG):
        return ()
    return (
        Finding(
            code="pull-through-frozen-repository",
            property="mutable_tags",
            message=(
                f"are immutable for 'latest', and {rule} caches images in {name}: ECR cannot "
                "update them, so 'latest' stays the image that was pulled first"
            ),
            given=f"{mutable.mode} {', '.join(mutable.patterns)}".strip(),
            allowed="MutableTags.all() for a cached repository, or MutableTags.only('latest', ...)",
            fix="let the tags move that move upstream, or take another name",
            docs=DOCS,
            severity=Severity.WARNING,
        ),
    )
