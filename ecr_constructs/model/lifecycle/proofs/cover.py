"""Whether there is an image that a rule selects and no rule before it does.

The tags of such an image must match every entry of the rule and, for each rule before it, leave
some entry unmatched. So for each of those an entry is chosen that no tag of the image matches;
the image exists exactly if for some choice every entry of the rule has a tag left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..rules.globs import Glob
from ..rules.language import UNDECIDED, Comparison, Undecided
from ..rules.rule import LifecycleRule
from ..rules.terms import TagStatus

__all__ = ["covering_rules", "find_tags"]

_MOST_TRIES = 2_000


def find_tags(
    comparison: Comparison, required: Iterable[str], before: Iterable[LifecycleRule]
) -> tuple[str, ...] | Undecided | None:
    """Tags of an image that match all of ``required`` and that no rule ``before`` selects.

    With nothing required the image may be untagged. ``None`` is a proof that there is no such
    image.
    """
    rules = tuple(before)
    wanted = tuple(dict.fromkeys(required))
    if any(rule.tag_status is TagStatus.ANY for rule in rules):
        return None
    if not wanted:
        if not any(rule.tag_status is TagStatus.UNTAGGED for rule in rules):
            return ()
        wanted = ("*",)
    lists = [rule.selection for rule in rules if rule.tag_status is TagStatus.TAGGED]
    forced = frozenset(entries[0] for entries in lists if len(entries) == 1)
    return _Search(comparison, wanted).among(
        forced, [entries for entries in lists if len(entries) > 1]
    )


def covering_rules(
    comparison: Comparison, required: Sequence[str], before: Sequence[LifecycleRule]
) -> tuple[LifecycleRule, ...]:
    """Few of the rules that together leave no such image: one where one is enough."""
    for rule in before:
        if find_tags(comparison, required, [rule]) is None:
            return (rule,)
    needed = list(before)
    for rule in reversed(before):
        fewer = [other for other in needed if other is not rule]
        if find_tags(comparison, required, fewer) is None:
            needed = fewer
    return tuple(needed)


class _Search:
    """Tries, for each list, the entries that the image leaves unmatched."""

    def __init__(self, comparison: Comparison, wanted: tuple[str, ...]) -> None:
        self._comparison = comparison
        self._wanted = [(entry, Glob.of(entry)) for entry in wanted]
        self._tries = 0

    def among(
        self, avoided: frozenset[str], lists: Sequence[Sequence[str]]
    ) -> tuple[str, ...] | Undecided | None:
        self._tries += 1
        if self._tries > _MOST_TRIES or self._comparison.is_exhausted:
            return UNDECIDED
        tags = self._tags(avoided)
        if tags is None:
            return None
        open_lists = [entries for entries in lists if avoided.isdisjoint(entries)]
        if not open_lists:
            return tags
        doubtful = False
        for entry in open_lists[0]:
            found = self.among(avoided | {entry}, open_lists[1:])
            if isinstance(found, tuple):
                return found
            doubtful = doubtful or isinstance(found, Undecided)
        return UNDECIDED if doubtful else None

    def _tags(self, avoided: frozenset[str]) -> tuple[str, ...] | Undecided | None:
        chosen: list[str] = []
        doubtful = False
        for entry, glob in self._wanted:
            # A tag that is there already may serve for this entry too: fewer tags read better.
            if any(glob.matches(tag) for tag in chosen):
                continue
            found = self._comparison.find_tag(frozenset([entry]), avoided)
            if found is None:
                return None
            if isinstance(found, Undecided):
                doubtful = True
            else:
                chosen.append(found)
        return UNDECIDED if doubtful else tuple(chosen)
