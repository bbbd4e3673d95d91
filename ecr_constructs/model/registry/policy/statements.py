"""Statements of a registry policy: what ECR refuses, ignores or opens to strangers.

A registry policy is about every repository of the registry, those that do not exist yet included,
so each statement names its resources. It takes all actions of ECR (scope V2).
https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ...deferred import ARN_PART, is_deferred
from ...findings import Finding
from ...iam.actions import GET_AUTHORIZATION_TOKEN
from ...repository.policy.document import check_repository_statement
from ..address import RegistryAddress

__all__ = ["check_registry_statement", "repository_resource"]

DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html"
_RESOURCES = ("Resource", "NotResource")
_ALLOWED = "'*' or arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME of this registry"
_ARN = re.compile(
    rf"arn:(?:{ARN_PART}):(?P<service>{ARN_PART}):(?P<region>{ARN_PART}):"
    rf"(?P<account>{ARN_PART}):(?P<rest>.+)"
)
_SID = re.compile(r"[0-9A-Za-z]*")
# What a repository's policy cannot say, a registry's can: it is about the account as a whole.
_OF_THE_REPOSITORY = "repository-policy-action-without-effect"


def check_registry_statement(
    statement: Mapping[str, object], *, registry: RegistryAddress
) -> tuple[Finding, ...]:
    """What is wrong with one statement of the policy of this registry."""
    rest = {name: value for name, value in statement.items() if name not in _RESOURCES}
    shared = check_repository_statement(rest, own_account=registry.account)
    return (
        *(_of_registry(entry) for entry in shared if entry.code != _OF_THE_REPOSITORY),
        *_check_sid(statement),
        *_check_resources(statement, registry),
        *_check_reach(statement, [entry for entry in shared if entry.code == _OF_THE_REPOSITORY]),
    )


def repository_resource(registry: RegistryAddress, partition: str, pattern: str) -> str:
    """The ARN of the repositories of a registry whose names match the pattern."""
    return f"arn:{partition}:ecr:{registry.region}:{registry.account}:repository/{pattern}"


def _of_registry(finding: Finding) -> Finding:
    """The same rule about the other policy."""
    code = finding.code.replace("repository-policy-", "registry-policy-")
    return replace(finding, code=code, property="statement", docs=DOCS)


def _check_sid(statement: Mapping[str, object]) -> Iterator[Finding]:
    sid = statement.get("Sid", "")
    if not isinstance(sid, str) or not (is_deferred(sid) or _SID.fullmatch(sid)):
        yield _finding(
            "registry-policy-sid",
            "has a Sid of other characters than letters and digits",
            sid,
            "letters A-Z and a-z and digits",
            "leave the others out, or leave out the Sid: one is made up",
        )


def _check_resources(
    statement: Mapping[str, object], registry: RegistryAddress
) -> Iterator[Finding]:
    named = [element for element in _RESOURCES if element in statement]
    if len(named) != 1 or statement[named[0]] in ("", [], ()):
        yield _finding(
            "registry-policy-resource-missing",
            "has both Resource and NotResource" if len(named) > 1 else "has no resource",
            dict(statement),
            _ALLOWED,
            "name the repositories that the statement is about, 'repository/prod/*' say",
        )
        return
    for resource in _listed(statement[named[0]]):
        if not isinstance(resource, str):
            yield _wrong(resource, "is no text")
        elif resource != "*" and not (is_deferred(resource) and not resource.startswith("arn:")):
            yield from _check_arn(resource, registry)


def _check_arn(resource: str, registry: RegistryAddress) -> Iterator[Finding]:
    parts = _ARN.fullmatch(resource)
    if parts is None:
        if not is_deferred(resource):
            yield _wrong(resource, "is no ARN")
        return
    rest = parts["rest"]
    if parts["service"] != "ecr" or not (
        rest.startswith(("repository/", "*")) or is_deferred(rest)
    ):
        yield _wrong(resource, "is no repository")
        return
    for part, own in (("region", registry.region), ("account", registry.account)):
        given = parts[part]
        if "*" in given or "?" in given or is_deferred(given) or is_deferred(own):
            continue
        if given != own:
            yield _wrong(resource, f"is of the {part} {given}, the registry of {own}")


def _check_reach(
    statement: Mapping[str, object], without_repository: list[Finding]
) -> Iterator[Finding]:
    """Actions that know no repository: they meet a statement about every resource alone."""
    everything = "*" in _listed(statement.get("Resource", "*"))
    for finding in without_repository:
        if str(finding.given).lower() == GET_AUTHORIZATION_TOKEN.lower():
            yield _finding(
                "registry-policy-token",
                f"has {finding.given}, which everybody asks their own account for",
                finding.given,
                "actions on repositories and on the registry",
                "grant it by the identity policy of whoever logs in",
            )
        elif not everything:
            yield _finding(
                "registry-policy-action-without-effect",
                f"has {finding.given}, which knows no repository, and names repositories",
                finding.given,
                "actions on the registry with the resource '*'",
                "give the action a statement of its own with the resource '*'",
            )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _wrong(resource: object, message: str) -> Finding:
    return _finding(
        "registry-policy-resource",
        f"names a resource that {message}, so that the statement never applies",
        resource,
        _ALLOWED,
        "name repositories of the registry that the policy is of",
    )


def _finding(code: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code=code,
        property="statement",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
