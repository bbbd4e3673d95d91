"""What an ECR lifecycle policy says, and what it will do: typed, checked and proven.

A policy is written with the sentences (:func:`keep_last`, :func:`expire_untagged`, ...) or as
:class:`LifecycleRule` values, or read from the text that people have with :func:`parse`.

A name is loaded when it is first used: writing rules costs no simulator.

Nothing here needs AWS or the CDK. The facts are those of the Amazon ECR user guide
(LifecyclePolicies.html, lifecycle_policy_parameters.html, lifecycle_policy_examples.html).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOME = {
    "AllTags": "sentences",
    "Answer": "answers",
    "CountType": "terms",
    "Emptying": "classes",
    "Explanation": "explanation",
    "Forecast": "outlook",
    "Image": "images",
    "ImageStatus": "images",
    "KeptNewest": "classes",
    "LOOKED_AT": "examples",
    "LifecycleRule": "rule",
    "Outcome": "preview",
    "Preview": "preview",
    "Proof": "answers",
    "PushRate": "pushes",
    "RuleAction": "terms",
    "StorageClass": "terms",
    "TagStatus": "terms",
    "all_tags": "sentences",
    "archive_after": "sentences",
    "archive_unpulled": "sentences",
    "can_act": "proofs",
    "can_empty": "classes",
    "can_expire": "proofs",
    "can_lose": "proofs",
    "check_dependents": "dependents",
    "check_policy": "policy",
    "expire_after": "sentences",
    "expire_archived": "sentences",
    "expire_untagged": "sentences",
    "explain": "explanation",
    "explain_tag": "explanation",
    "keep_last": "sentences",
    "keep_last_untagged": "sentences",
    "look_ahead": "outlook",
    "never_expiring": "classes",
    "newest_kept": "classes",
    "number": "policy",
    "parse": "reading",
    "parse_images": "image_reader",
    "parse_manifests": "image_reader",
    "protect": "sentences",
    "render": "policy",
    "simulate": "simulator",
}


if not TYPE_CHECKING:
    # Type checkers must not see it: a module with a __getattr__ has every name that one mistypes.

    def __getattr__(name: str) -> object:
        """Load a public name where it is first used (PEP 562)."""
        home = _HOME.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{home}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Every public name, loaded or not."""
    return sorted({*globals(), *__all__})
