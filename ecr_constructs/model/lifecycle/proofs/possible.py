"""Proofs about every repository that a policy could meet.

The repositories are those whose tags follow the OCI grammar. Reference artifacts are left out:
they go with their subject whatever a policy says of them. That no repository holds a million
images and no image is a hundred years old is taken for granted, and said where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ...deferred import is_deferred
from ..policies.policy import number
from ..rules.language import Comparison, Undecided
from ..rules.rule import LifecycleRule
from ..rules.tag_checks import TAG_FIRST, TAG_REST
from ..rules.terms import MOST_IMAGES, CountType, RuleAction, TagStatus
from .answers import Answer, Proof
from .cover import covering_rules, find_tags
from .examples import acted_on, example_for, is_too_large

__all__ = ["can_act", "can_expire", "can_lose", "is_out_of_reach"]

_MOST_DAYS: Final = 36_500
_LOSSES: Final = (RuleAction.EXPIRE, RuleAction.TRANSITION)


def can_act(
    policy: Iterable[LifecycleRule], priority: int, *, comparison: Comparison | None = None
) -> Proof:
    """Whether the rule of this priority can ever act on an image.

    :param comparison: shared by several questions about a policy, with the bound on their work;
        by default one for this question.
    """
    rules = number(policy)
    rule = next(each for each in rules if each.priority == priority)
    tags = reach(comparison or Comparison(), rules, rule, ())
    return tags if isinstance(tags, Proof) else _shown(rules, rule, tags)


def can_expire(
    policy: Iterable[LifecycleRule], tags: str, *, comparison: Comparison | None = None
) -> Proof:
    """Whether an image that carries a tag like this can be deleted.

    :param tags: a tag, or a pattern that stands for many.
    """
    return _lost(comparison or Comparison(), number(policy), tags, (RuleAction.EXPIRE,))


def is_out_of_reach(
    policy: Iterable[LifecycleRule], tags: str, *, comparison: Comparison | None = None
) -> Proof | None:
    """The proof that no image that carries a tag like this can be deleted, if there is one."""
    rules = number(policy)
    comparing = comparison or Comparison()
    acting = [rule for rule in rules if rule.action is RuleAction.EXPIRE]
    if any(not _is_blocked(reach(comparing, rules, rule, (tags,))) for rule in acting):
        return None
    return can_expire(rules, tags, comparison=comparing)


def can_lose(
    policy: Iterable[LifecycleRule], tags: str, *, comparison: Comparison | None = None
) -> Proof:
    """Whether such an image can be deleted or archived, after which nobody can pull it."""
    return _lost(comparison or Comparison(), number(policy), tags, _LOSSES)


def reach(
    comparison: Comparison,
    rules: Sequence[LifecycleRule],
    rule: LifecycleRule,
    also: Sequence[str],
) -> tuple[str, ...] | Proof:
    """Tags of an image that the rule can act on, or the proof that there is none.

    :param also: patterns that the tags of the image must match besides the rule's own.
    """
    by_itself = _by_itself(rules, rule, also)
    if by_itself is not None:
        return by_itself
    before = before_rule(rules, rule)
    required = (*also, *rule.selection)
    tags = find_tags(comparison, required, before)
    if isinstance(tags, Undecided):
        return _undecided("the patterns are too many to compare within bounds")
    return _covered(comparison, rule, required, before) if tags is None else tags


def tags_in_reach(
    comparison: Comparison,
    rules: Sequence[LifecycleRule],
    rule: LifecycleRule,
    also: Sequence[str],
) -> tuple[str, ...] | None:
    """As :func:`reach`, for who needs no proof: that is most of the work where there is none."""
    by_itself = _by_itself(rules, rule, also)
    if by_itself is not None:
        return by_itself if isinstance(by_itself, tuple) else None
    tags = find_tags(comparison, (*also, *rule.selection), before_rule(rules, rule))
    return tags if isinstance(tags, tuple) else None


def _by_itself(
    rules: Sequence[LifecycleRule], rule: LifecycleRule, also: Sequence[str]
) -> tuple[str, ...] | Proof | None:
    """The answer where the other rules do not matter."""
    if any(is_deferred("".join(each.selection)) for each in rules):
        return _undecided("some tags are known only when CloudFormation deploys")
    never = never_by_itself(rule)
    if never:
        return Proof(answer=Answer.FALSE, because=never)
    if rule.tag_status is not TagStatus.UNTAGGED:
        return None
    if not also:
        return ()
    untagged_only = f"rule {rule.priority} selects untagged images only"
    return Proof(answer=Answer.FALSE, because=untagged_only)


def before_rule(rules: Sequence[LifecycleRule], rule: LifecycleRule) -> tuple[LifecycleRule, ...]:
    """The rules that are applied to the same storage class before this one."""
    return tuple(
        other for other in rules[: rules.index(rule)] if other.storage_class is rule.storage_class
    )


def _lost(
    comparison: Comparison,
    rules: Sequence[LifecycleRule],
    tags: str,
    actions: Sequence[RuleAction],
) -> Proof:
    if "*" not in tags and not _is_tag(tags):
        return _undecided(f"{tags!r} is no tag that a client can push")
    acting = [rule for rule in rules if rule.action in actions]
    if not acting:
        return Proof(answer=Answer.FALSE, because="no rule does so")
    reached = [(rule, reach(comparison, rules, rule, (tags,))) for rule in acting]
    open_ways = [(rule, found) for rule, found in reached if not isinstance(found, Proof)]
    blocked = [(rule, found) for rule, found in reached if isinstance(found, Proof)]
    undecided = [found for _, found in blocked if found.answer is Answer.UNDECIDED]
    for rule, found in sorted(open_ways, key=_size):
        proof = _shown(rules, rule, found)
        if proof.answer is Answer.TRUE:
            return proof
        undecided.append(proof)
    return undecided[0] if undecided else _never(rules, blocked)


def _never(rules: Sequence[LifecycleRule], blocked: Sequence[tuple[LifecycleRule, Proof]]) -> Proof:
    """One proof from those for each rule, with what they share said once."""
    behind: dict[tuple[int, ...], list[str]] = {}
    others: list[str] = []
    for rule, proof in blocked:
        if proof.covering:
            behind.setdefault(proof.covering, []).append(str(rule.priority))
        elif rule.tag_status is not TagStatus.UNTAGGED:
            others.append(proof.because)
    by_priority = {rule.priority: rule for rule in rules}
    said = [
        _behind([by_priority[priority] for priority in covering], numbers)
        for covering, numbers in behind.items()
    ]
    because = "; ".join((*others, *said)) or "only untagged images are taken"
    covering = sorted({priority for priorities in behind for priority in priorities})
    return Proof(answer=Answer.FALSE, because=because, covering=tuple(covering))


def _size(way: tuple[LifecycleRule, Sequence[str]]) -> tuple[int, int]:
    """The plainest example first: few tags, then few images."""
    rule, tags = way
    return len(tags), 0 if rule.count_type.in_days else rule.count


def _is_blocked(found: tuple[str, ...] | Proof) -> bool:
    return isinstance(found, Proof) and found.answer is Answer.FALSE


def _is_tag(text: str) -> bool:
    return bool(text) and text[0] in TAG_FIRST and set(text) <= TAG_REST


def never_by_itself(rule: LifecycleRule) -> str:
    """Why the rule acts on nothing even when it is the only one; empty when it can act."""
    if rule.count_type is not CountType.IMAGE_COUNT_MORE_THAN:
        if rule.count >= _MOST_DAYS:
            return f"rule {rule.priority} waits for {rule.count} days, longer than any image lasts"
        return ""
    if rule.count >= MOST_IMAGES:
        return (
            f"rule {rule.priority} keeps {rule.count} images, more than a repository holds "
            "(quota 100000)"
        )
    for entry in rule.selection:
        if "*" not in entry:
            return (
                f"rule {rule.priority} keeps {rule.count}, and only one image can carry the tag "
                f"{entry}"
            )
    return ""


def _covered(
    comparison: Comparison,
    rule: LifecycleRule,
    required: Sequence[str],
    before: Sequence[LifecycleRule],
) -> Proof:
    if find_tags(comparison, required, ()) is None:
        return Proof(
            answer=Answer.FALSE,
            because=f"no tag can match what rule {rule.priority} selects",
        )
    covering = covering_rules(comparison, required, before)
    return Proof(
        answer=Answer.FALSE,
        because=_behind(covering, [str(rule.priority)]),
        covering=tuple(each.priority or 0 for each in covering),
    )


def _behind(covering: Sequence[LifecycleRule], numbers: Sequence[str]) -> str:
    taken = " and ".join(f"rule {each.priority} ({each.class_name})" for each in covering)
    verb = "selects" if len(covering) == 1 else "select"
    noun = "rule" if len(numbers) == 1 else "rules"
    return f"{taken} {verb} every such image before {noun} {', '.join(numbers)}"


def _shown(rules: Sequence[LifecycleRule], rule: LifecycleRule, tags: Sequence[str]) -> Proof:
    if is_too_large(rule):
        amount = len(rule.selection)
        each = f" with {amount} tags each" if amount > 1 else ""
        return _undecided(f"an example needs {rule.count + 1} images{each}")
    example = example_for(rule, tags)
    if not acted_on(rules, example, rule.action):
        return _undecided("no example was confirmed by the simulator")
    does = "expires" if rule.action is RuleAction.EXPIRE else "archives"
    carried = " and ".join(tags) or "no tag"
    condition = (
        f"behind {rule.count} younger ones"
        if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN
        else f"after {rule.count} days"
    )
    return Proof(
        answer=Answer.TRUE,
        because=f"rule {rule.priority} {does} an image with {carried} {condition}",
        example=example,
        witness=example[0],
    )


def _undecided(because: str) -> Proof:
    return Proof(answer=Answer.UNDECIDED, because=because)
