"""Roles that a CI system assumes by OpenID Connect.

https://docs.github.com/en/actions/reference/security/oidc
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..deferred import ARN_PART, is_deferred
from ..findings import Finding, Severity

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
# Names of today neither end with '-' nor double it, but older accounts have such names. The part
# behind '_' is the short code of an enterprise whose users it manages.
_OWNER = re.compile(r"(?=.{1,39}$)[A-Za-z0-9][A-Za-z0-9-]*(?:_[A-Za-z0-9]+)?")
_PROJECT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}(?<!\.git)")
_NUMBER = re.compile(r"[1-9][0-9]{0,19}")
# git check-ref-format, and what GitHub refuses to be pushed: refs/... and names like object ids:
# https://docs.github.com/en/get-started/using-git/dealing-with-special-characters-in-branch-and-tag-names
_REF = re.compile(
    r"(?![/.-])(?!refs/)(?![0-9A-Fa-f]{40}$)(?!@$)"
    r"(?!.*(?:\.\.|//|@\{|\.lock$|\.lock/|/\.))"
    r"[^\x00-\x20~^:?*\[\\\x7f]+(?<![/.])"
)
_ENVIRONMENT = re.compile(r"[^\x00-\x1f\x7f]{1,255}")


def github_subject(
    *,
    owner: str,
    project: str,
    branch: str | None = None,
    tag: str | None = None,
    environment: str | None = None,
    owner_id: str | None = None,
    project_id: str | None = None,
) -> str:
    """The ``sub`` claim of a workflow run of one branch, tag or environment.

    GitHub writes ``:`` inside a name as ``%3A``. Repositories made, renamed or moved since
    15 July 2026, and those that opted in, say the ids of owner and repository as well:
    https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
    """
    repository = f"repo:{owner}/{project}"
    if owner_id is not None and project_id is not None:
        repository = f"repo:{owner}@{owner_id}/{project}@{project_id}"
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
    owner_id: object = None,
    project_id: object = None,
) -> tuple[Finding, ...]:
    """What is wrong with the workflow that a role should trust."""
    found = [
        *_check_part("owner", owner, _OWNER, "a GitHub user or organization: letters, digits, '-'"),
        *_check_part("project", project, _PROJECT, "the name of the GitHub repository, no owner"),
    ]
    found.extend(_check_ids(owner_id, project_id))
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
        parts = re.fullmatch(
            rf"arn:{ARN_PART}:iam::({ARN_PART}):oidc-provider/{re.escape(issuer)}", provider_arn
        )
        if parts and (is_deferred(parts[1]) or re.fullmatch(r"[0-9]{12}", parts[1])):
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


def _check_ids(owner_id: object, project_id: object) -> tuple[Finding, ...]:
    given = {"owner_id": owner_id, "project_id": project_id}
    where = "take both from 'gh api repos/OWNER/PROJECT': .owner.id and .id"
    if owner_id is None and project_id is None:
        return (
            replace(
                _finding(
                    "github-subject-without-ids",
                    "owner_id",
                    "is not given: runs of a repository made since 15 July 2026 are not let in",
                    None,
                    "the ids of owner and repository, which such a run's subject says",
                    where,
                ),
                severity=Severity.NOTE,
            ),
        )
    return tuple(
        _finding(
            "github-subject-ids",
            name,
            "is not a number that GitHub gives",
            value,
            "owner_id and project_id together, each a text of digits",
            where,
        )
        for name, value in given.items()
        if not (isinstance(value, str) and (is_deferred(value) or _NUMBER.fullmatch(value)))
    )


def _check_part(
    option: str, value: object, pattern: re.Pattern[str], allowed: str
) -> tuple[Finding, ...]:
    if isinstance(value, str) and (is_deferred(value) or pattern.fullmatch(value)):
        return ()
    fix = f"give {allowed}"
    if isinstance(value, str):
        fix = _nearest(option, value) or fix
    return (
        _finding("github-subject-invalid", option, "cannot be a GitHub name", value, allowed, fix),
    )


def _nearest(option: str, value: str) -> str | None:
    if option == "project":
        owner, slash, project = value.removesuffix(".git").rpartition("/")
        if slash and _OWNER.fullmatch(owner) and _PROJECT.fullmatch(project):
            return f"write owner={owner!r}, project={project!r}"
        return f"write project={project!r}" if not slash and _PROJECT.fullmatch(project) else None
    kind = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(option)
    if kind and value.startswith(kind) and _REF.fullmatch(value.removeprefix(kind)):
        return f"write {option}={value.removeprefix(kind)!r}"
    return None


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
