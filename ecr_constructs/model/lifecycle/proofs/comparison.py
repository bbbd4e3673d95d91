"""Whether a policy takes an image that another one keeps.

Both look at the same images at the same moment. What a policy leaves for the next day is not
followed: an image that stays takes a place among the newest that a rule keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ...deferred import is_deferred
from ..images.image import Image
from ..policies.policy import number
from ..rules.globs import Glob
from ..rules.language import Comparison, Undecided
from ..rules.rule import LifecycleRule
from ..rules.terms import CountType, RuleAction, StorageClass, TagStatus
from ..simulation.preview import Outcome
from ..simulation.simulator import simulate
from .answers import Answer, Proof
from .classes import selects_only
from .cover import find_tags
from .examples import LOOKED_AT, example_for, is_too_large
from .possible import before_rule, never_by_itself

__all__ = ["archives_more", "expires_more"]

Rules = Sequence[LifecycleRule]
_YOUNG: Final = timedelta(hours=6)
"""Longer ago than the youngest images of any example, and within the shortest count of days."""
_LOST: Final = (RuleAction.EXPIRE, RuleAction.TRANSITION)


def expires_more(
    old: Iterable[LifecycleRule],
    new: Iterable[LifecycleRule],
    *,
    comparison: Comparison | None = None,
) -> Proof:
    """Whether the new policy deletes an image that the old one does not.

    TRUE comes with a repository in which it is so, confirmed by the simulator; FALSE is proven for
    every repository in which no two images were pushed at the same moment.

    :param comparison: patterns compared already; one for several questions saves time. Default:
        none.
    """
    return _Question(old, new, comparison or Comparison(), (RuleAction.EXPIRE,)).answered()


def archives_more(
    old: Iterable[LifecycleRule],
    new: Iterable[LifecycleRule],
    *,
    comparison: Comparison | None = None,
) -> Proof:
    """Whether the new policy archives an image that the old one leaves where it is.

    As :func:`expires_more`. An archived image cannot be pulled until it is restored.
    """
    return _Question(old, new, comparison or Comparison(), _LOST).answered()


class _Question:
    """Whether new rules of one action take what old rules of some actions do not."""

    def __init__(
        self,
        old: Iterable[LifecycleRule],
        new: Iterable[LifecycleRule],
        comparison: Comparison,
        actions: Sequence[RuleAction],
    ) -> None:
        self._old, self._new = number(old), number(new)
        self._comparison = comparison
        self._actions = actions
        # Of all that counts as a loss, the mildest is what the new rules are asked for.
        self._action = actions[-1]

    def answered(self) -> Proof:
        """The answer, by an example where there is one."""
        if _meaning(self._old) == _meaning(self._new):
            return Proof(answer=Answer.FALSE, because="both policies say the same")
        asking = [
            rule for rule in self._new if rule.action is self._action and not never_by_itself(rule)
        ]
        if not asking:
            return Proof(answer=Answer.FALSE, because="no rule does so")
        if any(is_deferred("".join(rule.selection)) for rule in (*self._old, *self._new)):
            return _undecided("some tags are known only when CloudFormation deploys")
        doubts: list[str] = []
        for rule in asking:
            for other, tags in self._meetings(rule):
                if isinstance(tags, Undecided):
                    doubts.append("the patterns are too many to compare within bounds")
                elif not self._also_taken(rule, other):
                    shown = self._shown(rule, other, tags)
                    if shown is not None:
                        return shown
                    doubts.append(_open_between(rule, other))
        if doubts:
            return _undecided(doubts[0])
        return Proof(answer=Answer.FALSE, because="the old policy takes all that the new one takes")

    def _meetings(
        self, rule: LifecycleRule
    ) -> Iterator[tuple[LifecycleRule | None, tuple[str, ...] | Undecided]]:
        """Each old rule that may decide about an image of the new one, with tags of such an image.

        None is no rule.
        """
        before = before_rule(self._new, rule)
        earlier: list[LifecycleRule] = []
        for other in self._old:
            if other.storage_class is not rule.storage_class:
                continue
            tags = self._tags_of_both(rule, other, (*before, *earlier))
            if tags is not None:
                yield other, tags
            earlier.append(other)
        tags = self._tags_of_both(rule, None, (*before, *earlier))
        if tags is not None:
            yield None, tags

    def _tags_of_both(
        self, rule: LifecycleRule, other: LifecycleRule | None, before: Rules
    ) -> tuple[str, ...] | Undecided | None:
        statuses = {rule.tag_status} | ({other.tag_status} if other is not None else set())
        if TagStatus.UNTAGGED in statuses:
            taken = (TagStatus.UNTAGGED, TagStatus.ANY)
            tagged = TagStatus.TAGGED in statuses
            return None if tagged or any(each.tag_status in taken for each in before) else ()
        required = (*rule.selection, *(other.selection if other is not None else ()))
        return find_tags(self._comparison, required, before)

    def _also_taken(self, rule: LifecycleRule, other: LifecycleRule | None) -> bool:
        """Whether the old rule surely acts on each image of its own on which the new one acts."""
        if other is None or other.action not in self._actions:
            return False
        if other.count > rule.count:
            return False
        if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN:
            # No image is further in front among more images.
            return other.count_type is rule.count_type and selects_only(
                self._comparison, rule, other
            )
        # A pull and a move to the archive come after the push.
        return other.count_type in (rule.count_type, CountType.SINCE_IMAGE_PUSHED)

    def _shown(
        self, rule: LifecycleRule, other: LifecycleRule | None, tags: tuple[str, ...]
    ) -> Proof | None:
        if is_too_large(rule):
            return None
        for images in _examples(rule, self._leaves_some_to(rule, other), tags):
            # The first of the images is the one that was made to go.
            goes = _outcome(self._new, images)
            stays = _outcome(self._old, images)
            if goes.action is self._action and stays.action not in self._actions:
                return Proof(
                    answer=Answer.TRUE,
                    because=_told(rule, stays, images[0]),
                    example=tuple(images),
                    witness=images[0],
                )
        return None

    def _leaves_some_to(
        self, rule: LifecycleRule, other: LifecycleRule | None
    ) -> LifecycleRule | None:
        """The old rule, where it does not select every image that the new one selects."""
        everything = other is not None and selects_only(self._comparison, rule, other)
        return None if everything else other


def _meaning(rules: Rules) -> object:
    """What rules do, however they are numbered and described."""
    return [
        [
            (rule.action, rule.tag_status, frozenset(rule.selection), rule.count_type, rule.count)
            for rule in rules
            if rule.storage_class is storage_class
        ]
        for storage_class in StorageClass
    ]


def _examples(
    rule: LifecycleRule, other: LifecycleRule | None, tags: tuple[str, ...]
) -> Iterator[tuple[Image, ...]]:
    """Repositories in which the new rule acts on the first image and the old one may not."""
    ways: list[Callable[[Image], bool] | None] = [None]
    if other is not None and not rule.count_type.in_days:
        # What the old rule does not select takes no place among those that it counts.
        ways.insert(0, _Unselected(other))
    for others in ways:
        images = example_for(rule, tags, others=others)
        if not images:
            continue
        yield images
        first, *younger = images
        if not rule.count_type.in_days:
            yield (replace(first, pushed_at=LOOKED_AT - _YOUNG), *younger)
        elif rule.action is RuleAction.TRANSITION:
            yield (replace(first, last_pulled_at=LOOKED_AT - _YOUNG), *younger)


class _Unselected:
    """The images that a rule does not select."""

    def __init__(self, rule: LifecycleRule) -> None:
        self._status = rule.tag_status
        self._patterns = [Glob.of(entry) for entry in rule.selection]

    def __call__(self, image: Image) -> bool:
        """Whether the rule passes the image over."""
        if self._status is not TagStatus.TAGGED:
            return self._status is TagStatus.UNTAGGED and bool(image.tags)
        return not all(
            any(pattern.matches(tag) for tag in image.tags) for pattern in self._patterns
        )


def _outcome(rules: Rules, images: Sequence[Image]) -> Outcome:
    preview = simulate(rules, images, at=LOOKED_AT)
    outcomes = (*preview.results, *preview.kept)
    return next(outcome for outcome in outcomes if outcome.image is images[0])


def _told(rule: LifecycleRule, stays: Outcome, image: Image) -> str:
    does = "expires" if rule.action is RuleAction.EXPIRE else "archives"
    carried = f"tagged {' and '.join(image.tags)}" if image.tags else "without a tag"
    condition = (
        f"with {rule.count} younger ones"
        if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN
        else f"{_since(rule.count_type)} {rule.count + 1} days ago"
    )
    if stays.rule is None:
        before = "which no rule took before"
    elif stays.action is None:
        before = f"which rule {stays.rule.priority} of the old policy keeps"
    else:
        before = f"which rule {stays.rule.priority} of the old policy archives"
    return f"rule {rule.priority} {does} an image {carried}, {condition}, {before}"


def _since(count_type: CountType) -> str:
    return {
        CountType.SINCE_IMAGE_PULLED: "last pulled",
        CountType.SINCE_IMAGE_TRANSITIONED: "archived",
    }.get(count_type, "pushed")


def _open_between(rule: LifecycleRule, other: LifecycleRule | None) -> str:
    if other is None:
        return f"no example was found for rule {rule.priority}"
    return f"rule {rule.priority} was not proven to take no more than rule {other.priority} did"


def _undecided(because: str) -> Proof:
    return Proof(answer=Answer.UNDECIDED, because=because)
