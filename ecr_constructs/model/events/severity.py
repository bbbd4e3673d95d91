"""Severities of scan findings, as ECR's own scanner and Amazon Inspector write them."""

from __future__ import annotations

import enum

__all__ = ["FindingSeverity"]


class FindingSeverity(str, enum.Enum):
    """How severe a vulnerability is; the members go from the worst down.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html
    https://docs.aws.amazon.com/inspector/latest/user/findings-understanding-severity.html
    """

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    INFORMATIONAL = "INFORMATIONAL"
    UNTRIAGED = "UNTRIAGED"
    """Nobody has rated it yet. ECR's own scanner calls some of these ``UNDEFINED``."""

    @property
    def written(self) -> tuple[str, ...]:
        """The names of this severity in events."""
        return ("UNDEFINED", self.value) if self is FindingSeverity.UNTRIAGED else (self.value,)

    def and_worse(self) -> tuple[str, ...]:
        """The names in events of this severity and of every worse one, the worst first."""
        members = list(FindingSeverity)
        taken = members[: members.index(self) + 1]
        return tuple(name for severity in taken for name in severity.written)
