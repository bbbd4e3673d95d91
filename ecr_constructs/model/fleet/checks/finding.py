"""The findings of the checks of a manifest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...findings import Finding, Severity

__all__ = ["DOCS", "finding_of", "nearest", "one_of"]

DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-repository.html"
)
_MOST_SHOWN: Final = 12


def finding_of(
    code: str,
    message: str,
    given: object,
    allowed: str,
    fix: str,
    *,
    docs: str = DOCS,
    severity: Severity = Severity.DANGER,
) -> Finding:
    """A finding whose property is said by the path of its fault."""
    return Finding(
        code=code,
        property="manifest",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=docs,
        severity=severity,
    )


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word whose spelling is nearest, or None where none is near."""
    if not isinstance(word, str):
        return None
    # Imported here: only a manifest in which something is wrong is spelled out.
    import difflib  # noqa: PLC0415

    words = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    return words[found[0]] if found else None


def one_of(known: Iterable[str]) -> str:
    """A list of words for a message: the first dozen."""
    words = list(known)
    shown = ", ".join(words[:_MOST_SHOWN])
    if len(words) > _MOST_SHOWN:
        return f"{shown} and {len(words) - _MOST_SHOWN} more"
    return shown or "nothing: none is declared"
