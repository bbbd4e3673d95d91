"""What the checks of a repository policy share: their finding, and a value that may be a list."""

from __future__ import annotations

from ...findings import Finding

__all__ = ["DOCS", "finding_of", "texts"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"


def finding_of(code: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    """A danger in the statements of a repository policy."""
    return Finding(
        code=code,
        property="policy_statements",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )


def texts(value: object) -> tuple[str, ...]:
    """The texts of an element that is one value or a list of them."""
    listed = value if isinstance(value, (list, tuple)) else [value]
    return tuple(entry for entry in listed if isinstance(entry, str))
