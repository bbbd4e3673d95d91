"""What a rule answers: findings, each with the value, what is allowed and the fix.

A rule is a function over plain values that returns a tuple of :class:`Finding`; an empty tuple
means that ECR takes the input. A construct raises the dangers (see :mod:`.errors`) and shows the
rest as CDK annotations; a check of a template prints them all.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Finding", "Severity", "dangers", "warnings"]


class Severity(str, enum.Enum):
    """How much a finding matters."""

    DANGER = "danger"
    """Would fail to deploy, do nothing, lose images, or let strangers in."""
    WARNING = "warning"
    """Risky, but may be wanted."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that ECR would refuse, ignore or do to the user's surprise."""

    code: str
    """Stable kebab-case name of the rule."""
    property: str
    """The option or template property at fault, in the user's words."""
    message: str
    """What is wrong: lower case, one clause, no final period."""
    given: object
    """The value as the user gave it."""
    allowed: str
    """What would be taken instead."""
    fix: str
    """The change to make."""
    docs: str
    """The AWS page that the rule follows."""
    severity: Severity = Severity.DANGER
    """How much it matters."""

    def sentence(self) -> str:
        """The finding in one line: what is wrong, the value, what is allowed, the fix."""
        return (
            f"{self.property}: {self.message} "
            f"(given: {self.given!r}; allowed: {self.allowed}; fix: {self.fix})"
        )


def dangers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a construct must not build with."""
    return tuple(finding for finding in findings if finding.severity is Severity.DANGER)


def warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a construct shows and builds with."""
    return tuple(finding for finding in findings if finding.severity is Severity.WARNING)
