"""The lifecycle of one repository: its rules, and what the app refers to beside them."""

from __future__ import annotations

from .references import check_may_expire, check_references
from .rules import (
    DEFAULT_LIFECYCLE,
    UNTAGGED_DAYS,
    check_lifecycle,
    lifecycle_text,
    rule_of_cdk,
)

__all__ = [
    "DEFAULT_LIFECYCLE",
    "UNTAGGED_DAYS",
    "check_lifecycle",
    "check_may_expire",
    "check_references",
    "lifecycle_text",
    "rule_of_cdk",
]
