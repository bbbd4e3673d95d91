"""Why an image goes or stays, in one sentence, with what the documentation leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ..images.image import Image, ImageStatus
from ..rules.rule import LifecycleRule
from ..rules.terms import CountType, RuleAction
from .evaluation import counted_from

if TYPE_CHECKING:
    from .preview import Outcome

__all__ = ["Scene", "sentence_for"]

_DAY: Final = 86_400
_DOES: Final = {RuleAction.EXPIRE: "expires", RuleAction.TRANSITION: "archives"}
_SINCE: Final = {
    CountType.SINCE_IMAGE_PUSHED: "{} days since its push",
    CountType.SINCE_IMAGE_PULLED: "{} days since its last pull (or push, or restore)",
    CountType.SINCE_IMAGE_TRANSITIONED: "{} days since it was archived",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What all outcomes of a preview share."""

    at: datetime
    children: frozenset[str]
    """The digests that manifest lists reference."""
    families: bool
    """Whether there are children of manifest lists or reference artifacts."""
    lists_unknown: bool
    """Whether there is a manifest list of which nobody said what it references."""
    phrases: dict[tuple[int | None, bool], str] = field(compare=False, repr=False)
    """What is said of each rule, when it acts and when it does not."""

    @staticmethod
    def phrases_for(rules: Iterable[LifecycleRule]) -> dict[tuple[int | None, bool], str]:
        """The half of a sentence that is the same for all images of a rule."""
        return {
            (rule.priority, acts): _acting(rule) if acts else _waiting(rule)
            for rule in rules
            for acts in (True, False)
        }


def sentence_for(outcome: Outcome) -> str:
    """The reason in one sentence."""
    fate = outcome.fate
    if outcome.rule is not None:
        told = _told(outcome, outcome.rule)
    elif fate is not None and fate.went_before:
        went = "among these images no more" if _is_gone(outcome) else "archived"
        told = f"its subject {fate.origin} is {went}, and artifacts follow within 24 hours"
    else:
        told = "no rule selects it"
    doubts = "; ".join(_doubts(outcome))
    return f"{told} (AWS does not document {doubts})" if doubts else told


def _is_gone(outcome: Outcome) -> bool:
    return outcome.action is RuleAction.EXPIRE


def _told(outcome: Outcome, rule: LifecycleRule) -> str:
    fate = outcome.fate
    if fate is not None and fate.held_by is not None:
        would = "expire" if rule.action is RuleAction.EXPIRE else "archive"
        return (
            f"rule {rule.priority} would {would} it, but manifest list {fate.held_by}, "
            "which references it, stays"
        )
    if fate is not None and fate.origin != outcome.image.digest:
        return (
            f"it follows its subject {fate.origin}, which rule {rule.priority} {_DOES[rule.action]}"
        )
    phrase = outcome.scene.phrases[rule.priority, outcome.action is not None]
    if not rule.count_type.in_days:
        return f"{phrase}; this is number {outcome.place}"
    passed = outcome.scene.at - counted_from(outcome.image, rule.count_type)
    days = f"{passed.total_seconds() / _DAY:.1f}".removesuffix(".0")
    return f"{phrase}; it is {_SINCE[rule.count_type].format(days)}"


def _acting(rule: LifecycleRule) -> str:
    number = f"rule {rule.priority} {_DOES[rule.action]}"
    if rule.count_type.in_days:
        return f"{number} images ({rule.class_name}) after {rule.count} days"
    return f"{number} images ({rule.class_name}) beyond the newest {rule.count}"


def _waiting(rule: LifecycleRule) -> str:
    number = f"rule {rule.priority} selects it first ({rule.class_name})"
    if rule.count_type.in_days:
        return f"{number} and waits for {rule.count} days"
    return f"{number} and keeps the newest {rule.count}"


def _doubts(outcome: Outcome) -> Iterator[str]:
    fate, image = outcome.fate, outcome.image
    if image.status is ImageStatus.ACTIVATING:
        yield "which storage class an image has while it is restored"
    if fate is not None and fate.origin != image.digest:
        yield "whether a preview lists reference artifacts"
        if fate.went_before:
            yield "how long after its subject an artifact can still go"
        return
    if outcome.tied:
        yield "which of the images pushed at the same moment goes first"
    if outcome.action is not None and outcome.rule is not None:
        yield from _doubts_of_acting(image, outcome.rule, outcome.scene)


def _doubts_of_acting(image: Image, rule: LifecycleRule, scene: Scene) -> Iterator[str]:
    if (
        rule.count_type is CountType.SINCE_IMAGE_PUSHED
        and image.activated_at is not None
        and (scene.at - image.activated_at).total_seconds() <= rule.count * _DAY
    ):
        yield "whether the age of a restored image counts from its restore"
    if rule.count_type is CountType.SINCE_IMAGE_TRANSITIONED and image.archived_at is None:
        yield "what counts for an archived image without lastArchivedAt; its push is taken"
    if image.subject is not None:
        yield "whether a rule acts on a reference artifact by itself"
    if image.digest in scene.children:
        yield "whether a child goes in the same run as its manifest list"
    elif scene.lists_unknown and not image.tags:
        yield "in describe-images which images a manifest list references, and none was given"
    if scene.families and not rule.count_type.in_days:
        yield "whether children of manifest lists and reference artifacts fill places"
