"""The findings about policy documents, in one place so that they read alike."""

from __future__ import annotations

from ....findings import Finding, Severity

__all__ = ["ELEMENTS", "GRAMMAR", "USER_GUIDE", "fault"]

USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
ELEMENTS = "reference_policies_elements"
GRAMMAR = "reference_policies_grammar"

_LONGEST_GIVEN = 200
_MOST_GIVEN = 5


def fault(
    code: str,
    place: str,
    message: str,
    *,
    given: object,
    allowed: str,
    fix: str,
    page: str = GRAMMAR,
    severity: Severity = Severity.DANGER,
) -> Finding:
    """A finding about a place of a document."""
    docs = page if page.startswith("https:") else f"{USER_GUIDE}{page}.html"
    return Finding(
        code=code,
        property=place,
        message=message,
        given=_shown(given),
        allowed=allowed,
        fix=fix,
        docs=docs,
        severity=severity,
    )


def _shown(given: object) -> object:
    """The value, or its type where printing it would flood the reader."""
    if isinstance(given, str):
        return given if len(given) <= _LONGEST_GIVEN else given[:_LONGEST_GIVEN] + "..."
    if given is None or isinstance(given, (bool, int, float)):
        return given
    if isinstance(given, (list, tuple)) and len(given) <= _MOST_GIVEN:
        return [
            _shown(entry) if isinstance(entry, str) else type(entry).__name__ for entry in given
        ]
    return f"a {type(given).__name__}"
