"""What is wrong with a principal, or with whom a role of the fleet trusts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ...account.identifiers import (
    check_account_id,
    check_organization_id,
    check_organizational_unit_path,
)
from ...deferred import is_deferred
from ...findings import Finding, Severity
from ...iam.services import SERVICE_DOCS, check_service
from ..faults import Fault
from .finding import finding_of, one_of

if TYPE_CHECKING:
    from ..principals import FleetPrincipal, FleetTrust

__all__ = ["TRUSTED_SERVICES", "check_principal", "check_trust"]

_ROLE_DOCS: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,577}", re.ASCII)
_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|aws\.internal)")
TRUSTED_SERVICES: Final = (
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "eks-fargate-pods.amazonaws.com",
)
"""Services that pull with a role which needs nothing but to pull and log in.

https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html
"""


def check_principal(principal: FleetPrincipal) -> Iterator[Fault]:
    """What is wrong with the value of a principal, at the path that the manifest has it."""
    kind = getattr(principal.kind, "value", None)
    rules: dict[object, Callable[[object], tuple[Finding, ...]]] = {
        "account": check_account_id,
        "organization": check_organization_id,
        "organizational_unit": check_organizational_unit_path,
        "role": _check_role,
        "service": _check_service,
    }
    if kind not in rules:
        yield Fault.of(
            ("kind",),
            finding_of(
                "principal-kind-invalid",
                "is no kind of principal",
                principal.kind,
                one_of(map(str, rules)),
                "use FleetPrincipal.account(...), FleetPrincipal.role(...) and the like",
            ),
        )
        return
    for found in rules[kind](principal.value):
        yield Fault.of((str(kind),), found)


def check_trust(trust: FleetTrust) -> Iterator[Fault]:
    """What is wrong with whom a role trusts."""
    given = {
        "service": trust.service,
        "principal": trust.principal,
        "github": trust.github,
        "gitlab": trust.gitlab,
    }
    said = [name for name, value in given.items() if value is not None]
    if len(said) != 1:
        yield Fault.of(
            (),
            finding_of(
                "trust-not-one",
                f"says {len(said)} of them" if said else "says nobody",
                said,
                "exactly one of service, account, role, github and gitlab",
                "make a role for each of them",
            ),
        )
    if trust.service is not None and trust.service not in TRUSTED_SERVICES:
        yield Fault.of(
            ("service",),
            finding_of(
                "trust-service-invalid",
                "is no service that needs nothing but to pull",
                trust.service,
                one_of(TRUSTED_SERVICES),
                "name one of these, or make the role by its own construct and name it by its ARN",
                docs=SERVICE_DOCS,
            ),
        )
    if trust.principal is not None and trust.principal.kind.value not in ("account", "role"):
        yield Fault.of(
            (trust.principal.kind.value,),
            finding_of(
                "trust-principal-invalid",
                "cannot be trusted with a role",
                trust.principal.value,
                "an account or a role",
                "name the account or the role",
            ),
        )
    for name, tokens in (("github", trust.github), ("gitlab", trust.gitlab)):
        if tokens is not None:
            for found in tokens.findings():
                yield Fault.of((name, found.property), found)


def _check_role(arn: object) -> tuple[Finding, ...]:
    if isinstance(arn, str) and (is_deferred(arn) or _ROLE.fullmatch(arn)):
        return ()
    return (
        finding_of(
            "role-arn-invalid",
            "is not the ARN of a role",
            arn,
            "arn:PARTITION:iam::ACCOUNT:role/NAME",
            "take it from 'aws iam get-role'",
            docs=_ROLE_DOCS,
        ),
    )


def _check_service(service: object) -> tuple[Finding, ...]:
    if not isinstance(service, str) or not _SERVICE.fullmatch(service):
        return (
            finding_of(
                "service-name-invalid",
                "is not the name of a service",
                service,
                "lambda.amazonaws.com, codebuild.amazonaws.com",
                "write the whole name of the service",
                docs=SERVICE_DOCS,
            ),
        )
    found = check_service(service)
    return tuple(
        replace(entry, fix=f"{entry.fix}: name the role") if _is_danger(entry) else entry
        for entry in found
    )


def _is_danger(finding: Finding) -> bool:
    return finding.severity is Severity.DANGER
