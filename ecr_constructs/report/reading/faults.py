"""Input that cannot be used: one line that says what, where and what to do."""

from __future__ import annotations

from ...model.errors import InvalidInputError
from ...model.findings import Finding

__all__ = ["UnusableInputError", "unusable"]

_DOCS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html"


class UnusableInputError(InvalidInputError):
    """A file, or what stands in it, cannot be used. ``str()`` is one line for a terminal."""

    def __init__(self, finding: Finding) -> None:
        super().__init__([finding])
        self.line = f"{finding.property}: {finding.message}; {finding.fix}"

    def __str__(self) -> str:
        return self.line


def unusable(
    where: str, message: str, fix: str, *, code: str = "input-unusable", given: object = None
) -> UnusableInputError:
    """The error: where it is, what is wrong and what to do."""
    return UnusableInputError(
        Finding(
            code=code,
            property=_one_line(where),
            message=_one_line(message),
            given=given,
            allowed="a CloudFormation template or a CDK assembly",
            fix=fix,
            docs=_DOCS,
        )
    )


def _one_line(text: str) -> str:
    return " ".join(text.split()) if any(mark in text for mark in "\n\r\t") else text
