"""The images of a preview by the rule that decides about them."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ....model.lifecycle import CountType, LifecycleRule, Outcome, Preview, RuleAction
from ...drawing.text import counted

__all__ = ["MOST_LISTED", "Effect", "Lane", "effect_of", "idle_rules", "lanes_of", "summary"]


MOST_LISTED: Final = 5_000
"""How many images a page lists."""


class Effect(enum.Enum):
    """What becomes of an image, by the mark that stands for it."""

    EXPIRES = "expires"
    ARCHIVED = "archived"
    TIED = "tied"
    """Kept by an order that ECR does not document."""
    KEPT = "kept"


@dataclass(frozen=True)
class Lane:
    """Images of one rule, or of none, oldest first."""

    heading: str
    outcomes: tuple[Outcome, ...]
    rule: LifecycleRule | None = None
    lost: bool = False
    """Whether something runs these images."""

    @property
    def days(self) -> int | None:
        """After how many days since the push its rule acts."""
        if self.rule is None or self.rule.count_type is not CountType.SINCE_IMAGE_PUSHED:
            return None
        return self.rule.count


def effect_of(outcome: Outcome) -> Effect:
    """What becomes of the image."""
    if outcome.action is RuleAction.EXPIRE:
        return Effect.EXPIRES
    if outcome.action is RuleAction.TRANSITION:
        return Effect.ARCHIVED
    return Effect.TIED if outcome.tied else Effect.KEPT


def lanes_of(preview: Preview, in_use: Sequence[str] | None) -> tuple[Lane, ...]:
    """What is in use and would go, then the rules as they run, then the images of no rule."""
    lost = preview.in_use_lost(in_use) if in_use is not None else ()
    digests = {outcome.image.digest for outcome in lost}
    by_rule: dict[int, list[Outcome]] = {}
    following: list[Outcome] = []
    selected_by_none: list[Outcome] = []
    for outcome in sorted((*preview.results, *preview.kept), key=lambda each: each.image.pushed_at):
        if outcome.image.digest in digests:
            continue
        if outcome.rule is not None:
            by_rule.setdefault(outcome.rule.priority or 0, []).append(outcome)
        else:
            (following if outcome.action is not None else selected_by_none).append(outcome)
    lanes = [Lane("In use, and lost", lost, lost=True)]
    for _, outcomes in sorted(by_rule.items()):
        rule = outcomes[0].rule
        lanes.append(Lane(_phrase(outcomes[0]), tuple(outcomes), rule))
    lanes.append(Lane("Artifacts that follow a subject that went before", tuple(following)))
    lanes.append(Lane("No rule selects these", tuple(selected_by_none)))
    return tuple(lane for lane in lanes if lane.outcomes)


def idle_rules(preview: Preview) -> tuple[int, ...]:
    """The priorities of rules that select none of the images."""
    outcomes = (*preview.results, *preview.kept)
    if not outcomes:
        return ()
    busy = {outcome.rule.priority for outcome in outcomes if outcome.rule is not None}
    every = {priority for priority, _ in outcomes[0].scene.phrases if priority is not None}
    return tuple(sorted(every - busy))


def summary(preview: Preview, lost: int | None) -> str:
    """How many images each effect has."""
    parts = [
        f"{len(preview.expiring):,} expire",
        f"{len(preview.transitioning):,} move to the archive",
        f"{len(preview.kept):,} stay",
    ]
    if lost is not None:
        parts.append(f"{lost:,} of those in use are lost")
    images = counted(len(preview.results) + len(preview.kept), "image", "images")
    return f"{images}: {', '.join(parts)}"


def _phrase(outcome: Outcome) -> str:
    priority = outcome.rule.priority if outcome.rule is not None else None
    phrase = outcome.scene.phrases[priority, True]
    return phrase[:1].upper() + phrase[1:]
