"""Finds the images that a rule's tags select without looking at every image for every rule."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from .globs import Glob
from .rule import LifecycleRule
from .terms import TagStatus

__all__ = ["TagIndex"]


class TagIndex:
    """The tags of images, sorted, with the answer for each pattern kept.

    :param tags_of_images: the tags of each image.
    :param numbers: by which number each image is answered.
    """

    def __init__(self, tags_of_images: Sequence[Sequence[str]], numbers: Sequence[int]) -> None:
        tags = [tag for tags in tags_of_images for tag in tags]
        owners = [index for index, tags in enumerate(tags_of_images) for _ in tags]
        order = sorted(range(len(tags)), key=tags.__getitem__)
        self._tags = [tags[index] for index in order]
        self._numbers = [numbers[owners[index]] for index in order]
        self._everything = frozenset(numbers)
        self._untagged = frozenset(
            number for tags, number in zip(tags_of_images, numbers, strict=True) if not tags
        )
        self._answers: dict[str, frozenset[int]] = {}

    def selected_by(self, rule: LifecycleRule) -> frozenset[int]:
        """The images that meet the rule's tagging requirements."""
        if rule.tag_status is TagStatus.ANY:
            return self._everything
        if rule.tag_status is TagStatus.UNTAGGED:
            return self._untagged
        selections = sorted((self._tagged(entry) for entry in rule.selection), key=len)
        return selections[0].intersection(*selections[1:])

    def _tagged(self, pattern: str) -> frozenset[int]:
        if pattern not in self._answers:
            self._answers[pattern] = frozenset(self._search(Glob.of(pattern)))
        return self._answers[pattern]

    def _search(self, glob: Glob) -> Iterable[int]:
        if glob.head or glob.exact:
            begin, end = self._range(glob)
        else:
            begin, end = 0, len(self._tags)
        numbers = self._numbers[begin:end]
        if glob.is_only_head:
            return numbers
        # The longest literal part, looked for in C, leaves few tags for the whole comparison.
        part = max((glob.tail, *glob.middles), key=len)
        pairs = zip(self._tags[begin:end], numbers, strict=True)
        if glob.is_only_middle:
            return [number for tag, number in pairs if part in tag]
        return [number for tag, number in pairs if part in tag and glob.matches(tag)]

    def _range(self, glob: Glob) -> tuple[int, int]:
        begin = bisect_left(self._tags, glob.head)
        end = bisect_left(self._tags, glob.head + "\U0010ffff", begin)
        while end < len(self._tags) and self._tags[end].startswith(glob.head):
            end += 1
        return begin, end
