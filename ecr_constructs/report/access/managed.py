"""The texts of AWS managed policies, as far as they are about ECR.

A policy that is not in the file is reported as unresolved: nobody guesses what it allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["AwsManagedPolicy", "find_aws_managed"]

_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/(.+)")


@dataclass(frozen=True)
class AwsManagedPolicy:
    """The statements of one policy that touch ECR, each with its place in the whole text."""

    version: str
    language: str | None
    statements: tuple[tuple[int, Mapping[str, Any]], ...]


def find_aws_managed(arn: str) -> AwsManagedPolicy | None:
    """The policy with an ARN; None for a policy that is not AWS's, or that is not known."""
    match = _ARN.fullmatch(arn)
    entry = _texts().get(match.group(1)) if match else None
    if entry is None:
        return None
    statements = tuple(
        (statement["Index"], {key: value for key, value in statement.items() if key != "Index"})
        for statement in entry["statements"]
    )
    return AwsManagedPolicy(entry["version"], entry["language"], statements)


@cache
def _texts() -> Mapping[str, Any]:
    # Not importlib.resources: it takes longer to load than everything else here.
    file = Path(__file__).with_name("managed_policies.json")
    policies: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))["policies"]
    return policies
