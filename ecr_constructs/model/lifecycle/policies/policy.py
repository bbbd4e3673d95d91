"""What several rules are together: their order, and what ECR asks of a whole policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ..rules.rule import LifecycleRule
from ..rules.terms import (
    EVALUATION_PAGE,
    LONGEST_TEXT,
    MOST_RULES,
    POLICY_TEXT_PAGE,
    PROPERTIES_PAGE,
    QUOTAS_PAGE,
    StorageClass,
    TagStatus,
)
from .document import render_numbered
from .traps import find_traps

__all__ = ["check_policy", "number", "render"]


def number(rules: Iterable[LifecycleRule]) -> tuple[LifecycleRule, ...]:
    """The rules with a priority each, in the order in which ECR applies them.

    A priority that was given stays. The others are numbered in the order written, each with the
    next free number after the rule before it; rules for ``any`` image come after all others, as
    they must be the last of their storage class. A rule written before one with an explicit 1
    cannot come before it, and gets the next free number.
    """
    written = tuple(rules)
    taken = {rule.priority for rule in written if rule.priority is not None}
    of_any = [rule for rule in written if rule.tag_status is TagStatus.ANY]
    others = [rule for rule in written if rule.tag_status is not TagStatus.ANY]
    numbered: list[LifecycleRule] = []
    last = 0
    for rule in others:
        last = rule.priority or _next_free(last, taken)
        numbered.append(rule.with_priority(last))
        taken.add(last)
    for rule in of_any:
        if rule.priority is not None:
            numbered.append(rule)
            continue
        last = _next_free(max(taken, default=0), taken)
        numbered.append(rule.with_priority(last))
        taken.add(last)
    return tuple(sorted(numbered, key=_priority_of))


def check_policy(rules: Iterable[LifecycleRule]) -> tuple[Finding, ...]:
    """What ECR refuses in these rules together, and the traps among them.

    Dangers are what fails to deploy or does nothing; warnings are what is legal and rarely meant.
    Two rules for ``any`` image in different storage classes are legal and pass.

    See the user guide, "Lifecycle policy evaluation rules" (LifecyclePolicies.html).
    """
    written = tuple(rules)
    numbered = number(written)
    refusals = (
        *_amount(written),
        *_same_priorities(written),
        *_any_not_last(numbered),
        *_several_untagged(numbered),
        *_same_selections(numbered),
        *_length(numbered),
    )
    return (*refusals, *find_traps(numbered))


def render(rules: Iterable[LifecycleRule]) -> str:
    """The policy's text: compact JSON, the same bytes for the same rules, without a null.

    The text of a single rule is longer than the 100 characters that CloudFormation asks for.

    See "Lifecycle policy template" (lifecycle_policy_examples.html).
    """
    return render_numbered(number(rules))


def _priority_of(rule: LifecycleRule) -> int:
    return rule.priority or 0


def _next_free(after: int, taken: set[int]) -> int:
    free = after + 1
    while free in taken:
        free += 1
    return free


def _amount(rules: Sequence[LifecycleRule]) -> Iterator[Finding]:
    if not rules:
        yield Finding(
            code="lifecycle-no-rules",
            property="lifecycle",
            message="a policy without a rule is none",
            given=(),
            allowed="1 to 50 rules",
            fix="add a rule, or leave the policy out",
            docs=POLICY_TEXT_PAGE,
        )
    if len(rules) > MOST_RULES:
        yield Finding(
            code="lifecycle-too-many-rules",
            property="lifecycle",
            message=f"the policy has {len(rules)} rules",
            given=len(rules),
            allowed="1 to 50 rules",
            fix="merge rules that do the same, with patterns in place of single tags",
            docs=QUOTAS_PAGE,
        )


def _same_priorities(rules: Sequence[LifecycleRule]) -> Iterator[Finding]:
    seen: set[int] = set()
    reported: set[int] = set()
    for rule in rules:
        if rule.priority is None:
            continue
        if rule.priority in seen and rule.priority not in reported:
            reported.add(rule.priority)
            yield Finding(
                code="lifecycle-same-priority",
                property="priority",
                message="two rules have the same priority",
                given=rule.priority,
                allowed="each number once",
                fix="leave the priorities out, or change one",
                docs=PROPERTIES_PAGE,
            )
        seen.add(rule.priority)


def _any_not_last(rules: Sequence[LifecycleRule]) -> Iterator[Finding]:
    for storage_class in StorageClass:
        ordered = [rule for rule in rules if rule.storage_class is storage_class]
        for rule in ordered[:-1]:
            if rule.tag_status is TagStatus.ANY:
                yield Finding(
                    code="lifecycle-any-not-last",
                    property="priority",
                    message=(
                        "a rule for any image comes before another rule of the "
                        f"{storage_class.value} storage class"
                    ),
                    given=rule.priority,
                    allowed=(
                        "one rule for any image in a storage class, with the highest priority "
                        "number of that class"
                    ),
                    fix="leave its priority out, or merge it with the other rule for any image",
                    docs=PROPERTIES_PAGE,
                )


def _several_untagged(rules: Sequence[LifecycleRule]) -> Iterator[Finding]:
    for storage_class in StorageClass:
        untagged = [
            rule.priority
            for rule in rules
            if rule.tag_status is TagStatus.UNTAGGED and rule.storage_class is storage_class
        ]
        if len(untagged) > 1:
            yield Finding(
                code="lifecycle-several-untagged",
                property="lifecycle",
                message=(
                    f"{len(untagged)} rules select untagged images of the "
                    f"{storage_class.value} storage class"
                ),
                given=tuple(untagged),
                allowed="one rule for untagged images in a storage class",
                fix="keep the stricter of them",
                docs=EVALUATION_PAGE,
            )


def _same_selections(rules: Sequence[LifecycleRule]) -> Iterator[Finding]:
    """Equal sets of prefixes are certain to be refused; for what is like it ECR is not clear."""
    prefix_sets: dict[tuple[StorageClass, frozenset[str]], LifecycleRule] = {}
    pattern_sets: dict[tuple[StorageClass, frozenset[str]], LifecycleRule] = {}
    prefixes: dict[tuple[StorageClass, str], LifecycleRule] = {}
    for rule in rules:
        if is_deferred("".join(rule.selection)):
            continue
        if rule.tag_prefixes:
            key = (rule.storage_class, frozenset(rule.tag_prefixes))
            if key in prefix_sets:
                yield _same(rule, prefix_sets[key], "tag_prefixes", Severity.DANGER)
            else:
                yield from _shared_prefix(rule, prefixes)
            prefix_sets.setdefault(key, rule)
        elif rule.tag_patterns:
            key = (rule.storage_class, frozenset(rule.tag_patterns))
            if key in pattern_sets:
                yield _same(rule, pattern_sets[key], "tag_patterns", Severity.WARNING)
            pattern_sets.setdefault(key, rule)


def _shared_prefix(
    rule: LifecycleRule, prefixes: dict[tuple[StorageClass, str], LifecycleRule]
) -> Iterator[Finding]:
    shared = [prefix for prefix in rule.tag_prefixes if (rule.storage_class, prefix) in prefixes]
    if shared:
        yield Finding(
            code="lifecycle-prefix-twice",
            property="tag_prefixes",
            message=(
                f"rules {prefixes[rule.storage_class, shared[0]].priority} and {rule.priority} "
                "share a prefix, which ECR may refuse"
            ),
            given=shared[0],
            allowed="a set of prefixes of its own for each rule of a storage class",
            fix="write the rule with patterns",
            docs=EVALUATION_PAGE,
            severity=Severity.WARNING,
        )
    for prefix in rule.tag_prefixes:
        prefixes.setdefault((rule.storage_class, prefix), rule)


def _same(rule: LifecycleRule, earlier: LifecycleRule, name: str, severity: Severity) -> Finding:
    what = "prefixes" if name == "tag_prefixes" else "patterns"
    certain = "" if severity is Severity.DANGER else ", so the later one can do nothing"
    return Finding(
        code="lifecycle-same-selection",
        property=name,
        message=f"rules {earlier.priority} and {rule.priority} select the same {what}{certain}",
        given=rule.tag_prefixes or rule.tag_patterns,
        allowed=f"each set of {what} once in a storage class",
        fix="merge the two rules: an image is acted on by the first that its tags match",
        docs=EVALUATION_PAGE,
        severity=severity,
    )


def _length(rules: Sequence[LifecycleRule]) -> Iterator[Finding]:
    text = render_numbered(rules)
    if len(text) > LONGEST_TEXT:
        yield Finding(
            code="lifecycle-text-too-long",
            property="lifecycle",
            message=f"the policy's text has {len(text)} characters",
            given=len(text),
            allowed="100 to 30720 characters",
            fix="shorten the descriptions, or merge rules",
            docs=POLICY_TEXT_PAGE,
        )
