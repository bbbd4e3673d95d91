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
    from .images.image import Image, ImageStatus
    from .images.image_reader import parse_images, parse_manifests
    from .policies.policy import check_policy, number, render
    from .policies.reading import parse
    from .proofs.answers import Answer, Proof
    from .proofs.classes import Emptying, KeptNewest, can_empty, never_expiring, newest_kept
    from .proofs.comparison import archives_more, expires_more
    from .proofs.dependents import check_dependents
    from .proofs.examples import LOOKED_AT
    from .proofs.explanation import Explanation, explain, explain_tag
    from .proofs.possible import can_act, can_expire, can_lose
    from .rules.rule import LifecycleRule
    from .rules.sentences import (
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
    from .rules.terms import CountType, RuleAction, StorageClass, TagStatus
    from .simulation.outlook import Forecast, look_ahead
    from .simulation.preview import Outcome, Preview
    from .simulation.pushes import PushRate
    from .simulation.simulator import simulate

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
    "archives_more",
    "can_act",
    "can_empty",
    "can_expire",
    "can_lose",
    "check_dependents",
    "check_policy",
    "expire_after",
    "expire_archived",
    "expire_untagged",
    "expires_more",
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
    "AllTags": "rules.sentences",
    "Answer": "proofs.answers",
    "CountType": "rules.terms",
    "Emptying": "proofs.classes",
    "Explanation": "proofs.explanation",
    "Forecast": "simulation.outlook",
    "Image": "images.image",
    "ImageStatus": "images.image",
    "KeptNewest": "proofs.classes",
    "LOOKED_AT": "proofs.examples",
    "LifecycleRule": "rules.rule",
    "Outcome": "simulation.preview",
    "Preview": "simulation.preview",
    "Proof": "proofs.answers",
    "PushRate": "simulation.pushes",
    "RuleAction": "rules.terms",
    "StorageClass": "rules.terms",
    "TagStatus": "rules.terms",
    "all_tags": "rules.sentences",
    "archive_after": "rules.sentences",
    "archive_unpulled": "rules.sentences",
    "archives_more": "proofs.comparison",
    "can_act": "proofs.possible",
    "can_empty": "proofs.classes",
    "can_expire": "proofs.possible",
    "can_lose": "proofs.possible",
    "check_dependents": "proofs.dependents",
    "check_policy": "policies.policy",
    "expire_after": "rules.sentences",
    "expire_archived": "rules.sentences",
    "expire_untagged": "rules.sentences",
    "expires_more": "proofs.comparison",
    "explain": "proofs.explanation",
    "explain_tag": "proofs.explanation",
    "keep_last": "rules.sentences",
    "keep_last_untagged": "rules.sentences",
    "look_ahead": "simulation.outlook",
    "never_expiring": "proofs.classes",
    "newest_kept": "proofs.classes",
    "number": "policies.policy",
    "parse": "policies.reading",
    "parse_images": "images.image_reader",
    "parse_manifests": "images.image_reader",
    "protect": "rules.sentences",
    "render": "policies.policy",
    "simulate": "simulation.simulator",
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
