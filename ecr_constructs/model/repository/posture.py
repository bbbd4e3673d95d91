"""Settings of a repository that ECR takes, and that its owner may come to regret.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding, Severity
from .mutability import DOCS as MUTABILITY_DOCS
from .removal import DOCS as DELETION_DOCS
from .removal import is_kept

__all__ = [
    "check_can_move_tags",
    "check_emptied",
    "check_has_lifecycle",
    "check_kept",
    "check_scanned",
]

DOCS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-repository.html"
)
SCANNING_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html"
LIFECYCLE_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html"
REPLACEMENT_DOCS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-attribute-updatereplacepolicy.html"
)
_MOVING = ("MUTABLE", "MUTABLE_WITH_EXCLUSION")
_KEPT = "Retain or RetainExceptOnCreate"


def check_can_move_tags(mode: object) -> tuple[Finding, ...]:
    """Whether tags can be moved to another image, which they can where nobody says anything."""
    if mode is not None and mode not in _MOVING:
        return ()
    said = "is not said, so every tag" if mode is None else "lets tags be moved: a tag"
    return (
        Finding(
            code="tags-mutable",
            property="ImageTagMutability",
            message=f"{said} may name another image tomorrow than it names today",
            given=mode,
            allowed="IMMUTABLE, or IMMUTABLE_WITH_EXCLUSION for the few tags that must move",
            fix="write IMMUTABLE",
            docs=MUTABILITY_DOCS,
            severity=Severity.WARNING,
        ),
    )


def check_scanned(*, scanned: bool, because: str, given: object) -> tuple[Finding, ...]:
    """Whether images are scanned without somebody asking for it.

    :param because: why they are scanned as they are, for the message.
    :param given: the repository's own ``ScanOnPush``.
    """
    if scanned:
        return ()
    return (
        Finding(
            code="scan-off",
            property="ImageScanningConfiguration.ScanOnPush",
            message=f"does not have pushed images scanned: {because}",
            given=given,
            allowed="scanning on push, or continuously, by the registry or by the repository",
            fix=(
                "name the repository in the registry's scanning configuration, or write true "
                "where the registry has none"
            ),
            docs=SCANNING_DOCS,
            severity=Severity.WARNING,
        ),
    )


def check_has_lifecycle(text: object) -> tuple[Finding, ...]:
    """Whether anything ever expires: None is no lifecycle policy."""
    if text is not None:
        return ()
    return (
        Finding(
            code="lifecycle-missing",
            property="LifecyclePolicy",
            message="is not given, so images pile up, and each costs its storage",
            given=None,
            allowed="a policy that says what expires",
            fix="expire untagged images after some days, and keep a number of the newest",
            docs=LIFECYCLE_DOCS,
            severity=Severity.NOTE,
        ),
    )


def check_kept(*, deletion: object, replacement: object) -> Iterator[Finding]:
    """Whether the repository stays where its stack goes, or where it is replaced.

    :param deletion: the ``DeletionPolicy``; None is CloudFormation's default, ``Delete``.
    :param replacement: the ``UpdateReplacePolicy``, of which the same holds.
    """
    if is_kept(deletion) is False:
        yield Finding(
            code="repository-not-retained",
            property="DeletionPolicy",
            message="lets the repository go with its stack, and fails while it holds images",
            given=deletion,
            allowed=_KEPT,
            fix="write Retain, for DeletionPolicy and for UpdateReplacePolicy",
            docs=DELETION_DOCS,
            severity=Severity.WARNING,
        )
    elif is_kept(replacement) is False:
        yield Finding(
            code="repository-not-retained",
            property="UpdateReplacePolicy",
            message=(
                "lets the repository go where an update replaces it, and fails while it holds "
                "images"
            ),
            given=replacement,
            allowed="Retain",
            fix="write Retain, as for DeletionPolicy",
            docs=REPLACEMENT_DOCS,
            severity=Severity.WARNING,
        )


def check_emptied(
    *, empties: object, deletion: object, replacement: object, emptied_by: str | None = None
) -> tuple[Finding, ...]:
    """Whether the images go with the stack.

    :param empties: the ``EmptyOnDelete`` of the repository.
    :param deletion: and ``replacement``: as :func:`check_kept` takes them.
    :param emptied_by: a resource that deletes the images when it goes itself, which it does
        whatever becomes of the repository.
    """
    goes = is_kept(deletion) is False or is_kept(replacement) is False
    own = empties in (True, "true") and goes
    if not own and emptied_by is None:
        return ()
    by = "" if emptied_by is None else f", by {emptied_by}"
    return (
        Finding(
            code="empty-on-delete",
            property="EmptyOnDelete" if own else "DeletionPolicy",
            message=f"loses every image when the repository leaves its stack{by}",
            given=empties if own else deletion,
            allowed="EmptyOnDelete only where a deletion policy keeps the repository",
            fix="write Retain for both deletion policies, and leave out what empties it",
            docs=DOCS if own else DELETION_DOCS,
        ),
    )
