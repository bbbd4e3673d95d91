"""The findings of the checks of a manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ...findings import Finding, Severity

__all__ = ["DOCS", "finding_of", "nearest", "one_of"]

DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-repository.html"
)
_MOST_SHOWN: Final = 12
_FEW: Final = 24


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
    return _nearest(word, tuple(known)) if isinstance(word, str) else None


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    # Imported here: only a manifest in which something is wrong is spelled out.
    import difflib  # noqa: PLC0415

    words = {each.lower(): each for each in known}
    likely = words if len(known) <= _FEW else _likely(word.lower(), known)
    found = difflib.get_close_matches(word.lower(), likely, n=1, cutoff=0.6)
    return words[found[0]] if found else None


def _likely(word: str, known: tuple[str, ...]) -> list[str]:
    """Of many words the few that have most pairs of letters of the word: difflib is slow."""
    having = _having(known)
    shared = Counter(each for pair in _pairs(word) for each in having.get(pair, ()))
    return [each for each, _ in shared.most_common(_FEW)]


@lru_cache(maxsize=4)
def _having(known: tuple[str, ...]) -> dict[str, list[str]]:
    """The words that have a pair of letters, in lower case."""
    having: dict[str, list[str]] = {}
    for each in known:
        for pair in _pairs(each.lower()):
            having.setdefault(pair, []).append(each.lower())
    return having


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}


def one_of(known: Iterable[str]) -> str:
    """A list of words for a message: the first dozen."""
    words = list(known)
    shown = ", ".join(words[:_MOST_SHOWN])
    if len(words) > _MOST_SHOWN:
        return f"{shown} and {len(words) - _MOST_SHOWN} more"
    return shown or "nothing: none is declared"
