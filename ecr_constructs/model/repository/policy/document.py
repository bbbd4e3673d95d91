"""Repository policies: what ECR refuses, ignores or opens to strangers.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ...deferred import is_deferred, masked
from ...findings import Finding, Severity
from ...iam.actions import ACCOUNT_ACTIONS, REPOSITORY_ACTIONS
from .findings import finding_of, texts
from .principals import check_own_account, check_principals, only_services, policy_services

__all__ = [
    "MAX_POLICY",
    "check_granted_actions",
    "check_policy_size",
    "check_repository_statement",
    "only_services",
    "policy_services",
]

MAX_POLICY: Final = 10_240
_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Condition",
)
_RESOURCES = ("Resource", "NotResource")


def check_repository_statement(
    statement: Mapping[str, object], *, own_account: str | None = None
) -> tuple[Finding, ...]:
    """What is wrong with one statement of the policy of a repository of this account."""
    return (
        *_check_elements(statement),
        *_check_who(statement),
        *_check_what(statement),
        *_check_actions(statement),
        *check_principals(statement),
        *check_own_account(statement, own_account),
    )


def check_policy_size(statements: list[Mapping[str, object]]) -> tuple[Finding, ...]:
    """Whether the policy is over ECR's limit; a deferred part counts as one, so never wrongly."""
    text = json.dumps(
        {"Version": "2012-10-17", "Statement": statements},
        separators=(",", ":"),
        ensure_ascii=False,
        default=str,
    )
    size = len(masked(text))
    if size <= MAX_POLICY:
        return ()
    return (
        finding_of(
            "repository-policy-too-long",
            f"is {size} characters long",
            f"{len(statements)} statements",
            f"at most {MAX_POLICY} characters",
            "grant to an organization or an account instead of many roles",
        ),
    )


def _check_elements(statement: Mapping[str, object]) -> Iterator[Finding]:
    for element, value in statement.items():
        if element in _RESOURCES:
            yield finding_of(
                "repository-policy-resource",
                f"has the element {element}, which a repository policy must not have",
                value,
                "statements without Resource: the policy is the repository's own",
                f"leave {element} out",
            )
        elif element not in _ELEMENTS:
            yield finding_of(
                "repository-policy-element-unknown",
                f"has the element {element!r}, which no statement has",
                element,
                ", ".join(_ELEMENTS),
                "correct the spelling, capitals included, or leave it out",
            )
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny") and not is_deferred(effect):
        yield finding_of(
            "repository-policy-effect",
            "has no effect that IAM knows",
            effect,
            "'Allow' or 'Deny', with that capital",
            "write 'Allow' or 'Deny'",
        )


def _check_who(statement: Mapping[str, object]) -> Iterator[Finding]:
    named = [element for element in ("Principal", "NotPrincipal") if element in statement]
    if len(named) != 1:
        yield finding_of(
            "repository-policy-principal-missing",
            "has both Principal and NotPrincipal" if named else "has no principal",
            json.dumps(statement, default=str),
            "a principal in each statement",
            "name who the statement is for",
        )
    if "NotPrincipal" in named and statement.get("Effect") != "Deny":
        yield finding_of(
            "repository-policy-open",
            "allows everybody except the named principals",
            statement["NotPrincipal"],
            "Principal, or NotPrincipal with Deny",
            "name who may",
        )


def _check_what(statement: Mapping[str, object]) -> Iterator[Finding]:
    named = [element for element in ("Action", "NotAction") if element in statement]
    if len(named) != 1 or statement[named[0]] in ("", [], ()):
        yield finding_of(
            "repository-policy-action-missing",
            "has both Action and NotAction" if len(named) > 1 else "has no action",
            json.dumps(statement, default=str),
            "actions of ECR in each statement",
            "name what the statement is about: 'ecr:BatchGetImage', say",
        )
    elif named == ["NotAction"] and statement.get("Effect") != "Deny":
        yield replace(
            finding_of(
                "repository-policy-not-action",
                "allows every action but the named ones, those that ECR does not have yet included",
                statement["NotAction"],
                "Action, or NotAction with Deny",
                "name the actions by Action",
            ),
            severity=Severity.WARNING,
        )


def check_granted_actions(actions: Sequence[object]) -> tuple[Finding, ...]:
    """What is wrong with actions that somebody is to get on a repository."""
    found = [
        replace(finding, property="actions")
        for finding in _check_actions({"Action": [str(action) for action in actions]})
    ]
    if not actions:
        found.append(
            replace(
                finding_of(
                    "grant-actions-missing",
                    "names no action",
                    [],
                    "actions of the prefix 'ecr:'",
                    "name the actions, or use grant_pull, grant_push and the like",
                ),
                property="actions",
            )
        )
    return tuple(found)


def _check_actions(statement: Mapping[str, object]) -> Iterator[Finding]:
    for action in texts(statement.get("Action")):
        if is_deferred(action) or action == "*":
            continue
        if _matches_one_of(action, REPOSITORY_ACTIONS):
            continue
        if _matches_one_of(action, ACCOUNT_ACTIONS):
            yield finding_of(
                "repository-policy-action-without-effect",
                f"has {action}, which knows no repository and has no effect here",
                action,
                "actions on a repository",
                "grant it by the identity policy of the role (grant_pull and grant_push do)",
            )
        else:
            yield finding_of(
                "repository-policy-action-unknown",
                f"has {action}, which is no action of ECR",
                action,
                "actions of the prefix 'ecr:'",
                "look the action up on the page of ECR's actions",
            )


def _matches_one_of(action: str, known: frozenset[str]) -> bool:
    """Whether an action, with its wildcards, is one of these; IAM ignores the case."""
    text = re.escape(action).replace(r"\*", ".*").replace(r"\?", ".")
    pattern = re.compile(text, re.IGNORECASE | re.ASCII)
    return any(pattern.fullmatch(name) for name in known)
