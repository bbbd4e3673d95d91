"""Every resource of one registry, alone and beside the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ...findings import Finding
from ...iam.taken_back import check_taken_back
from ..address import RegistryAddress
from ..effective.properties import Properties, mappings_of, text_of
from ..exclusions import check_excluded_role
from ..pull_through.rule import check_nested, check_number
from ..replication.checks import check_replication
from ..scanning import check_scanning
from ..signing import check_signing
from ..singletons import IDENTIFIED_BY, SINGLETONS, Claim, check_second
from .cache_rules import check_cache_properties
from .creation_templates import check_template_properties
from .policies import check_policy_properties, statements_of
from .repositories import check_public_properties, check_repository_properties

__all__ = ["RegistryResource", "check_registry"]

_CACHE_RULE: Final = "AWS::ECR::PullThroughCacheRule"
_POLICIES: Final = {
    "AWS::ECR::RegistryPolicy": "PolicyText",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::ECR::RepositoryCreationTemplate": "RepositoryPolicy",
}
"""By type: the property that holds a policy of the registry or of a repository in it."""


@dataclass(frozen=True, kw_only=True)
class RegistryResource:
    """One resource of a template."""

    kind: str
    """Its type."""
    properties: Properties = field(hash=False)
    path: str
    """Its construct path, or its logical id."""


def check_registry(
    resources: Iterable[RegistryResource], *, registry: RegistryAddress
) -> tuple[Finding, ...]:
    """What ECR refuses of the resources of one registry, or would do to the user's surprise.

    All nine types of ECR; others are passed over.
    """
    given = tuple(resources)
    return (
        *(finding for resource in given for finding in _check_alone(resource, registry)),
        *_check_twice(given, registry),
        *_check_cache_rules([each for each in given if each.kind == _CACHE_RULE]),
        *_check_taken_back(given, registry),
    )


def _check_alone(resource: RegistryResource, registry: RegistryAddress) -> Iterable[Finding]:
    properties = resource.properties
    found: Iterable[Finding] = ()
    match resource.kind.removeprefix("AWS::ECR::"):
        case "RegistryPolicy":
            found = check_policy_properties(properties, registry=registry, path=resource.path)
        case "RegistryScanningConfiguration":
            found = check_scanning({**properties, **_rules(properties)})
        case "ReplicationConfiguration":
            found = check_replication(properties, registry=registry)
        case "SigningConfiguration":
            found = check_signing({**properties, **_rules(properties)}, region=registry.region)
        case "PullTimeUpdateExclusion":
            found = check_excluded_role(properties.get("PrincipalArn"))
        case "PullThroughCacheRule":
            found = check_cache_properties(properties, registry=registry)
        case "RepositoryCreationTemplate":
            found = check_template_properties(properties, registry=registry)
        case "Repository":
            found = check_repository_properties(properties, registry=registry)
        case "PublicRepository":
            found = check_public_properties(properties, registry=registry)
    return found


def _rules(properties: Properties) -> dict[str, object]:
    """The rules, without what is none: the schema says that."""
    return {"Rules": list(mappings_of(properties, "Rules"))}


def _check_twice(
    resources: Sequence[RegistryResource], registry: RegistryAddress
) -> Iterator[Finding]:
    claims: list[Claim] = []
    for resource in resources:
        if resource.kind not in SINGLETONS and resource.kind not in IDENTIFIED_BY:
            continue
        key = IDENTIFIED_BY.get(resource.kind)
        new = Claim(
            kind=resource.kind,
            registry=registry,
            path=resource.path,
            stack="",
            key=text_of(resource.properties, key) if key is not None else None,
        )
        for earlier in claims:
            yield from check_second(earlier, new)
        claims.append(new)


def _check_cache_rules(rules: Sequence[RegistryResource]) -> Iterator[Finding]:
    yield from check_number(len(rules))
    for number, inner in enumerate(rules):
        for outer in rules[:number]:
            yield from check_nested(
                text_of(outer.properties, "EcrRepositoryPrefix") or "",
                text_of(inner.properties, "EcrRepositoryPrefix") or "",
                names=(outer.path, inner.path),
            )


def _check_taken_back(
    resources: Sequence[RegistryResource], registry: RegistryAddress
) -> Iterator[Finding]:
    """Whom a policy lets in that the same one, or that of the registry, shuts out."""
    policies = [
        (resource, statements_of(resource.properties.get(_POLICIES[resource.kind])))
        for resource in resources
        if resource.kind in _POLICIES
    ]
    of_all = [
        statement
        for resource, statements in policies
        if resource.kind == "AWS::ECR::RegistryPolicy"
        for statement in statements
    ]
    for resource, statements in policies:
        name = text_of(resource.properties, "RepositoryName")
        arn = f"arn:aws:ecr:{registry.region}:{registry.account}:repository/{name}"
        own = [] if resource.kind == "AWS::ECR::RegistryPolicy" else statements
        yield from check_taken_back(statements, [*own, *of_all], resource=arn)
