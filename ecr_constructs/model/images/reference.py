"""Image tags, digests and URIs.

A tag is 1 to 128 characters as the OCI distribution specification has it; ECR's own limit of 300
is for tags that no client can push.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html
"""

from __future__ import annotations

import re

from ..deferred import is_deferred
from ..findings import Finding

__all__ = [
    "check_digest",
    "check_tag",
    "check_tag_or_digest",
    "is_digest",
    "suffix",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html"
TAG_ALLOWED = (
    "1 to 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-' ('v1.2.3', say)"
)
DIGEST_ALLOWED = "'sha256:' and 64 characters of 0-9 and a-f"
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def is_digest(tag_or_digest: str) -> bool:
    """Whether the text is meant as a digest: CDK's own test for it."""
    return tag_or_digest.startswith("sha256:")


def check_tag(tag: object) -> tuple[Finding, ...]:
    """What no client can push or pull about a tag; a deferred one is not judged."""
    if isinstance(tag, str) and (is_deferred(tag) or _TAG.fullmatch(tag)):
        return ()
    if isinstance(tag, str) and _DIGEST.fullmatch(tag):
        fix = "ask for the URI by digest"
    elif isinstance(tag, str) and (tag.startswith((":", "@")) or "/" in tag):
        fix = "give the tag alone, without the repository"
    else:
        fix = "give a tag of that form, or leave it out"
    return (_finding("image-tag-invalid", "tag", "is not a tag", tag, TAG_ALLOWED, fix),)


def check_digest(digest: object) -> tuple[Finding, ...]:
    """What no registry knows about a digest; a deferred one is not judged."""
    if isinstance(digest, str) and (is_deferred(digest) or _DIGEST.fullmatch(digest)):
        return ()
    fix = "take the whole digest, as 'aws ecr describe-images' prints it"
    return (
        _finding("image-digest-invalid", "digest", "is not a digest", digest, DIGEST_ALLOWED, fix),
    )


def check_tag_or_digest(text: object) -> tuple[Finding, ...]:
    """What is wrong with a text that may be either."""
    if isinstance(text, str) and is_digest(text):
        return check_digest(text)
    return check_tag(text)


def suffix(tag_or_digest: str | None) -> str:
    """What stands behind the repository in a URI: ``:tag``, ``@digest`` or nothing."""
    if not tag_or_digest:
        return ""
    return f"@{tag_or_digest}" if is_digest(tag_or_digest) else f":{tag_or_digest}"


def _finding(
    code: str, option: str, message: str, given: object, allowed: str, fix: str
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
