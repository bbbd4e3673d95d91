"""What a new version of the policies lets somebody do, or keeps from them, that the old did not.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..findings import Finding, Severity

__all__ = ["Gained", "access_changed", "access_gained", "access_lost", "access_uncompared"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"
IAM_DOCS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
)
_CHANGING = ("push", "delete", "admin")
_VERBS = {
    "pull": "pull",
    "push": "push",
    "read": "read",
    "delete": "delete images",
    "admin": "administer it",
}


@dataclass(frozen=True, kw_only=True)
class Gained:
    """How new the access is that somebody has, and how sure."""

    outsider: bool
    """Another account, an organization, everybody, a federated principal or a service."""
    new: bool = False
    """Whether the repository, or a role of the own account, was not there before."""
    undecided: bool = False
    """Whether the templates leave it open that the access is given at all."""
    besides: str = ""
    """What else should be known of it, in a clause."""


def access_gained(
    principal: str, levels: Sequence[str], gained: Gained, *, at: str, why: str
) -> tuple[Finding, ...]:
    """Whether what somebody can do now, and could not before, is to be said, and how loud.

    :param principal: as people call it.
    :param levels: what it can do: ``pull``, ``push``, ``read``, ``delete``, ``admin``.
    :param at: the property with the statement that lets it.
    :param why: the statements that let it, in words.
    """
    changing = any(level in _CHANGING for level in levels)
    widened = gained.outsider and not gained.new
    if widened:
        severity = Severity.WARNING if gained.undecided else Severity.DANGER
    elif gained.outsider:
        severity = Severity.NOTE
    elif gained.new:
        if not changing:
            # What a new role pulls with is what it was made for.
            return ()
        severity = Severity.NOTE
    else:
        severity = Severity.WARNING if changing else Severity.NOTE
    before = "" if gained.new else ", which it could not before"
    if gained.undecided:
        before += ", where what the templates leave open turns out so"
    besides = f"; {gained.besides}" if gained.besides else ""
    return (
        Finding(
            code="access-widened" if widened else "access-gained",
            property=at,
            message=f"lets {principal} {_listed(levels)}{before} ({why}){besides}",
            given=principal,
            allowed="whom the old version lets in" if not gained.new else "whoever is meant",
            fix="take it out of the statement, or acknowledge the finding if it is meant",
            docs=_docs(at),
            severity=severity,
        ),
    )


def access_lost(
    principal: str,
    levels: Sequence[str],
    *,
    at: str,
    why: str,
    surely: bool = True,
    besides: str = "",
) -> Finding:
    """Somebody could do something, and cannot any more.

    :param surely: whether it could without a condition.
    :param why: the statements that let it before, or those that deny it now.
    """
    added = f"; {besides}" if besides else ""
    return Finding(
        code="access-lost",
        property=at,
        message=f"{principal} cannot {_listed(levels, 'or')} any more ({why}){added}",
        given=principal,
        allowed="whom the old version lets in, as long as somebody uses it",
        fix="let it in again, or see that nothing pulls or pushes so any more",
        docs=_docs(at),
        severity=Severity.WARNING if surely else Severity.NOTE,
    )


def access_changed(
    principal: str, levels: Sequence[str], *, at: str, before: str, now: str
) -> Finding:
    """Somebody can do something under another condition than before.

    :param before: and ``now``, the statements with their conditions, in words.
    """
    return Finding(
        code="access-condition-changed",
        property=at,
        message=(
            f"{principal} can {_listed(levels)} under another condition: now {now}; before {before}"
        ),
        given=principal,
        allowed="the condition of the old version",
        fix="compare both conditions: who meets the new one and did not meet the old one",
        docs=_docs(at),
        severity=Severity.WARNING,
    )


def access_uncompared(principals: int, repositories: int, most: int) -> Finding:
    """The own account's principals were not compared: they are too many."""
    return Finding(
        code="access-not-compared",
        property="RepositoryPolicyText",
        message=(
            f"a change may concern {principals} principals of the own account and {repositories} "
            f"repositories in more than {most} pairs, which were not compared"
        ),
        given=principals,
        allowed=f"at most {most} pairs of a principal and a repository",
        fix="compare one stack at a time",
        docs=IAM_DOCS,
        severity=Severity.WARNING,
    )


def _listed(levels: Sequence[str], joined: str = "and") -> str:
    *others, last = [_VERBS[level] for level in levels]
    return f"{', '.join(others)} {joined} {last}" if others else last


def _docs(at: str) -> str:
    return DOCS if at == "RepositoryPolicyText" else IAM_DOCS
