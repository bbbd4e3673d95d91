"""What ECR Public refuses about a repository.

https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html
https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ...repository.name import nearest_repository_name
from ...repository.removal import Removal

__all__ = ["check_public_name", "check_public_region", "check_public_removal"]

DOCS = "https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html"
REGION_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html"

_NAME = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")
_SHORTEST = 2
_LONGEST = 205
# Partitions of their own, which have an ECR Public of their own in CloudFormation's schemas.
_ELSEWHERE = re.compile(r"us-east-1|eusc-de-east-1|[a-z]+-iso[a-z]*-.+")


def check_public_region(region: str | None) -> tuple[Finding, ...]:
    """Whether a stack of this Region can make public repositories (None: not known)."""
    if region is not None and not is_deferred(region):
        if _ELSEWHERE.fullmatch(region):
            return ()
        return (_not_here(region, "is to be made in a Region without ECR Public"),)
    finding = _not_here("unknown", "can be made in us-east-1 only, and the stack has no Region")
    return (replace(finding, severity=Severity.WARNING),)


def check_public_name(name: object) -> tuple[Finding, ...]:
    """What ECR Public refuses about a name: narrower than what a private registry takes."""
    if isinstance(name, str):
        if is_deferred(name) or (_NAME.fullmatch(name) and _SHORTEST <= len(name) <= _LONGEST):
            return ()
        plain = re.sub(r"[._-]{2,}", _first, name)
        nearest = nearest_repository_name(plain)
    else:
        nearest = None
    takes = nearest is not None and _NAME.fullmatch(nearest) and len(nearest) <= _LONGEST
    return (
        Finding(
            code="public-repository-name-invalid",
            property="repository_name",
            message="is not a name that ECR Public takes",
            given=name,
            allowed=(
                f"{_SHORTEST} to {_LONGEST} characters: parts of a-z and 0-9, joined by one '.', "
                "'_' or '-', and separated by '/'"
            ),
            fix=f"use {nearest!r}" if takes else "choose a name of that form",
            docs=DOCS,
        ),
    )


def check_public_removal(removal: Removal) -> tuple[Finding, ...]:
    """A deletion with images: CloudFormation cannot empty a public repository."""
    if not removal.empties:
        return ()
    return (
        Finding(
            code="public-repository-removal",
            property="removal",
            message="deletes the images as well, which CloudFormation does not do here",
            given=removal,
            allowed="Removal.retain() or Removal.delete_when_empty(reason=...)",
            fix="delete the images by 'aws ecr-public batch-delete-image' first",
            docs=DOCS,
        ),
    )


def _first(run: re.Match[str]) -> str:
    return run.group()[0]


def _not_here(region: str, message: str) -> Finding:
    return Finding(
        code="public-repository-region",
        property="repository_name",
        message=message,
        given=region,
        allowed="us-east-1, where every image of ECR Public is kept",
        fix="give the stack env=cdk.Environment(region='us-east-1'), or put the repository "
        "into a stack of its own there",
        docs=REGION_DOCS,
    )
