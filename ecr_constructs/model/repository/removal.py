"""What happens to a repository that leaves its stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..deferred import is_deferred
from ..errors import raise_dangers
from ..findings import Finding

__all__ = ["Removal", "check_key_removal", "check_reason", "is_kept"]

DOCS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-attribute-deletionpolicy.html"
)
MIN_REASON = 10
METADATA_KEY = "ecr_constructs:removal"
"""Where the template keeps the reason, for whoever reviews the change."""


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What a stack does with a repository that leaves it: made by one of the class methods.

    What can lose images wants a reason of at least ten characters. The reason stands in the
    metadata of the resource, where a reviewer of the template finds it.
    """

    deletes: bool = False
    """Whether the repository is deleted, once it is empty."""
    empties: bool = False
    """Whether its images are deleted with it."""
    reason: str | None = None
    """Why it may go; None where it stays."""

    def __post_init__(self) -> None:
        """Refuse a deletion without a reason, at once."""
        if self.deletes or self.empties:
            raise_dangers(check_reason(self.reason))

    @classmethod
    def retain(cls) -> Removal:
        """Keep the repository and its images, on deletion and on replacement: the default."""
        return cls()

    @classmethod
    def delete_when_empty(cls, *, reason: str) -> Removal:
        """Delete a repository that holds no image; the deletion fails while it holds one.

        :param reason: why it may go, in ten characters or more.
        """
        return cls(deletes=True, reason=reason)

    @classmethod
    def delete_with_images(cls, *, reason: str) -> Removal:
        """Delete the repository and every image in it. Nobody can bring them back.

        :param reason: why the images may go, in ten characters or more.
        """
        return cls(deletes=True, empties=True, reason=reason)


def check_reason(reason: object) -> tuple[Finding, ...]:
    """What is missing in the reason for a deletion."""
    if isinstance(reason, str) and len(reason.strip()) >= MIN_REASON:
        return ()
    return (
        Finding(
            code="removal-reason-missing",
            property="removal",
            message="deletes a repository and does not say why",
            given=reason,
            allowed=f"a reason of at least {MIN_REASON} characters",
            fix="Removal.delete_with_images(reason='preview environment, rebuilt nightly'), say",
            docs=DOCS,
        ),
    )


def is_kept(policy: object) -> bool | None:
    """Whether a ``DeletionPolicy`` or ``UpdateReplacePolicy`` keeps the resource.

    None where the template does not say it. Without a policy CloudFormation deletes, and a
    resource that fails to be made may go.
    """
    if policy is None:
        return False
    if not isinstance(policy, str) or is_deferred(policy):
        return None
    return policy in ("Retain", "RetainExceptOnCreate")


def check_key_removal(removal: object) -> tuple[Finding, ...]:
    """What is wrong with the removal of a key, which takes the images under it along."""
    if removal is None or (
        isinstance(removal, Removal) and (removal.empties or not removal.deletes)
    ):
        return ()
    return (
        Finding(
            code="image-key-removal-invalid",
            property="removal",
            message="does not say what becomes of the images under the key",
            given=removal,
            allowed="Removal.retain() or Removal.delete_with_images(reason=...)",
            fix="leave removal out to keep the key, or say Removal.delete_with_images(reason=...)",
            docs=DOCS,
        ),
    )
