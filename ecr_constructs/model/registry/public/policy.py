"""The policy of a public repository: who else may push. Everybody may pull without it.

https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ...deferred import is_deferred
from ...findings import Finding
from ...repository.policy.findings import texts
from ...repository.policy.principals import check_principals

__all__ = ["check_public_statement"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html"
_ACTIONS: Final = frozenset(
    f"ecr-public:{action}"
    for action in (
        "BatchCheckLayerAvailability",
        "BatchDeleteImage",
        "CompleteLayerUpload",
        "DeleteRepository",
        "DeleteRepositoryPolicy",
        "DescribeImageTags",
        "DescribeImages",
        "DescribeRepositories",
        "GetRepositoryCatalogData",
        "GetRepositoryPolicy",
        "InitiateLayerUpload",
        "ListTagsForResource",
        "PutImage",
        "PutRepositoryCatalogData",
        "SetRepositoryPolicy",
        "TagResource",
        "UntagResource",
        "UploadLayerPart",
    )
)


def check_public_statement(statement: Mapping[str, object]) -> tuple[Finding, ...]:
    """What is wrong with one statement of the policy of a public repository."""
    return (
        *_check_elements(statement),
        *_check_actions(statement),
        *(_of_public(finding) for finding in check_principals(statement)),
    )


def _check_elements(statement: Mapping[str, object]) -> Iterator[Finding]:
    for element in ("Resource", "NotResource"):
        if element in statement:
            yield _finding(
                "public-policy-resource",
                f"has the element {element}, which the policy of a repository must not have",
                statement[element],
                "statements without Resource: the policy is the repository's own",
                f"leave {element} out",
            )
    if "Principal" not in statement and "NotPrincipal" not in statement:
        yield _finding(
            "public-policy-principal-missing",
            "has no principal",
            dict(statement),
            "a principal in each statement",
            "name who the statement is for",
        )


def _check_actions(statement: Mapping[str, object]) -> Iterator[Finding]:
    for action in texts(statement.get("Action")):
        if is_deferred(action) or action == "*":
            continue
        pattern = re.escape(action).replace(r"\*", ".*").replace(r"\?", ".")
        if not any(re.fullmatch(pattern, known, re.IGNORECASE) for known in _ACTIONS):
            yield _finding(
                "public-policy-action-unknown",
                f"has {action}, which is no action of ECR Public on a repository",
                action,
                "actions of the prefix 'ecr-public:'",
                "write 'ecr-public:PutImage', say",
            )


def _of_public(finding: Finding) -> Finding:
    """The same rule about the other policy."""
    code = finding.code.replace("repository-policy-", "public-policy-")
    return replace(finding, code=code, docs=DOCS)


def _finding(code: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code=code,
        property="policy_statements",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
