"""Repositories that stand already: what is known of one from its name or ARN.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..deferred import ARN_PART, is_deferred
from ..findings import Finding
from .name import check_repository_name

__all__ = ["RepositoryArn", "check_repository_arn", "check_whole_arn", "parse_repository_arn"]

DOCS = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "list_amazonelasticcontainerregistry.html"
)
ALLOWED = "arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"
_ARN = re.compile(
    rf"arn:(?P<partition>{ARN_PART}):ecr:(?P<region>{ARN_PART}):(?P<account>{ARN_PART})"
    r":repository/(?P<name>.+)"
)
_PARTITION = re.compile(r"aws(?:-[a-z]+)*")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")


@dataclass(frozen=True, kw_only=True)
class RepositoryArn:
    """The parts of a repository's ARN, any of them perhaps deferred."""

    partition: str
    region: str
    account: str
    name: str


def parse_repository_arn(arn: str) -> RepositoryArn | None:
    """The parts of the ARN; None where it is deferred as a whole."""
    parts = _ARN.fullmatch(arn)
    return RepositoryArn(**parts.groupdict()) if parts else None


def check_repository_arn(arn: object) -> tuple[Finding, ...]:
    """What is wrong with the ARN of a repository."""
    if not isinstance(arn, str):
        return (_finding(arn, f"is a {type(arn).__name__}, not a string", "give the ARN"),)
    parts = parse_repository_arn(arn)
    if parts is None:
        if is_deferred(arn):
            return ()
        fix = "take it from 'aws ecr describe-repositories'"
        if not arn.startswith("arn:") and not check_repository_name(arn):
            fix = f"use from_repository_name with {arn!r}"
        return (_finding(arn, "is not the ARN of an ECR repository", fix),)
    found = list(check_repository_name(parts.name))
    if not is_deferred(parts.partition) and not _PARTITION.fullmatch(parts.partition):
        found.append(_finding(arn, "names no partition", "correct the partition, 'aws', say"))
    if not is_deferred(parts.account) and not re.fullmatch(r"[0-9]{12}", parts.account):
        found.append(_finding(arn, "has an account id that is not 12 digits", "correct the id"))
    if not is_deferred(parts.region) and not _REGION.fullmatch(parts.region):
        found.append(_finding(arn, "names no Region", "correct the Region, 'eu-west-1', say"))
    return tuple(found)


def check_whole_arn(arn: object) -> tuple[Finding, ...]:
    """What is wrong with the ARN of a repository of which the name is to be read."""
    found = check_repository_arn(arn)
    if found or not isinstance(arn, str) or parse_repository_arn(arn) is not None:
        return found
    return (
        _finding(
            arn,
            "is known only at deployment, and a name with a '/' cannot be cut out of it then",
            "use from_repository_attributes with the ARN and the name",
        ),
    )


def _finding(arn: object, message: str, fix: str) -> Finding:
    return Finding(
        code="repository-arn-invalid",
        property="repository_arn",
        message=message,
        given=arn,
        allowed=ALLOWED,
        fix=fix,
        docs=DOCS,
    )
