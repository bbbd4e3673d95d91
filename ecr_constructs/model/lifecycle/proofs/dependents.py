"""What a policy means for those who run images: tags and digests that something refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ..images.image import ImageStatus
from ..policies.policy import number
from ..rules.language import Comparison
from ..rules.rule import LifecycleRule
from ..rules.terms import EVALUATION_PAGE, MUTABILITY_PAGE, TagStatus
from .answers import Answer, Proof
from .possible import can_lose, reach

__all__ = ["check_dependents"]


def check_dependents(
    rules: Iterable[LifecycleRule],
    *,
    tags: Iterable[str] = (),
    digests: Iterable[str] = (),
    mutable_tags: bool = False,
    known_later: bool = False,
) -> tuple[Finding, ...]:
    """What the rules can take from those who refer to an image by these tags and digests.

    A danger is proven: the finding says under which circumstances the image goes. What is neither
    proven nor excluded is a warning. An archived image cannot be pulled, so it counts as lost.
    What only CloudFormation knows is a note, where the rules can take a tagged image.

    :param tags: tags whose images something refers to.
    :param digests: an image that is known by its digest only may carry any tags. It is taken to
        be tagged, unless tags can be moved to another image.
    :param mutable_tags: whether tags can be moved: then a push leaves the image before it
        untagged, and a rule for untagged images takes what a digest still points to.
    :param known_later: whether something refers to an image by what is known at deployment only,
        besides tags and digests that say so themselves.
    """
    numbered = number(rules)
    named, pinned = tuple(dict.fromkeys(tags)), tuple(dict.fromkeys(digests))
    known_later = known_later or is_deferred("".join((*named, *pinned)))
    return (
        *_tags(numbered, [each for each in named if not is_deferred(each)]),
        *_digests(numbered, [each for each in pinned if not is_deferred(each)]),
        *(_unknown(numbered) if known_later else ()),
        *(_untagged(numbered, pinned) if mutable_tags else ()),
    )


def _tags(rules: tuple[LifecycleRule, ...], tags: Iterable[str]) -> Iterator[Finding]:
    for tag in tags:
        proof = can_lose(rules, tag)
        archived = proof.witness is not None and proof.witness.status is ImageStatus.ARCHIVED
        shield = f'*protect("{tag}", archived=True)' if archived else f'*protect("{tag}")'
        yield from _lost(
            proof,
            code="lifecycle-takes-referenced-tag",
            message=f"an image that is referred to by the tag {tag} can go",
            given=tag,
            fix=f'put {shield} before that rule, or say may_expire=["{tag}"]',
        )


def _unknown(rules: tuple[LifecycleRule, ...]) -> Iterator[Finding]:
    of_any_tag = can_lose(rules, "*")
    if of_any_tag.answer is Answer.TRUE:
        yield Finding(
            code="lifecycle-reference-unknown",
            property="lifecycle",
            message=(
                "an image is referred to by what is known only when CloudFormation deploys, and "
                f"images can go: {of_any_tag.because}"
            ),
            given="a tag or digest known at deployment",
            allowed="a policy that cannot take what is referred to",
            fix='put *protect(...) first for the tags it can be, or say may_expire=["*"]',
            docs=EVALUATION_PAGE,
            severity=Severity.NOTE,
        )


def _digests(rules: tuple[LifecycleRule, ...], digests: Sequence[str]) -> Iterator[Finding]:
    if not digests:
        return
    of_any_tag = can_lose(rules, "*")
    for digest in digests:
        yield from _lost(
            of_any_tag,
            code="lifecycle-takes-referenced-digest",
            message="an image that is referred to by its digest can go",
            given=digest,
            fix=(
                "refer to it by a tag that *protect(...) keeps before that rule, or say "
                f'may_expire=["{digest}"]'
            ),
        )


def _lost(proof: Proof, *, code: str, message: str, given: str, fix: str) -> Iterator[Finding]:
    if proof.answer is Answer.FALSE:
        return
    certain = proof.answer is Answer.TRUE
    yield Finding(
        code=code,
        property="lifecycle",
        message=f"{message}: {proof.because}" if certain else f"{message}, perhaps",
        given=given,
        allowed="a policy that cannot take what is referred to",
        fix=fix,
        docs=EVALUATION_PAGE,
        severity=Severity.DANGER if certain else Severity.WARNING,
    )


def _untagged(rules: tuple[LifecycleRule, ...], digests: Sequence[str]) -> Iterator[Finding]:
    for rule in rules:
        takes_untagged = rule.tag_status is TagStatus.UNTAGGED
        if (
            digests
            and takes_untagged
            and not isinstance(reach(Comparison(), rules, rule, ()), Proof)
        ):
            yield Finding(
                code="lifecycle-untagged-but-pinned",
                property="lifecycle",
                message=(
                    f"rule {rule.priority} takes untagged images, and tags can be moved: the next "
                    "push of a tag leaves the image that a digest still points to untagged"
                ),
                given=tuple(digests),
                allowed="immutable tags, or references by tag",
                fix="make the tags immutable",
                docs=MUTABILITY_PAGE,
                severity=Severity.WARNING,
            )
