"""Every resource of one registry, alone and beside the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ...deferred import is_deferred
from ...findings import Finding, Severity
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
from .property_names import in_template
from .repositories import check_public_properties, check_repository_properties

__all__ = [
    "REGISTRY_POLICY",
    "RegistryFinding",
    "RegistryResource",
    "check_registry",
    "check_resource",
    "check_together",
    "holds_policy",
]

REGISTRY_POLICY: Final = "AWS::ECR::RegistryPolicy"
_CACHE_RULE: Final = "AWS::ECR::PullThroughCacheRule"
_POLICIES: Final = {
    REGISTRY_POLICY: "PolicyText",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::ECR::RepositoryCreationTemplate": "RepositoryPolicy",
}
"""By type: the property that holds a policy of the registry or of a repository in it."""
# Each is compared with each, and no registry takes more than fifty.
_MOST_COMPARED: Final = 200


@dataclass(frozen=True, kw_only=True)
class RegistryResource:
    """One resource of a template."""

    kind: str
    """Its type."""
    properties: Properties = field(hash=False)
    path: str
    """Its construct path, or its logical id."""
    stack: str = ""
    """What tells its stack from others: where the environment is open, two may be of two."""


@dataclass(frozen=True, kw_only=True)
class RegistryFinding:
    """A finding, and the resource that it is about: of two it is the later one."""

    resource: RegistryResource
    finding: Finding


def check_registry(
    resources: Iterable[RegistryResource], *, registry: RegistryAddress
) -> tuple[RegistryFinding, ...]:
    """What ECR refuses of the resources of one registry, or would do to the user's surprise.

    All nine types of ECR; others are passed over.
    """
    given = tuple(resources)
    policies = [resource for resource in given if resource.kind == REGISTRY_POLICY]
    alone = (
        RegistryFinding(resource=resource, finding=finding)
        for resource in given
        for finding in check_resource(resource, policies=policies, registry=registry)
    )
    return (*alone, *check_together(given, registry=registry))


def check_resource(
    resource: RegistryResource,
    *,
    policies: Sequence[RegistryResource] = (),
    registry: RegistryAddress,
) -> Iterator[Finding]:
    """What is wrong with one resource, whatever else the registry has.

    :param policies: the policies of the registry, which may shut out whom the resource's lets in.
    """
    beside = [each for each in policies if registry.known or each.stack == resource.stack]
    for finding in (
        *_check_properties(resource, registry),
        *_check_taken_back(resource, beside, registry),
    ):
        yield in_template(finding, resource.kind)


def check_together(
    resources: Sequence[RegistryResource], *, registry: RegistryAddress
) -> tuple[RegistryFinding, ...]:
    """What is wrong with resources beside each other: one setting twice, and too many of a type."""
    rules: dict[str, list[RegistryResource]] = {}
    for resource in resources:
        if resource.kind == _CACHE_RULE:
            # Stacks of an open environment are deployed to several registries, as a rule.
            rules.setdefault("" if registry.known else resource.stack, []).append(resource)
    found = (
        *_check_twice(resources, registry),
        *(nested for each in rules.values() for nested in _check_cache_rules(each)),
    )
    return tuple(
        replace(each, finding=in_template(each.finding, each.resource.kind)) for each in found
    )


def holds_policy(kind: str) -> bool:
    """Whether resources of a type have a policy that the one of the registry may take back."""
    return kind in _POLICIES


def _check_properties(resource: RegistryResource, registry: RegistryAddress) -> Iterable[Finding]:
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
    """The rules, and what may turn out to be some; what is none is said by the schema."""
    rules = properties.get("Rules")
    later = [each for each in (rules if isinstance(rules, list) else [rules]) if is_deferred(each)]
    return {"Rules": [*mappings_of(properties, "Rules"), *later]}


def _check_twice(
    resources: Sequence[RegistryResource], registry: RegistryAddress
) -> Iterator[RegistryFinding]:
    claims: dict[tuple[str, str], list[Claim]] = {}
    for resource in resources:
        if resource.kind not in SINGLETONS and resource.kind not in IDENTIFIED_BY:
            continue
        key = IDENTIFIED_BY.get(resource.kind)
        new = Claim(
            kind=resource.kind,
            registry=registry,
            path=resource.path,
            stack=resource.stack,
            key=text_of(resource.properties, key) if key is not None else None,
        )
        # Only what has the same key may be the same setting, and of several one says enough.
        alike = claims.setdefault((resource.kind, (new.key or "").rstrip("/")), [])
        finding = _gravest(alike, new)
        if finding is not None:
            yield RegistryFinding(resource=resource, finding=finding)
        alike.append(new)


def _gravest(earlier: Sequence[Claim], new: Claim) -> Finding | None:
    perhaps: Finding | None = None
    for claim in earlier:
        for finding in check_second(claim, new):
            if finding.severity is Severity.DANGER:
                return finding
            perhaps = perhaps or finding
    return perhaps


def _check_cache_rules(rules: Sequence[RegistryResource]) -> Iterator[RegistryFinding]:
    for finding in check_number(len(rules)):
        yield RegistryFinding(resource=rules[-1], finding=finding)
    for number, inner in enumerate(rules[:_MOST_COMPARED]):
        for outer in rules[:number]:
            for finding in check_nested(
                text_of(outer.properties, "EcrRepositoryPrefix") or "",
                text_of(inner.properties, "EcrRepositoryPrefix") or "",
                names=(outer.path, inner.path),
            ):
                yield RegistryFinding(resource=inner, finding=finding)


def _check_taken_back(
    resource: RegistryResource, policies: Sequence[RegistryResource], registry: RegistryAddress
) -> Iterator[Finding]:
    """Whom a policy lets in that the same one, or that of the registry, shuts out."""
    if resource.kind not in _POLICIES:
        return
    statements = _statements(resource)
    if not statements:
        return
    of_all = [statement for policy in policies for statement in _statements(policy)]
    name = text_of(resource.properties, "RepositoryName")
    arn = f"arn:aws:ecr:{registry.region}:{registry.account}:repository/{name}"
    own = [] if resource.kind == REGISTRY_POLICY else statements
    yield from check_taken_back(statements, [*own, *of_all], resource=arn)


def _statements(resource: RegistryResource) -> list[Properties]:
    return statements_of(resource.properties.get(_POLICIES[resource.kind]))
