"""What a policy can and cannot do to any image, in one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ...findings import Finding, Severity, dangers
from ..policies.policy import check_policy, number
from ..rules.language import Comparison
from ..rules.rule import LifecycleRule
from ..rules.terms import EVALUATION_PAGE, CountType
from .answers import Answer, Proof
from .classes import Emptying, KeptNewest, can_empty, never_expiring, newest_kept
from .possible import can_act, can_expire

__all__ = ["Explanation", "explain", "explain_tag"]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The findings about a policy, and what is proven of it.

    A policy that ECR refuses does nothing, so of such a one nothing but the findings is said.
    """

    findings: tuple[Finding, ...]
    rules: tuple[tuple[LifecycleRule, Proof], ...] = ()
    """For each rule whether it can act."""
    never_expires: tuple[tuple[str, Proof], ...] = ()
    """The tags that can never expire."""
    newest_kept: tuple[KeptNewest, ...] = ()
    """How many of the newest images of a class always stay."""
    can_empty: tuple[Emptying, ...] = ()
    """The classes of which every image can go."""
    tag: tuple[str, Proof] | None = None
    """The tag that was asked about."""

    def to_json(self) -> dict[str, object]:
        """The answer as scripts read it."""
        document: dict[str, object] = {
            "version": 1,
            "findings": [_finding(finding) for finding in self.findings],
            "rules": [
                {
                    "priority": rule.priority,
                    "can_act": proof.answer.to_json(),
                    "because": proof.because,
                }
                for rule, proof in self.rules
            ],
            "never_expires": [
                {"tag": pattern, "because": proof.because} for pattern, proof in self.never_expires
            ],
            "newest_kept": [
                {"class": kept.class_name, "count": kept.count} for kept in self.newest_kept
            ],
        }
        if self.tag is not None:
            name, proof = self.tag
            document["tag"] = {
                "name": name,
                "can_expire": proof.answer.to_json(),
                "because": proof.because,
                "counterexample": [image.to_json() for image in proof.example],
            }
        return document

    def to_text(self) -> str:
        """The JSON as text."""
        return json.dumps(self.to_json(), indent=2)


def explain(
    policy: Iterable[LifecycleRule],
    *,
    findings: Iterable[Finding] | None = None,
    tag: str | None = None,
) -> Explanation:
    """What the policy can do to any image, proven for all repositories or shown by an example.

    :param findings: what :func:`parse` found; by default the rules are checked here.
    :param tag: also answer whether an image with this tag can expire.
    """
    rules = number(policy)
    found = check_policy(rules) if findings is None else tuple(findings)
    if dangers(found):
        return Explanation(findings=found)
    # One bound for all questions, so that no policy makes them take for ever.
    comparison = Comparison()
    asked = None if tag is None else (tag, can_expire(rules, tag, comparison=comparison))
    acting = tuple(
        (rule, can_act(rules, rule.priority or 0, comparison=comparison)) for rule in rules
    )
    emptied = can_empty(rules, comparison=comparison)
    return Explanation(
        findings=(*found, *_dead(acting), *_emptied(emptied)),
        rules=acting,
        never_expires=never_expiring(rules, comparison=comparison),
        newest_kept=newest_kept(rules, comparison=comparison),
        can_empty=emptied,
        tag=asked,
    )


def explain_tag(policy: Iterable[LifecycleRule], tag: str) -> Proof:
    """Whether an image that carries this very tag can expire, with an example when it can."""
    return can_expire(policy, tag)


def _dead(acting: Iterable[tuple[LifecycleRule, Proof]]) -> tuple[Finding, ...]:
    """Rules that other rules leave nothing; one that shields by never acting is none of them."""
    return tuple(
        Finding(
            code="lifecycle-rule-never-acts",
            property="lifecycle",
            message=f"rule {rule.priority} can never act: {proof.because}",
            given=rule.priority,
            allowed="rules that leave something to the next",
            fix="put the narrower rule first, or remove it",
            docs=EVALUATION_PAGE,
            severity=Severity.WARNING,
        )
        for rule, proof in acting
        if proof.answer is Answer.FALSE and proof.covering
    )


def _emptied(emptied: Iterable[Emptying]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code="lifecycle-can-empty",
            property="lifecycle",
            message=f"{_every(each)} can go at once: {_when(each.rule)}",
            given=each.class_name,
            allowed="a number of images that stay however old they are",
            fix="keep a number of the newest in place of an age, or protect what is deployed",
            docs=EVALUATION_PAGE,
            severity=Severity.WARNING if each.class_name == "any" else Severity.NOTE,
        )
        for each in emptied
    )


def _every(emptying: Emptying) -> str:
    if emptying.class_name == "any":
        return "every image of the repository"
    return f"every image that is {emptying.class_name}"


def _when(rule: LifecycleRule) -> str:
    if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN:
        return f"{rule.count} younger images fill the places of rule {rule.priority}"
    return f"rule {rule.priority} after {rule.count} days without a push"


def _finding(finding: Finding) -> dict[str, object]:
    """A finding in the form that all reports share; a policy alone belongs to no stack."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "stack": None,
        "template": None,
        "environment": None,
        "logical_id": None,
        "construct_path": None,
        "property": finding.property,
        "message": finding.message,
        "given": finding.given,
        "allowed": finding.allowed,
        "fix": finding.fix,
        "docs": finding.docs,
        "acknowledged": None,
    }
