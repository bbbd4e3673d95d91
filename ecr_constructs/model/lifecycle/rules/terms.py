"""The closed sets of a lifecycle policy, its limits, and the pages that define them."""

from __future__ import annotations

import enum
from typing import Final

__all__ = ["CountType", "RuleAction", "StorageClass", "TagStatus"]

_GUIDE: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
EVALUATION_PAGE: Final = _GUIDE + "LifecyclePolicies.html"
PROPERTIES_PAGE: Final = _GUIDE + "lifecycle_policy_parameters.html"
EXAMPLES_PAGE: Final = _GUIDE + "lifecycle_policy_examples.html"
ARCHIVE_PAGE: Final = _GUIDE + "archive-image.html"
QUOTAS_PAGE: Final = _GUIDE + "service-quotas.html"
MUTABILITY_PAGE: Final = _GUIDE + "image-tag-mutability.html"
POLICY_TEXT_PAGE: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html"
)
TAG_GRAMMAR_PAGE: Final = (
    "https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests"
)

MOST_RULES: Final = 50
LONGEST_TEXT: Final = 30_720
SHORTEST_TEXT: Final = 100
MOST_WILDCARDS: Final = 4
SHORTEST_ARCHIVE_DAYS: Final = 90

MOST_IMAGES: Final = 1_000_000
"""Taken as out of reach for one repository: ten times ECR's default quota of images."""


class TagStatus(str, enum.Enum):
    """Which images a rule looks at, by their tags (``tagStatus``)."""

    TAGGED = "tagged"
    UNTAGGED = "untagged"
    ANY = "any"


class CountType(str, enum.Enum):
    """What a rule counts (``countType``)."""

    IMAGE_COUNT_MORE_THAN = "imageCountMoreThan"
    """Every image of the selection beyond the newest ``count``."""
    SINCE_IMAGE_PUSHED = "sinceImagePushed"
    """Images pushed more than ``count`` days ago."""
    SINCE_IMAGE_PULLED = "sinceImagePulled"
    """Images not pulled for more than ``count`` days: they can only be archived."""
    SINCE_IMAGE_TRANSITIONED = "sinceImageTransitioned"
    """Images archived more than ``count`` days ago: they can only be expired."""

    @property
    def in_days(self) -> bool:
        """Whether ``count`` is a number of days (``countUnit``)."""
        return self is not CountType.IMAGE_COUNT_MORE_THAN


class StorageClass(str, enum.Enum):
    """Where the images that a rule looks at are kept (``storageClass``)."""

    STANDARD = "standard"
    ARCHIVE = "archive"


class RuleAction(str, enum.Enum):
    """What a rule does (``action.type``)."""

    EXPIRE = "expire"
    """Delete the image."""
    TRANSITION = "transition"
    """Move the image to the archive, the only class that ECR moves images to."""
