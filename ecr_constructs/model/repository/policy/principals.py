"""Whom a statement of a repository policy names.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...account.identifiers import (
    AccountMatch,
    check_account_id,
    check_organization_id,
    compare_accounts,
)
from ...deferred import ARN_PART, is_deferred
from ...findings import Finding, Severity
from ...iam.callers import condition_entries, condition_values, names_caller
from ...iam.services import check_service
from .findings import finding_of, texts

__all__ = ["check_own_account", "check_principals", "only_services", "policy_services"]

_ALLOWED = "roles, users, accounts and services by name, or '*' with a condition"
_ARN = re.compile(
    rf"arn:{ARN_PART}:(?P<service>{ARN_PART}):(?:{ARN_PART})?:(?P<account>{ARN_PART})?:(?P<who>.+)"
)
_WHO = re.compile(r"root|(?:user|role)/\S+|assumed-role/[^\s/]+/\S+|federated-user/\S+")
_OWN_ACCOUNT = "${AWS::AccountId}"
_ACCOUNT_NAME = re.compile(rf"[0-9]{{12}}|{re.escape(_OWN_ACCOUNT)}")


def check_principals(statement: Mapping[str, object]) -> Iterator[Finding]:
    """Strangers, services that never read the policy, and what AWS takes for nobody."""
    principal = statement.get("Principal")
    # Whatever is not Deny is read as Allow, so that a typing error hides nothing.
    allows = statement.get("Effect") != "Deny"
    known = names_caller(statement.get("Condition"))
    if allows and not known and _names_everybody(principal):
        yield finding_of(
            "repository-policy-open",
            "allows every AWS account there is",
            "*",
            "roles, accounts, organizations or services by name",
            "name who may; for an organization use iam.OrganizationPrincipal",
        )
    if isinstance(principal, str) and principal != "*" and not is_deferred(principal):
        yield _invalid("is a text where only '*' may be one", principal, "write {'AWS': ...}")
    if isinstance(principal, Mapping):
        for name in texts(principal.get("AWS")):
            yield from _check_name(name)
        yield from _check_kinds(principal)
        if allows:
            actions = texts(statement.get("Action"))
            for service in policy_services(statement):
                if "*" not in service:
                    yield from check_service(service, option="principal", actions=actions)
        if allows and not known and "Service" in principal and len(principal) > 1:
            yield finding_of(
                "repository-policy-service-mixed",
                "names a service beside other principals, so no condition can limit the service",
                json.dumps(principal, default=str),
                "a service in a statement of its own",
                "grant to each of them apart",
            )
    yield from _check_organizations(statement)


def check_own_account(
    statement: Mapping[str, object], own_account: str | None
) -> Iterator[Finding]:
    """The repository's own account as principal: its roles need identity policies all the same."""
    principal = statement.get("Principal")
    if own_account is None or not isinstance(principal, Mapping):
        return
    if statement.get("Effect") == "Deny" or statement.get("Condition"):
        return
    for name in texts(principal.get("AWS")):
        parts = _ARN.fullmatch(name)
        if parts is not None:
            account = parts["account"] if parts["who"] == "root" else None
        else:
            account = name if _ACCOUNT_NAME.fullmatch(name) else None
        if account and _is_own(account, own_account):
            yield replace(
                finding_of(
                    "grant-own-account",
                    "allows the account of the repository, which gives none of its roles access",
                    name,
                    "roles, users and groups of this account, or another account",
                    "grant to the role that pulls or pushes",
                ),
                severity=Severity.WARNING,
            )


def _is_own(account: str, own_account: str) -> bool:
    # What a template fills in may be any account, but for its own pseudo parameter.
    filled = account.startswith("${") and account not in {own_account, _OWN_ACCOUNT}
    if filled and not account.startswith("${Token["):
        return False
    return compare_accounts(account, own_account) is AccountMatch.SAME


def policy_services(statement: Mapping[str, object]) -> tuple[str, ...]:
    """The services that a statement names."""
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping):
        return ()
    return tuple(service for service in texts(principal.get("Service")) if not is_deferred(service))


def only_services(statement: Mapping[str, object]) -> bool:
    """Whether a statement names services and nobody else."""
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and set(principal) == {"Service"}


def _names_everybody(principal: object) -> bool:
    if isinstance(principal, Mapping):
        services = texts(principal.get("Service"))
        return "*" in texts(principal.get("AWS")) or any("*" in service for service in services)
    return principal == "*"


def _check_name(name: str) -> Iterator[Finding]:
    if name == "*" or (is_deferred(name) and not name.startswith("arn:")):
        return
    if not name.startswith("arn:"):
        yield from check_account_id(name, option="principal")
        return
    parts = _ARN.fullmatch(name)
    if parts is None:
        if not is_deferred(name):
            yield _invalid("names no principal", name, "name a role, a user or an account")
        return
    who = parts["who"]
    if "*" in who or "?" in who:
        yield _invalid(
            "has a wildcard in the ARN of a principal, which AWS does not read as one",
            name,
            "name the account, with a condition on aws:PrincipalArn for its roles",
        )
    elif not is_deferred(parts["service"]) and parts["service"] not in {"iam", "sts"}:
        yield _invalid("names a resource, not a principal", name, "name the role it works with")
    elif not is_deferred(who) and not _WHO.fullmatch(who):
        yield _invalid(
            "names what cannot call (a group, say)", name, "name a role, a user or an account"
        )
    else:
        yield from check_account_id(parts["account"] or "", option="principal")


def _check_kinds(principal: Mapping[object, object]) -> Iterator[Finding]:
    for kind, named in principal.items():
        if kind in {"Federated", "CanonicalUser"}:
            yield finding_of(
                "repository-policy-principal-kind",
                f"names a principal of the kind {kind}, which ECR never sees",
                named,
                "roles, users, accounts and services",
                "name the role that it assumes",
            )
        elif kind not in {"AWS", "Service"}:
            yield _invalid(f"has a kind of principal {kind!r}", kind, "write 'AWS' or 'Service'")
    if not any(principal.values()):
        yield finding_of(
            "repository-policy-principal-missing",
            "names nobody",
            dict(principal),
            "a principal in each statement",
            "name who the statement is for",
        )


def _check_organizations(statement: Mapping[str, object]) -> Iterator[Finding]:
    for operator, key, value in condition_entries(statement.get("Condition")):
        if key == "aws:principalorgid" and "StringEquals" in operator:
            for organization in condition_values(value):
                yield from check_organization_id(organization)


def _invalid(message: str, given: object, fix: str) -> Finding:
    return finding_of("repository-policy-principal-invalid", message, given, _ALLOWED, fix)
