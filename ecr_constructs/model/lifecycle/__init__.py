"""What an ECR lifecycle policy says, and what it will do: typed, checked and proven.

A policy is written with the sentences (:func:`keep_last`, :func:`expire_untagged`, ...) or as
:class:`LifecycleRule` values, or read from the text that people have with :func:`parse`.

Nothing here needs AWS or the CDK. The facts are those of the Amazon ECR user guide
(LifecyclePolicies.html, lifecycle_policy_parameters.html, lifecycle_policy_examples.html).
"""

from .answers import Answer, Proof
from .classes import Emptying, KeptNewest, can_empty, never_expiring, newest_kept
from .dependents import check_dependents
from .examples import LOOKED_AT
from .explanation import Explanation, explain, explain_tag
from .image_reader import parse_images, parse_manifests
from .images import Image, ImageStatus
from .outlook import Forecast, look_ahead
from .policy import check_policy, number, render
from .preview import Outcome, Preview
from .proofs import can_act, can_expire, can_lose
from .pushes import PushRate
from .reading import parse
from .rule import LifecycleRule
from .sentences import (
    AllTags,
    all_tags,
    archive_after,
    archive_unpulled,
    expire_after,
    expire_archived,
    expire_untagged,
    keep_last,
    keep_last_untagged,
    protect,
)
from .simulator import simulate
from .terms import CountType, RuleAction, StorageClass, TagStatus

__all__ = [
    "LOOKED_AT",
    "AllTags",
    "Answer",
    "CountType",
    "Emptying",
    "Explanation",
    "Forecast",
    "Image",
    "ImageStatus",
    "KeptNewest",
    "LifecycleRule",
    "Outcome",
    "Preview",
    "Proof",
    "PushRate",
    "RuleAction",
    "StorageClass",
    "TagStatus",
    "all_tags",
    "archive_after",
    "archive_unpulled",
    "can_act",
    "can_empty",
    "can_expire",
    "can_lose",
    "check_dependents",
    "check_policy",
    "expire_after",
    "expire_archived",
    "expire_untagged",
    "explain",
    "explain_tag",
    "keep_last",
    "keep_last_untagged",
    "look_ahead",
    "never_expiring",
    "newest_kept",
    "number",
    "parse",
    "parse_images",
    "parse_manifests",
    "protect",
    "render",
    "simulate",
]
