"""The runs of GitHub Actions: what their tokens say of them.

https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ...repository.options import check_flag
from .pins import GIT_REF, Dialect, check_part, check_pattern, check_pinned
from .trust import TokenTrust

__all__ = ["GITHUB_AUDIENCE", "GITHUB_ISSUER", "GitHubRuns"]

GITHUB_ISSUER: Final = "token.actions.githubusercontent.com"
GITHUB_AUDIENCE: Final = "sts.amazonaws.com"
GITHUB_DOCS = "https://docs.github.com/en/actions/reference/security/oidc"
# Names of today neither end with '-' nor double it, but older accounts have such names. The part
# behind '_' is the short code of an enterprise whose users it manages.
_OWNER = re.compile(r"(?=.{1,39}$)[A-Za-z0-9][A-Za-z0-9-]*(?:_[A-Za-z0-9]+)?")
_PROJECT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}(?<!\.git)")
_DIALECT = Dialect(system="GitHub", docs=GITHUB_DOCS, owner=_OWNER, project=_PROJECT)
_NUMBER = re.compile(r"[1-9][0-9]{0,19}")
# A wildcard would be compared as it stands, and let nobody in.
_ENVIRONMENT = re.compile(r"[^\x00-\x1f\x7f*?]{1,255}")


@dataclass(frozen=True, kw_only=True)
class GitHubRuns:
    """Runs of the workflows of one GitHub repository, pinned to a branch, tag or environment."""

    owner: str
    project: str
    branch: str | None = None
    tag: str | None = None
    environment: str | None = None
    branch_pattern: str | None = None
    tag_pattern: str | None = None
    pull_requests: bool = False
    owner_id: str | None = None
    project_id: str | None = None

    @property
    def trust(self) -> TokenTrust:
        """What the tokens of these runs say."""
        return TokenTrust(
            issuer=GITHUB_ISSUER,
            audience=GITHUB_AUDIENCE,
            subject=self.subject,
            is_pattern=self.branch_pattern is not None or self.tag_pattern is not None,
        )

    @property
    def subject(self) -> str:
        """The ``sub`` claim.

        GitHub writes ``:`` inside a name as ``%3A``. Repositories made, renamed or moved since
        15 July 2026, and those that opted in, say the ids of owner and repository as well:
        https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
        """
        repository = f"repo:{self.owner}/{self.project}"
        if self.owner_id is not None and self.project_id is not None:
            repository = f"repo:{self.owner}@{self.owner_id}/{self.project}@{self.project_id}"
        if self.pull_requests:
            return f"{repository}:pull_request"
        branch = self.branch if self.branch is not None else self.branch_pattern
        if branch is not None:
            return f"{repository}:ref:refs/heads/{branch}"
        tag = self.tag if self.tag is not None else self.tag_pattern
        if tag is not None:
            return f"{repository}:ref:refs/tags/{tag}"
        return f"{repository}:environment:{(self.environment or '').replace(':', '%3A')}"

    def findings(self) -> tuple[Finding, ...]:
        """What GitHub cannot have, and what pins too little."""
        return (
            *_check_name(
                "owner", self.owner, _OWNER, "a GitHub user or organization: letters, digits, '-'"
            ),
            *_check_name(
                "project", self.project, _PROJECT, "the name of the GitHub repository, no owner"
            ),
            *self._check_ids(),
            *check_flag("pull_requests", self.pull_requests),
            *self._check_pins(),
        )

    def _check_pins(self) -> tuple[Finding, ...]:
        exact = {"branch": self.branch, "tag": self.tag, "environment": self.environment}
        patterns = {"branch_pattern": self.branch_pattern, "tag_pattern": self.tag_pattern}
        allowed = {"branch": GIT_REF, "tag": GIT_REF, "environment": _ENVIRONMENT}
        return (
            *check_pinned(
                "github-subject-unpinned",
                {**exact, **patterns, "pull_requests": self.pull_requests},
                exact="branch, tag and environment, or of branch_pattern, tag_pattern and "
                "pull_requests",
                dialect=_DIALECT,
            ),
            *(
                finding
                for name, value in exact.items()
                if value is not None
                for finding in _check_name(
                    name, value, allowed[name], f"the whole name of one {name}, no wildcard"
                )
            ),
            *(
                finding
                for name, value in patterns.items()
                if value is not None
                for finding in check_pattern(name, value, dialect=_DIALECT)
            ),
        )

    def _check_ids(self) -> tuple[Finding, ...]:
        given = {"owner_id": self.owner_id, "project_id": self.project_id}
        where = "take both from 'gh api repos/OWNER/PROJECT': .owner.id and .id"
        if self.owner_id is None and self.project_id is None:
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


def _check_name(
    option: str, value: object, pattern: re.Pattern[str], allowed: str
) -> tuple[Finding, ...]:
    return check_part(
        "github-subject-invalid",
        option,
        value,
        pattern,
        allowed=allowed,
        dialect=_DIALECT,
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
