"""Finds the images that a rule's tags select without looking at every tag for every rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from ..rules.globs import Glob
from ..rules.rule import LifecycleRule
from ..rules.terms import TagStatus

__all__ = ["TagIndex"]


class TagIndex:
    """The tags of images, laid out by how the patterns of some rules begin.

    :param tags_of_images: the tags of each image.
    :param numbers: by which number each image is answered.
    :param rules: the rules that will be asked about.
    """

    def __init__(
        self,
        tags_of_images: Sequence[Sequence[str]],
        numbers: Sequence[int],
        rules: Iterable[LifecycleRule],
    ) -> None:
        self._everything = frozenset(numbers)
        self._untagged = frozenset(
            number for tags, number in zip(tags_of_images, numbers, strict=True) if not tags
        )
        heads = {Glob.of(entry).head for rule in rules for entry in rule.selection}
        # No rule selects by tags: nothing will be looked for.
        tagged = tags_of_images if heads else ()
        self._tags = list(chain.from_iterable(tagged))
        # Not strict: `tagged` may be none at all. Nothing is kept but the numbers: a tuple for each
        # image would wake the garbage collector.
        self._numbers = [
            number for tags, number in zip(tagged, numbers, strict=False) for _ in tags
        ]
        # As long as every pattern's beginning, so that each finds its tags in one drawer.
        self._label_length = min((len(head) for head in heads if head), default=0)
        self._drawers = self._sorted_into(heads)
        self._answers: dict[str, frozenset[int]] = {}

    def selected_by(self, rule: LifecycleRule) -> frozenset[int]:
        """The images that meet the rule's tagging requirements."""
        if rule.tag_status is TagStatus.ANY:
            return self._everything
        if rule.tag_status is TagStatus.UNTAGGED:
            return self._untagged
        selections = sorted((self._tagged(entry) for entry in rule.selection), key=len)
        return selections[0].intersection(*selections[1:])

    def _sorted_into(self, heads: Iterable[str]) -> dict[str, list[int]]:
        length = self._label_length
        drawers: dict[str, list[int]] = {head[:length]: [] for head in heads if head}
        if drawers:
            for place, tag in enumerate(self._tags):
                drawer = drawers.get(tag[:length])
                if drawer is not None:
                    drawer.append(place)
        return drawers

    def _tagged(self, pattern: str) -> frozenset[int]:
        if pattern not in self._answers:
            self._answers[pattern] = frozenset(self._search(Glob.of(pattern)))
        return self._answers[pattern]

    def _search(self, glob: Glob) -> Iterable[int]:
        tags, numbers = self._tags, self._numbers
        if glob.is_only_head:
            return self._beginning_with(glob.head)
        if glob.head:
            drawer = self._drawers[glob.head[: self._label_length]]
            return [numbers[place] for place in drawer if glob.matches(tags[place])]
        # The longest literal part, looked for in C, leaves few tags for the whole comparison.
        part = max((glob.tail, *glob.middles), key=len)
        pairs = zip(tags, numbers, strict=True)
        if glob.is_only_middle:
            return [number for tag, number in pairs if part in tag]
        return [number for tag, number in pairs if part in tag and glob.matches(tag)]

    def _beginning_with(self, head: str) -> Iterable[int]:
        if not head:
            return self._numbers
        drawer = self._drawers[head[: self._label_length]]
        if len(head) == self._label_length:
            return [self._numbers[place] for place in drawer]
        tags, numbers = self._tags, self._numbers
        return [numbers[place] for place in drawer if tags[place].startswith(head)]
