"""What the rules of one storage class do to its images: the heart of the simulator.

The user guide's "Lifecycle policy evaluation rules" (LifecyclePolicies.html), read as follows:

- Every rule looks at all images of its class whose tags it selects, also at those that a rule
  before it marks or claims: they fill places among the newest that a rule keeps.
- An image is acted on by the first rule that selects it, or by none: a rule that selects an
  image and leaves it takes it out of reach of every later rule of the class (the claim).
- Youngest first is by push, or by the restore for an image that was restored. At the same moment
  ECR's order is not documented: claimed images count as younger, then by digest, so that as many
  as possible of those that can go do go.
- "Older than n days" is strict.
- Days since the push are counted from the push for restored images too: not documented, and the
  reading that takes more. A pull counts only when it came after the restore.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ..images.image import Image
from ..rules.rule import LifecycleRule
from ..rules.terms import CountType, RuleAction
from .tag_index import TagIndex

__all__ = ["Decisions", "counted_from", "evaluate_class"]


@dataclass
class Decisions:
    """For each image, by its number: which rule decides about it, and how.

    Columns in place of one object an image: a repository may hold 100,000 of them.
    """

    rules: list[LifecycleRule | None]
    """The first rule that selects the image."""
    acts: list[bool]
    """Whether that rule acts on it."""
    places: list[int]
    """Its place among the images counted, youngest first; 0 for a rule that counts days."""
    tied: set[int] = field(default_factory=set)
    """Images of which another of the same moment could have the place."""

    @classmethod
    def none(cls, amount: int) -> Decisions:
        """No decision yet."""
        return cls([None] * amount, [False] * amount, [0] * amount)

    def is_softer(self, index: int, rule: LifecycleRule, acts: bool) -> bool:
        """Whether what is decided so far is softer: kept, then archived, then deleted.

        Of two rules that do the same it is the one that is applied later.
        """
        if not acts:
            return False
        before = self.rules[index]
        if before is None or not self.acts[index]:
            return True
        if before.action is not rule.action:
            return rule.action is RuleAction.EXPIRE
        return (rule.priority or 0) < (before.priority or 0)


def evaluate_class(
    rules: Sequence[LifecycleRule],
    images: Sequence[Image],
    members: Sequence[int],
    decided: Decisions,
    at: datetime,
) -> None:
    """Decide about the images of a storage class.

    :param rules: the rules of that class, in order of priority.
    :param members: the numbers of its images.
    :param decided: takes the decisions; of two about an image the harder one stays.
    """
    evaluation = _Evaluation(rules, [images[index] for index in members], at)
    for rule in rules:
        evaluation.apply(rule)
    evaluation.write_to(decided, members)


def counted_from(image: Image, count_type: CountType) -> datetime:
    """The moment from which the days of a rule are counted for an image."""
    if count_type is CountType.SINCE_IMAGE_TRANSITIONED:
        # An archived image without the time of its archiving: its push is the earliest it can be.
        return image.archived_at or image.pushed_at
    if count_type is CountType.SINCE_IMAGE_PULLED:
        pulled, restored = image.last_pulled_at, image.activated_at
        if restored is not None and (pulled is None or pulled < restored):
            return restored
        return pulled or image.pushed_at
    return image.pushed_at


class _Evaluation:
    """Works on the numbers of images in their order, youngest first."""

    def __init__(
        self, rules: Sequence[LifecycleRule], members: Sequence[Image], at: datetime
    ) -> None:
        moments = [(image.activated_at or image.pushed_at).timestamp() for image in members]
        self._order = _youngest_first(members, moments)
        self._members = [members[index] for index in self._order]
        # Negated, so that they grow with the number as a search in them expects.
        self._ages = [-moments[index] for index in self._order]
        self._at = at
        numbers = [0] * len(members)
        for number, index in enumerate(self._order):
            numbers[index] = number
        # In the order given, not by age: close together in memory, which is twice as fast.
        self._index = TagIndex([image.tags for image in members], numbers, rules)
        self._free = set(range(len(members)))
        self._decisions = Decisions.none(len(members))

    def apply(self, rule: LifecycleRule) -> None:
        selected = self._index.selected_by(rule)
        new = self._free & selected
        if not new:
            return
        self._free -= new
        for number in new:
            self._decisions.rules[number] = rule
        if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN:
            self._count(rule.count, selected, new)
        else:
            self._age(rule, new)

    def write_to(self, decided: Decisions, members: Sequence[int]) -> None:
        """Hand over what was decided about each image."""
        mine, rules, acts, places = self._decisions, decided.rules, decided.acts, decided.places
        indices = [members[place_among_members] for place_among_members in self._order]
        wavering = {indices[number] for number in mine.tied}
        for index, rule, goes, place in zip(
            indices, mine.rules, mine.acts, mine.places, strict=True
        ):
            if rule is None:
                continue
            # Only an image on its way back from the archive was decided about before.
            if rules[index] is None or decided.is_softer(index, rule, goes):
                rules[index], acts[index], places[index] = rule, goes, place
                if index in wavering:
                    decided.tied.add(index)
                else:
                    decided.tied.discard(index)

    def _age(self, rule: LifecycleRule, new: Iterable[int]) -> None:
        acts, members = self._decisions.acts, self._members
        try:
            limit = (self._at - timedelta(days=rule.count)).timestamp()
        except OverflowError:
            return  # no image is older than the calendar
        for number in new:
            if counted_from(members[number], rule.count_type).timestamp() < limit:
                acts[number] = True

    def _count(self, count: int, selected: Collection[int], new: set[int]) -> None:
        acts, places = self._decisions.acts, self._decisions.places
        ordered = sorted(selected)
        border = self._tie_at(ordered, count)
        if border:
            # Claimed images first: the reading under which most of the others go.
            tied = ordered[border.start : border.stop]
            ordered[border.start : border.stop] = sorted(tied, key=new.__contains__)
            self._decisions.tied.update(new.intersection(tied))
        for place, number in enumerate(ordered, start=1):
            if number in new:
                places[number] = place
                acts[number] = place > count

    def _tie_at(self, ordered: Sequence[int], count: int) -> range:
        """The places of the images of one moment, of which some are kept and some are not."""
        if len(ordered) <= count:
            return range(0)
        border = self._ages[ordered[count]]
        if self._ages[ordered[count - 1]] != border:
            return range(0)
        first, last = bisect_left(self._ages, border), bisect_right(self._ages, border)
        return range(bisect_left(ordered, first), bisect_left(ordered, last))


def _youngest_first(members: Sequence[Image], moments: Sequence[float]) -> list[int]:
    order = sorted(range(len(members)), key=moments.__getitem__, reverse=True)
    ages = [-moments[index] for index in order]
    by_digest = _Digests(members).of
    settled = 0
    for place, (age, next_age) in enumerate(pairwise(ages)):
        if age == next_age and place >= settled:
            settled = bisect_right(ages, age)
            order[place:settled] = sorted(order[place:settled], key=by_digest)
    return order


@dataclass(frozen=True)
class _Digests:
    members: Sequence[Image]

    def of(self, index: int) -> str:
        return self.members[index].digest
