"""Proofs about classes of images: what of them always stays, and whether all of them can go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..images.image import Image
from ..policies.policy import number
from ..rules.globs import Glob
from ..rules.language import Comparison
from ..rules.rule import LifecycleRule
from ..rules.terms import MOST_IMAGES, CountType, RuleAction, StorageClass, TagStatus
from ..simulation.simulator import simulate
from .answers import Answer, Proof
from .examples import LOOKED_AT, example_for, is_too_large
from .possible import before_rule, is_out_of_reach, reach, tags_in_reach

__all__ = ["Emptying", "KeptNewest", "can_empty", "never_expiring", "newest_kept"]


@dataclass(frozen=True)
class KeptNewest:
    """The newest images of a class in standard storage, which no rule ever touches."""

    class_name: str
    count: int


@dataclass(frozen=True)
class Emptying:
    """A class of which every image can go at once, with a repository in which it does."""

    class_name: str
    rule: LifecycleRule
    example: tuple[Image, ...]


def newest_kept(
    policy: Iterable[LifecycleRule], *, comparison: Comparison | None = None
) -> tuple[KeptNewest, ...]:
    """For each rule that counts images: how many of the newest of its class always stay.

    Fewer than the rule says when a rule before it can act on images of the class; none of them is
    listed when no number is proven.
    """
    rules = number(policy)
    comparing = comparison or Comparison()
    kept = []
    for rule in rules:
        if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN and rule.count < MOST_IMAGES:
            count = _proven_count(comparing, rules, rule)
            if count and all("*" in entry for entry in rule.selection):
                kept.append(KeptNewest(rule.class_name, count))
    return tuple(kept)


def never_expiring(
    policy: Iterable[LifecycleRule], *, comparison: Comparison | None = None
) -> tuple[tuple[str, Proof], ...]:
    """The tags that can never expire, as patterns of the policy (``*`` for all) with the proof."""
    rules = number(policy)
    comparing = comparison or Comparison()
    everything = is_out_of_reach(rules, "*", comparison=comparing)
    if everything is not None:
        return (("*", everything),)
    patterns = dict.fromkeys(entry for rule in rules for entry in rule.selection)
    proofs = (
        (pattern, is_out_of_reach(rules, pattern, comparison=comparing)) for pattern in patterns
    )
    return tuple((pattern, proof) for pattern, proof in proofs if proof is not None)


def can_empty(
    policy: Iterable[LifecycleRule], *, comparison: Comparison | None = None
) -> tuple[Emptying, ...]:
    """The classes that the policy names, and the whole repository, of which nothing may stay.

    Only what the simulator confirms is listed, and only where the image needs no other tags than
    those of its class. Untagged images are no class: that all of them go is what such a rule is
    for.
    """
    rules = number(policy)
    comparing = comparison or Comparison()
    named = {rule.class_name: rule for rule in rules if rule.tag_status is TagStatus.TAGGED}
    found = []
    for class_name, entries in (
        *((name, rule.selection) for name, rule in named.items()),
        ("any", ()),
    ):
        emptying = _emptied(comparing, rules, class_name, entries)
        if emptying is not None:
            found.append(emptying)
    return tuple(found)


def _proven_count(
    comparison: Comparison, rules: Sequence[LifecycleRule], rule: LifecycleRule
) -> int:
    count = rule.count
    for other in before_rule(rules, rule):
        found = reach(comparison, rules, other, rule.selection)
        if isinstance(found, Proof) and found.answer is Answer.FALSE:
            continue
        if other.count_type is not CountType.IMAGE_COUNT_MORE_THAN:
            return 0
        # Among the newest of the wider class an image is no further back in the narrower one.
        if not selects_only(comparison, other, rule):
            return 0
        count = min(count, other.count)
    return count


def selects_only(comparison: Comparison, narrow: LifecycleRule, wide: LifecycleRule) -> bool:
    """Whether every image that the one rule selects is selected by the other too."""
    if wide.tag_status is TagStatus.ANY:
        return True
    return narrow.tag_status is wide.tag_status and _all_within(comparison, narrow, wide.selection)


def _all_within(comparison: Comparison, rule: LifecycleRule, entries: Sequence[str]) -> bool:
    """Whether the tags of every image that the rule selects match all of these patterns."""
    return all(
        any(comparison.is_within(mine, theirs) is True for mine in rule.selection)
        for theirs in entries
    )


def _emptied(
    comparison: Comparison, rules: Sequence[LifecycleRule], class_name: str, entries: Sequence[str]
) -> Emptying | None:
    members = _Members(tuple(map(Glob.of, entries)))
    ways = []
    for rule in rules:
        if rule.action is not RuleAction.EXPIRE or rule.storage_class is StorageClass.ARCHIVE:
            continue
        if rule.tag_status is TagStatus.UNTAGGED or is_too_large(rule):
            continue
        if not rule.count_type.in_days and _all_within(comparison, rule, entries):
            # Its newest stay, and they are of the class.
            continue
        tags = tags_in_reach(comparison, rules, rule, entries or ("*",))
        # A way that needs further tags on the image than its class has is far-fetched.
        if tags is not None and len(tags) <= max(1, len(entries)):
            ways.append((rule, tags))
    for rule, tags in sorted(ways, key=_plainness):
        example = example_for(rule, tags, others=members.lack)
        if example and _all_go(rules, example, members):
            return Emptying(class_name, rule, example)
    return None


def _plainness(way: tuple[LifecycleRule, Sequence[str]]) -> int:
    rule, _ = way
    return 0 if rule.count_type.in_days else rule.count


def _all_go(rules: Sequence[LifecycleRule], example: Sequence[Image], members: _Members) -> bool:
    preview = simulate(rules, example, at=LOOKED_AT)
    return example[0] in preview.expiring and all(
        members.lack(outcome.image) for outcome in preview.kept
    )


@dataclass(frozen=True)
class _Members:
    """The images of a class; with no patterns, every image."""

    patterns: Sequence[Glob]

    def lack(self, image: Image) -> bool:
        """Whether the image is outside the class."""
        return not all(any(pattern.matches(tag) for tag in image.tags) for pattern in self.patterns)
