"""What a deployed repository loses by another lifecycle policy."""

from __future__ import annotations

from collections.abc import Iterator

from ...deferred import is_deferred
from ...findings import Finding, Severity, dangers
from ..policies.reading import parse
from ..rules.language import Comparison
from ..rules.rule import LifecycleRule
from ..rules.terms import ARCHIVE_PAGE, EVALUATION_PAGE
from .answers import Answer
from .comparison import archives_more, expires_more

__all__ = ["check_policy_change"]

_PROPERTY = "LifecyclePolicy"


def check_policy_change(old: object, new: object) -> Iterator[Finding]:
    """Whether the text of a new policy takes images that the old one keeps.

    The message says by which rule; the text as a whole is too long to be given again.

    :param old: the text; None is no policy.
    :param new: the text, of which the same holds.
    """
    if old == new or new is None:
        return
    before, after = _rules(old), _rules(new)
    if isinstance(before, str):
        yield _not_compared(f"the old policy {before}")
    elif isinstance(after, str):
        yield _not_compared(f"the new policy {after}")
    else:
        yield from _compared(before, after)


def _compared(
    before: tuple[LifecycleRule, ...], after: tuple[LifecycleRule, ...]
) -> Iterator[Finding]:
    comparison = Comparison()
    expires = expires_more(before, after, comparison=comparison)
    archives = archives_more(before, after, comparison=comparison)
    if expires.answer is Answer.TRUE:
        yield Finding(
            code="lifecycle-expires-more",
            property=_PROPERTY,
            message=expires.because,
            given=None,
            allowed="a policy that takes no image that the deployed one keeps",
            fix=(
                "see with `ecr-constructs preview` what goes; put *protect(...) first for what "
                "must stay"
            ),
            docs=EVALUATION_PAGE,
        )
    if archives.answer is Answer.TRUE:
        yield Finding(
            code="lifecycle-archives-more",
            property=_PROPERTY,
            message=f"{archives.because}; nobody pulls an archived image before it is restored",
            given=None,
            allowed="a policy that archives no image that the deployed one leaves",
            fix="see with `ecr-constructs preview` what is archived",
            docs=ARCHIVE_PAGE,
            severity=Severity.WARNING,
        )
    open_ = [each for each in (expires, archives) if each.answer is Answer.UNDECIDED]
    if open_ and expires.answer is not Answer.TRUE:
        yield _not_compared(open_[0].because)


def _rules(text: object) -> tuple[LifecycleRule, ...] | str:
    """The rules of a policy, or why nobody knows them."""
    if text is None:
        return ()
    if not isinstance(text, str) or is_deferred(text):
        return "is known at deployment only"
    rules, findings = parse(text)
    return "is one that ECR refuses" if dangers(findings) else rules


def _not_compared(because: str) -> Finding:
    return Finding(
        code="lifecycle-changed",
        property=_PROPERTY,
        message=f"is another policy, and the two could not be compared: {because}",
        given=None,
        allowed="a policy that surely takes no image that the deployed one keeps",
        fix="see with `ecr-constructs preview` what either of them takes of your images",
        docs=EVALUATION_PAGE,
        severity=Severity.WARNING,
    )
