"""What a policy does to the images of a repository, as ECR's own preview prints it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..images.image import Image
from ..images.references import References
from ..rules.rule import LifecycleRule
from ..rules.terms import RuleAction
from .families import Fate
from .reasons import Scene, sentence_for

__all__ = ["Outcome", "Preview"]


class Outcome(NamedTuple):
    """What becomes of one image, by which rule, and why.

    A tuple, as a preview may hold 100,000 of them: made in a third of a dataclass's time.
    """

    image: Image
    action: RuleAction | None
    """Nothing when the image stays."""
    rule: LifecycleRule | None
    """The rule that acts on the image or, where it stays, that selects it first.

    Nothing also for an artifact that goes because its subject went before: no rule acts on it.
    """
    scene: Scene
    """What all outcomes of a preview share."""
    place: int = 0
    """The place among the images that the rule counts, youngest first; 0 when it counts days."""
    tied: bool = False
    """Whether another image of the same moment could have its place, or that of what it follows."""
    fate: Fate | None = None
    """What a manifest list or a subject has to do with it."""

    @property
    def reason(self) -> str:
        """The reason in one sentence, with what AWS leaves open."""
        return sentence_for(self)

    @property
    def at_risk(self) -> bool:
        """Whether the image goes, or stays only by an order that ECR does not document."""
        return self.action is not None or self.tied

    def to_json(self) -> dict[str, object]:
        """An entry of ``previewResults``, or of ``kept``."""
        entry: dict[str, object] = {
            "imageDigest": self.image.digest,
            "imageTags": list(self.image.tags),
            "imagePushedAt": self.image.pushed_at.isoformat(),
        }
        if self.action is RuleAction.TRANSITION:
            entry["action"] = {"type": "TRANSITION", "targetStorageClass": "ARCHIVE"}
        elif self.action is RuleAction.EXPIRE:
            entry["action"] = {"type": "EXPIRE"}
        if self.action is not None and self.rule is not None:
            entry["appliedRulePriority"] = self.rule.priority
        entry["storageClass"] = self.image.storage_class
        entry["reason"] = self.reason
        return entry


@dataclass(frozen=True, slots=True)
class Preview:
    """The outcome for every image, oldest first."""

    results: tuple[Outcome, ...]
    """The images that a rule acts on."""
    kept: tuple[Outcome, ...]
    """The images that stay."""

    @property
    def expiring(self) -> tuple[Image, ...]:
        """The images that are deleted."""
        return self._images(RuleAction.EXPIRE)

    @property
    def transitioning(self) -> tuple[Image, ...]:
        """The images that move to the archive."""
        return self._images(RuleAction.TRANSITION)

    def in_use_lost(self, in_use: Iterable[str]) -> tuple[Outcome, ...]:
        """What would be lost of what runs.

        :param in_use: digests, tags or image URIs (``...amazonaws.com/shop/api:v1``). An archived
            image cannot be pulled, so a move to the archive is a loss as well; so is an image
            that stays only by an order that ECR does not document.
        """
        references = References(in_use)
        return tuple(
            outcome
            for outcome in (*self.results, *self.kept)
            if outcome.at_risk and references.name(outcome.image)
        )

    def in_use_missing(self, in_use: Iterable[str]) -> tuple[str, ...]:
        """What runs and is none of these images, as it was written: gone already, or misspelt.

        A reference to another repository is none of them.
        """
        images = (outcome.image for outcome in (*self.results, *self.kept))
        return References(in_use).missing(images)

    def to_json(self, in_use: Iterable[str] | None = None) -> dict[str, object]:
        """The shape of ``aws ecr get-lifecycle-policy-preview``, with reasons and ``kept``.

        With ``in_use`` also ``in_use_lost``, and these images come first in ``previewResults``.
        """
        lost = () if in_use is None else self.in_use_lost(in_use)
        first = {outcome.image.digest for outcome in lost}
        ordered = [outcome for outcome in self.results if outcome.image.digest in first]
        ordered += [outcome for outcome in self.results if outcome.image.digest not in first]
        moved = len(self.transitioning)
        document: dict[str, object] = {
            "previewResults": [outcome.to_json() for outcome in ordered],
            "summary": {
                "expiringImageTotalCount": len(self.expiring),
                "transitioningImageTotalCounts": [
                    {"targetStorageClass": "ARCHIVE", "imageTotalCount": moved}
                ]
                if moved
                else [],
            },
            "kept": [outcome.to_json() for outcome in self.kept],
        }
        if in_use is not None:
            document["in_use_lost"] = [outcome.to_json() for outcome in lost]
        return document

    def to_text(self, in_use: Iterable[str] | None = None) -> str:
        """The JSON as text, a line for each image."""
        parts = []
        for key, value in self.to_json(in_use).items():
            if isinstance(value, list) and value:
                lines = ",\n".join(f"    {json.dumps(entry)}" for entry in value)
                shown = f"[\n{lines}\n  ]"
            else:
                shown = json.dumps(value)
            parts.append(f'  "{key}": {shown}')
        return "{\n" + ",\n".join(parts) + "\n}"

    def _images(self, action: RuleAction) -> tuple[Image, ...]:
        return tuple(outcome.image for outcome in self.results if outcome.action is action)
