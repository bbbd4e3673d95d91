"""Repository policies: what ECR refuses, ignores or opens to strangers.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..account.identifiers import (
    AccountMatch,
    check_account_id,
    check_organization_id,
    compare_accounts,
)
from ..deferred import is_deferred
from ..findings import Finding, Severity
from ..iam.actions import ACCOUNT_ACTIONS, REPOSITORY_ACTIONS
from ..iam.services import check_service

__all__ = [
    "MAX_POLICY",
    "check_policy_size",
    "check_repository_statement",
    "only_services",
    "policy_services",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"
MAX_POLICY = 10_240
# A condition on one of these keys says who the caller is, so that '*' is not the whole world.
_CALLER_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        "aws:sourceip",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
    }
)
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_ACCOUNT_NAME = re.compile(r"\d{12}|\$\{AWS::AccountId\}")
_ROOT = re.compile(r"arn:(?:[^:]|::)+:iam::((?:[^:]|::)*):root")


def check_repository_statement(
    statement: Mapping[str, object], *, own_account: str | None = None
) -> tuple[Finding, ...]:
    """What is wrong with one statement of the policy of a repository of this account."""
    return (
        *_check_elements(statement),
        *_check_actions(statement),
        *_check_principals(statement),
        *_check_own_account(statement, own_account),
    )


def check_policy_size(statements: list[Mapping[str, object]]) -> tuple[Finding, ...]:
    """Whether the policy is over ECR's limit; deferred parts count as nothing, so never wrongly."""
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
    size = len(_TOKEN.sub("", text))
    if size <= MAX_POLICY:
        return ()
    return (
        _finding(
            "repository-policy-too-long",
            f"is {size} characters long",
            f"{len(statements)} statements",
            f"at most {MAX_POLICY} characters",
            "grant to an organization or an account instead of many roles",
        ),
    )


def policy_services(statement: Mapping[str, object]) -> tuple[str, ...]:
    """The services that a statement names."""
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping):
        return ()
    return tuple(
        service for service in _listed(principal.get("Service")) if not is_deferred(service)
    )


def only_services(statement: Mapping[str, object]) -> bool:
    """Whether a statement names services and nobody else."""
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and set(principal) == {"Service"}


def _check_elements(statement: Mapping[str, object]) -> Iterator[Finding]:
    for element in ("Resource", "NotResource"):
        if element in statement:
            yield _finding(
                "repository-policy-resource",
                f"has the element {element}, which a repository policy must not have",
                statement[element],
                "statements without Resource: the policy is the repository's own",
                f"leave {element} out",
            )
    if "Principal" not in statement and "NotPrincipal" not in statement:
        yield _finding(
            "repository-policy-principal-missing",
            "has no principal",
            json.dumps(statement, default=str),
            "a principal in each statement",
            "name who the statement is for",
        )
    if "NotPrincipal" in statement and statement.get("Effect") != "Deny":
        yield _finding(
            "repository-policy-open",
            "allows everybody except the named principals",
            statement["NotPrincipal"],
            "Principal, or NotPrincipal with Deny",
            "name who may",
        )


def _check_actions(statement: Mapping[str, object]) -> Iterator[Finding]:
    for action in _listed(statement.get("Action")):
        if is_deferred(action) or "*" in action or "?" in action:
            continue
        if _same_action(action, ACCOUNT_ACTIONS):
            yield _finding(
                "repository-policy-action-without-effect",
                f"has {action}, which knows no repository and has no effect here",
                action,
                "actions on a repository",
                "grant it by the identity policy of the role (grant_pull and grant_push do)",
            )
        elif not _same_action(action, REPOSITORY_ACTIONS):
            yield _finding(
                "repository-policy-action-unknown",
                f"has {action}, which is no action of ECR",
                action,
                "actions of the prefix 'ecr:'",
                "look the action up on the page of ECR's actions",
            )


def _check_principals(statement: Mapping[str, object]) -> Iterator[Finding]:
    principal = statement.get("Principal")
    allows = statement.get("Effect", "Allow") == "Allow"
    names = _listed(principal.get("AWS")) if isinstance(principal, Mapping) else _listed(principal)
    if "*" in names and allows and not _names_caller(statement):
        yield _finding(
            "repository-policy-open",
            "allows every AWS account there is",
            "*",
            "roles, accounts, organizations or services by name",
            "name who may; for an organization use iam.OrganizationPrincipal",
        )
    for name in names:
        root = _ROOT.fullmatch(name)
        if root:
            yield from check_account_id(root.group(1), option="principal")
        elif name != "*" and not name.startswith("arn:") and not is_deferred(name):
            yield from check_account_id(name, option="principal")
    if isinstance(principal, Mapping):
        for service in policy_services(statement) if allows else ():
            yield from check_service(service, option="principal")
        if (
            allows
            and "Service" in principal
            and len(principal) > 1
            and not _names_caller(statement)
        ):
            yield _finding(
                "repository-policy-service-mixed",
                "names a service beside other principals, so no condition can limit the service",
                json.dumps(principal, default=str),
                "a service in a statement of its own",
                "grant to each of them apart",
            )
        for kind in ("Federated", "CanonicalUser"):
            if kind in principal:
                yield _finding(
                    "repository-policy-principal-kind",
                    f"names a principal of the kind {kind}, which ECR never sees",
                    principal[kind],
                    "roles, users, accounts and services",
                    "name the role that it assumes",
                )
    yield from _check_organizations(statement)


def _check_own_account(
    statement: Mapping[str, object], own_account: str | None
) -> Iterator[Finding]:
    principal = statement.get("Principal")
    if own_account is None or not isinstance(principal, Mapping):
        return
    if statement.get("Effect", "Allow") != "Allow" or statement.get("Condition"):
        return
    for name in _listed(principal.get("AWS")):
        root = _ROOT.fullmatch(name)
        if compare_accounts(root.group(1) if root else name, own_account) is AccountMatch.SAME and (
            root or _ACCOUNT_NAME.fullmatch(name)
        ):
            yield replace(
                _finding(
                    "grant-own-account",
                    "allows the account of the repository, which gives none of its roles access",
                    name,
                    "roles, users and groups of this account, or another account",
                    "grant to the role that pulls or pushes",
                ),
                severity=Severity.WARNING,
            )


def _check_organizations(statement: Mapping[str, object]) -> Iterator[Finding]:
    for operator, key, value in _conditions(statement):
        if key.lower() == "aws:principalorgid" and operator.startswith("StringEquals"):
            for organization in _listed(value):
                yield from check_organization_id(organization)


def _names_caller(statement: Mapping[str, object]) -> bool:
    return any(
        key.lower() in _CALLER_KEYS and "*" not in _listed(value)
        for operator, key, value in _conditions(statement)
        if not operator.endswith("IfExists") and operator != "Null" and "Not" not in operator
    )


def _conditions(statement: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    conditions = statement.get("Condition")
    if not isinstance(conditions, Mapping):
        return
    for operator, block in conditions.items():
        if isinstance(block, Mapping):
            for key, value in block.items():
                yield str(operator), str(key), value


def _same_action(action: str, known: frozenset[str]) -> bool:
    return action.lower() in {name.lower() for name in known}


def _listed(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)):
        return tuple(entry for entry in value if isinstance(entry, str))
    return ()


def _finding(code: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code=code,
        property="policy_statements",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
        severity=Severity.DANGER,
    )
