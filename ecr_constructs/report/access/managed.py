"""The texts of AWS managed policies, as far as they are about ECR.

Those that say nothing of ECR are listed by name. A policy that is in neither file is reported as
unresolved: nobody guesses what it allows.
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


_NOTHING: Final = AwsManagedPolicy("", None, ())


def find_aws_managed(arn: str) -> AwsManagedPolicy | None:
    """The policy with an ARN; None for a policy that is not AWS's, or that is not known."""
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    entry = _texts().get(match.group(1))
    if entry is None:
        return _NOTHING if match.group(1) in _without_ecr() else None
    statements = tuple(
        (statement["Index"], {key: value for key, value in statement.items() if key != "Index"})
        for statement in entry["statements"]
    )
    return AwsManagedPolicy(entry["version"], entry["language"], statements)


@cache
def _texts() -> Mapping[str, Any]:
    policies: Mapping[str, Any] = json.loads(_file("managed_policies.json"))["policies"]
    return policies


@cache
def _without_ecr() -> frozenset[str]:
    # Read as the texts were.
    return frozenset(_file("managed_policies_without_ecr.txt").split())


def _file(name: str) -> str:
    # Not importlib.resources: it takes longer to load than everything else here.
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
