"""Roles that a CI system assumes by OpenID Connect.

https://docs.github.com/en/actions/reference/security/oidc
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
"""

from __future__ import annotations

import re

from ..deferred import is_deferred
from ..findings import Finding

__all__ = [
    "GITHUB_AUDIENCE",
    "GITHUB_ISSUER",
    "check_github_subject",
    "check_provider_arn",
    "check_repositories",
    "github_subject",
]

GITHUB_ISSUER = "token.actions.githubusercontent.com"
GITHUB_AUDIENCE = "sts.amazonaws.com"
GITHUB_DOCS = "https://docs.github.com/en/actions/reference/security/oidc"
PROVIDER_DOCS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html"
)
_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}(?:_[A-Za-z0-9]+)?")
_PROJECT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
# git check-ref-format, and no wildcard of IAM's StringLike that somebody may expect to work.
_REF = re.compile(
    r"(?![/.-])(?!.*(?:\.\.|//|@\{|\.lock$|\.lock/|/\.))"
    r"[^\x00-\x20~^:?*\[\\\x7f]+(?<![/.])"
)
_ENVIRONMENT = re.compile(r"[^\x00-\x1f*?]{1,255}")


def github_subject(
    *,
    owner: str,
    project: str,
    branch: str | None = None,
    tag: str | None = None,
    environment: str | None = None,
) -> str:
    """The ``sub`` claim of a workflow run of one branch, tag or environment.

    GitHub writes ``:`` inside a name as ``%3A``.
    """
    repository = f"repo:{owner}/{project}"
    if branch is not None:
        return f"{repository}:ref:refs/heads/{branch}"
    if tag is not None:
        return f"{repository}:ref:refs/tags/{tag}"
    return f"{repository}:environment:{(environment or '').replace(':', '%3A')}"


def check_github_subject(
    *,
    owner: object,
    project: object,
    branch: object = None,
    tag: object = None,
    environment: object = None,
) -> tuple[Finding, ...]:
    """What is wrong with the workflow that a role should trust."""
    found = [
        *_check_part("owner", owner, _OWNER, "a GitHub user or organization: letters, digits, '-'"),
        *_check_part("project", project, _PROJECT, "the name of the GitHub repository, no owner"),
    ]
    pins = {"branch": branch, "tag": tag, "environment": environment}
    given = {name: value for name, value in pins.items() if value is not None}
    if len(given) != 1:
        found.append(
            _finding(
                "github-subject-unpinned",
                "branch",
                f"is one of {len(given)} pins" if given else "is not pinned: every run could push",
                given or None,
                "exactly one of branch, tag and environment",
                "name the branch that releases: branch='main', say",
            )
        )
    patterns = {"branch": _REF, "tag": _REF, "environment": _ENVIRONMENT}
    for name, value in given.items():
        found.extend(
            _check_part(name, value, patterns[name], f"the whole name of one {name}, no wildcard")
        )
    return tuple(found)


def check_provider_arn(provider_arn: object, *, issuer: str) -> tuple[Finding, ...]:
    """What is wrong with the ARN of an identity provider for this issuer."""
    if isinstance(provider_arn, str):
        if is_deferred(provider_arn) and ":oidc-provider/" not in provider_arn:
            return ()
        tail = f":oidc-provider/{issuer}"
        if provider_arn.startswith("arn:") and provider_arn.endswith(tail):
            account = provider_arn[: -len(tail)].rsplit(":", 1)[-1]
            if is_deferred(account) or re.fullmatch(r"\d{12}", account):
                return ()
    return (
        Finding(
            code="oidc-provider-invalid",
            property="provider_arn",
            message=f"is not the ARN of an identity provider for {issuer}",
            given=provider_arn,
            allowed=f"arn:PARTITION:iam::ACCOUNT:oidc-provider/{issuer}",
            fix="take it from 'aws iam list-open-id-connect-providers'",
            docs=PROVIDER_DOCS,
        ),
    )


def check_repositories(repositories: object) -> tuple[Finding, ...]:
    """Whether a push role has something to push to."""
    if isinstance(repositories, (list, tuple)) and repositories:
        return ()
    return (
        _finding(
            "push-role-repositories-missing",
            "repositories",
            "names no repository to push to",
            repositories,
            "a list of repositories",
            "write repositories=[api], say",
        ),
    )


def _check_part(
    option: str, value: object, pattern: re.Pattern[str], allowed: str
) -> tuple[Finding, ...]:
    if isinstance(value, str) and (is_deferred(value) or pattern.fullmatch(value)):
        return ()
    fix = f"give {allowed}"
    if option == "project" and isinstance(value, str) and value.count("/") == 1:
        fix = f"write owner={value.split('/')[0]!r}, project={value.split('/')[1]!r}"
    return (
        _finding("github-subject-invalid", option, "cannot be a GitHub name", value, allowed, fix),
    )


def _finding(
    code: str, option: str, message: str, given: object, allowed: str, fix: str
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=GITHUB_DOCS,
    )
