"""The jobs of GitLab CI/CD: what their ID tokens say of them.

https://docs.gitlab.com/ci/secrets/id_token_authentication/
https://docs.gitlab.com/ci/cloud_services/aws/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ...findings import Finding, Severity
from .issuer import check_audience, check_issuer
from .pins import GIT_REF, Dialect, check_part, check_pattern, check_pinned
from .trust import TokenTrust

__all__ = ["GITLAB_HOST", "GitLabJobs"]

GITLAB_HOST: Final = "gitlab.com"
GITLAB_DOCS = "https://docs.gitlab.com/ci/secrets/id_token_authentication/"
# https://docs.gitlab.com/user/reserved_names/#rules-for-usernames-project-and-group-names-and-slugs
_SLUG = r"(?![-.])[A-Za-z0-9_.-]+(?<![.])(?<!\.git)(?<!\.atom)"
_OWNER = re.compile(rf"(?=.{{1,255}}$){_SLUG}(?:/{_SLUG})*")
_PROJECT = re.compile(rf"(?=.{{1,255}}$){_SLUG}")
_DIALECT = Dialect(system="GitLab", docs=GITLAB_DOCS, owner=_OWNER, project=_PROJECT)
_NUMBER = re.compile(r"[1-9][0-9]{0,19}")
# https://docs.gitlab.com/ci/environments/#deployment-tier-of-environments
_TIERS = ("production", "staging", "testing", "development", "other")
_TIER = re.compile("|".join(_TIERS))


@dataclass(frozen=True, kw_only=True)
class GitLabJobs:
    """Jobs of one GitLab project, pinned to a branch, a tag or the tier of an environment."""

    owner: str
    project: str
    branch: str | None = None
    tag: str | None = None
    environment: str | None = None
    branch_pattern: str | None = None
    tag_pattern: str | None = None
    project_id: str | None = None
    host: str = GITLAB_HOST
    audience: str | None = None

    @property
    def trust(self) -> TokenTrust:
        """What the tokens of these jobs say."""
        return TokenTrust(
            issuer=self.host,
            audience=self.audience if self.audience is not None else f"https://{self.host}",
            subject=self.subject,
            is_pattern=self.branch_pattern is not None or self.tag_pattern is not None,
        )

    @property
    def subject(self) -> str:
        """The ``sub`` claim, with the components that :meth:`components` lists."""
        project = f"project_path:{self.owner}/{self.project}"
        if self.project_id is not None:
            project = f"project_id:{self.project_id}"
        if self.environment is not None:
            # Whoever writes a job can give its environment any tier; a protected one can be
            # deployed to by those alone whom GitLab lets.
            return f"{project}:environment_protected:true:deployment_tier:{self.environment}"
        branch = self.branch if self.branch is not None else self.branch_pattern
        if branch is not None:
            return f"{project}:ref_type:branch:ref:{branch}"
        tag = self.tag if self.tag is not None else self.tag_pattern
        return f"{project}:ref_type:tag:ref:{tag or ''}"

    @property
    def components(self) -> tuple[str, ...]:
        """What ``ci_id_token_sub_claim_components`` of the project must be.

        https://docs.gitlab.com/api/projects/#edit-a-project
        """
        project = "project_path" if self.project_id is None else "project_id"
        if self.environment is not None:
            return (project, "environment_protected", "deployment_tier")
        return (project, "ref_type", "ref")

    def findings(self) -> tuple[Finding, ...]:
        """What GitLab cannot have, and what pins too little."""
        return (
            *_check_name("owner", self.owner, _OWNER, "a GitLab user, or a group with its parents"),
            *_check_name(
                "project", self.project, _PROJECT, "the path of the GitLab project, without groups"
            ),
            *self._check_pins(),
            *(
                _check_name("project_id", self.project_id, _NUMBER, "the project's id, digits")
                if self.project_id is not None
                else ()
            ),
            *_check_host(self.host),
            *(check_audience(self.audience) if self.audience is not None else ()),
            *self._note_components(),
        )

    def _check_pins(self) -> tuple[Finding, ...]:
        exact = {"branch": self.branch, "tag": self.tag, "environment": self.environment}
        patterns = {"branch_pattern": self.branch_pattern, "tag_pattern": self.tag_pattern}
        whole = "the whole name of one {}, no wildcard"
        rules = {
            "branch": (GIT_REF, whole.format("branch")),
            "tag": (GIT_REF, whole.format("tag")),
            "environment": (_TIER, f"the environment's tier: {', '.join(_TIERS)}"),
        }
        return (
            *check_pinned(
                "gitlab-subject-unpinned",
                {**exact, **patterns},
                exact="branch, tag and environment, or of branch_pattern and tag_pattern",
                dialect=_DIALECT,
            ),
            *(
                finding
                for name, value in exact.items()
                if value is not None
                for finding in _check_name(name, value, *rules[name])
            ),
            *(
                finding
                for name, value in patterns.items()
                if value is not None
                for finding in check_pattern(name, value, dialect=_DIALECT)
            ),
        )

    def _note_components(self) -> tuple[Finding, ...]:
        if self.environment is None and self.project_id is None:
            return ()
        wanted = ", ".join(self.components)
        return (
            Finding(
                code="gitlab-subject-components",
                property="environment" if self.environment is not None else "project_id",
                message="is in the subject only once the project is set so",
                given=self.environment if self.environment is not None else self.project_id,
                allowed=f"a project whose ci_id_token_sub_claim_components are {wanted}",
                fix="set them with a PUT to /projects/ID of GitLab's API",
                docs="https://docs.gitlab.com/api/projects/#edit-a-project",
                severity=Severity.NOTE,
            ),
        )


def _check_host(host: object) -> tuple[Finding, ...]:
    if isinstance(host, str) and "://" not in host:
        return check_issuer(f"https://{host}", option="host")
    return (
        Finding(
            code="gitlab-host-invalid",
            property="host",
            message="is not a host name",
            given=host,
            allowed="the host of a GitLab instance, with its path if it has one",
            fix="leave 'https://' out: 'gitlab.example.com', say",
            docs=GITLAB_DOCS,
        ),
    )


def _check_name(
    option: str, value: object, pattern: re.Pattern[str], allowed: str
) -> tuple[Finding, ...]:
    return check_part(
        "gitlab-subject-invalid",
        option,
        value,
        pattern,
        allowed=allowed,
        dialect=_DIALECT,
    )
