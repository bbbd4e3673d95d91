"""Repository names.

Follows the ``RepositoryName`` pattern of AWS::ECR::Repository and CreateRepository:
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
"""

from __future__ import annotations

import re

from ..deferred import is_deferred
from ..findings import Finding

__all__ = [
    "check_name_twice",
    "check_repository_name",
    "nearest_repository_name",
    "taken_by_cdk",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"
MIN_LENGTH = 2
MAX_LENGTH = 256
ALLOWED = (
    "2 to 256 characters: parts of a-z and 0-9, joined by one '.', one '_', '__' or any number of "
    "'-', and separated by '/'"
)

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_PART}(?:/{_PART})*")
# The narrower pattern of aws_cdk.aws_ecr.Repository, which knows neither '--' nor '__'... as ECR
# does: https://github.com/aws/aws-cdk (aws-ecr, validateRepositoryName).
_CDK_NAME = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")


def check_repository_name(name: object) -> tuple[Finding, ...]:
    """What ECR refuses about a repository name; a deferred name is not judged."""
    if not isinstance(name, str):
        return (_finding(name, f"is a {type(name).__name__}, not a string", "give a string"),)
    if is_deferred(name):
        return ()
    if _NAME.fullmatch(name) and MIN_LENGTH <= len(name) <= MAX_LENGTH:
        return ()
    nearest = nearest_repository_name(name)
    fix = f"use {nearest!r}" if nearest else "choose a name of that form"
    return (_finding(name, _fault(name), fix),)


def check_name_twice(name: str, *, of: str) -> tuple[Finding, ...]:
    """What a repository is told whose name another one of the registry has.

    :param of: the other one, by its construct path say.
    """
    return (
        Finding(
            code="repository-name-twice",
            property="RepositoryName",
            message=f"is the name of {of} too, and a registry has one of a name: the second fails",
            given=name,
            allowed="each name once in an account and Region",
            fix="give one of them another name, or leave it out",
            docs=DOCS,
        ),
    )


def nearest_repository_name(name: str) -> str | None:
    """The nearest legal name, or None where none is near."""
    parts = []
    for part in name.strip().lower().split("/"):
        cleaned = re.sub(r"[^a-z0-9._-]+", "-", part)
        # A run of mixed or repeated separators becomes its first character, said once.
        cleaned = re.sub(r"[._-]{2,}", _one_separator, cleaned).strip("._-")
        if cleaned:
            parts.append(cleaned)
    nearest = "/".join(parts)[:MAX_LENGTH].rstrip("/._-")
    return nearest if _NAME.fullmatch(nearest) and len(nearest) >= MIN_LENGTH else None


def taken_by_cdk(name: str) -> bool:
    """Whether ``aws_cdk.aws_ecr.Repository`` takes the name as it is."""
    return is_deferred(name) or _CDK_NAME.fullmatch(name) is not None


def _one_separator(run: re.Match[str]) -> str:
    text = run.group()
    return text if text == "__" or set(text) == {"-"} else text[0]


def _fault(name: str) -> str:
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        return f"is {len(name)} characters long"
    if name != name.lower():
        return "has upper-case letters"
    strange = sorted(set(re.findall(r"[^a-z0-9._/-]", name)))
    if strange:
        return "has " + ", ".join(repr(character) for character in strange)
    if name.startswith("/") or name.endswith("/") or "//" in name:
        return "has an empty part beside a '/'"
    if re.search(r"(?:^|/)[._-]|[._-](?:/|$)", name):
        return "has a part that begins or ends with a separator"
    return "joins letters and digits by a run of separators that ECR does not take"


def _finding(name: object, message: str, fix: str) -> Finding:
    return Finding(
        code="repository-name-invalid",
        property="repository_name",
        message=message,
        given=name,
        allowed=ALLOWED,
        fix=fix,
        docs=DOCS,
    )
