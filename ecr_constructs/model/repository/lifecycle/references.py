"""What an app refers to in a repository, and which of it the lifecycle may expire all the same.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...deferred import is_deferred
from ...findings import Finding
from ...images.reference import check_digest, is_digest
from ...lifecycle import LifecycleRule, TagStatus
from ...lifecycle.rules.globs import Glob
from ..mutability import is_tag_pattern

__all__ = ["check_may_expire", "check_references"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html"


def check_may_expire(entries: object) -> tuple[Finding, ...]:
    """What is wrong with a list of tags, patterns and digests that may expire.

    A pattern is written as ``mutable_tags`` takes it. What is known only at deployment is refused:
    it could not be held against what the app refers to.
    """
    if isinstance(entries, str) or not isinstance(entries, Sequence):
        given = f"[{entries!r}]" if isinstance(entries, str) else "a list"
        return (_invalid(f"is a {type(entries).__name__}, not a list", entries, f"write {given}"),)
    return tuple(finding for entry in entries for finding in _check_entry(entry))


def check_references(
    rules: Sequence[LifecycleRule],
    references: Iterable[str],
    *,
    mutable_tags: bool,
    may_expire: Sequence[str],
) -> tuple[Finding, ...]:
    """What the rules can take of the images that an app refers to by tag or digest.

    :param mutable_tags: whether any tag of the repository can be moved.
    :param may_expire: tags, patterns and digests whose images may go all the same.
    """
    takes_tagged = any(rule.tag_status is not TagStatus.UNTAGGED for rule in rules)
    if not takes_tagged and not mutable_tags:
        # Untagged images alone expire, and no tag leaves its image: nothing to prove.
        return ()
    given_up = [Glob.of(entry) for entry in may_expire]
    asked = [each for each in references if not any(entry.matches(each) for entry in given_up)]
    if not asked:
        return ()
    # Most repositories come no further, and the proofs cost more to load than a repository.
    from ...lifecycle import check_dependents  # noqa: PLC0415

    return check_dependents(
        rules,
        tags=[each for each in asked if not is_digest(each)],
        digests=[each for each in asked if is_digest(each)],
        mutable_tags=mutable_tags,
    )


def _check_entry(entry: object) -> tuple[Finding, ...]:
    if is_deferred(entry):
        return (
            _invalid(
                "has an entry that is known only at deployment",
                "a value known at deployment",
                "write the tag, or '*' for whatever is referred to",
            ),
        )
    if isinstance(entry, str) and is_digest(entry):
        wrong = bool(check_digest(entry))
    else:
        wrong = not is_tag_pattern(entry)
    if not wrong:
        return ()
    return (
        _invalid(
            "has an entry that is neither a tag, a pattern nor a digest",
            entry,
            "name what the app refers to, with '*' for any run of characters in a tag",
        ),
    )


def _invalid(message: str, given: object, fix: str) -> Finding:
    return Finding(
        code="may-expire-invalid",
        property="may_expire",
        message=message,
        given=given,
        allowed="a list of tags, of patterns with at most two '*', and of whole digests",
        fix=fix,
        docs=DOCS,
    )
