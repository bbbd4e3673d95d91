"""Roles whose pulls do not count as pulls.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions-considerations.html
"""

from __future__ import annotations

import re
from typing import Final

from ..deferred import ARN_PART, is_deferred
from ..findings import Finding

__all__ = ["check_excluded_role"]

DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
    "pull-time-update-exclusions-considerations.html"
)
_LONGEST_ARN = 200
_ROLE = re.compile(rf"arn:{ARN_PART}:iam::{ARN_PART}:role/[\w+=,.@-]+(?:/[\w+=,.@-]+)*", re.ASCII)


def check_excluded_role(arn: object) -> tuple[Finding, ...]:
    """What ECR refuses as the principal of an exclusion.

    The schema takes the ARN of a user; ECR's page says that only those of roles are accepted.
    """
    if isinstance(arn, str):
        if is_deferred(arn):
            # A name that is not known yet stands for any name.
            arn_read = re.sub(r"\$\{[^}]*\}", "x", arn)
            if not arn.startswith("arn:") or ":role/" in arn_read or arn_read.endswith(":x"):
                return ()
        elif _ROLE.fullmatch(arn) and len(arn) <= _LONGEST_ARN:
            return ()
    return (
        Finding(
            code="pull-time-exclusion-role-invalid",
            property="role",
            message=_fault(arn),
            given=arn,
            allowed=f"the ARN of an IAM role, at most {_LONGEST_ARN} characters",
            fix="name the role that pulls",
            docs=DOCS,
        ),
    )


def _fault(arn: object) -> str:
    if not isinstance(arn, str):
        return f"is a {type(arn).__name__}, not a role"
    if ":user/" in arn:
        return "is a user, and ECR takes roles alone"
    if ":assumed-role/" in arn:
        return "is a session of a role, not the role"
    if len(arn) > _LONGEST_ARN:
        return f"is {len(arn)} characters long"
    return "is not the ARN of a role"
