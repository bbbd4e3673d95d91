"""GitLabPushRole and GitLabPullRole: GitLab CI/CD pushes or pulls images without a stored key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.iam.actions import Access
from ...model.roles.oidc import GITLAB_HOST, GitLabJobs
from .web_identity import WebIdentityRole

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["GitLabPullRole", "GitLabPushRole"]


class GitLabRole(WebIdentityRole):
    """A role that jobs of one GitLab project assume."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repositories: Sequence[RepositoryLike],
        owner: str,
        project: str,
        branch: str | None = None,
        tag: str | None = None,
        environment: str | None = None,
        branch_pattern: str | None = None,
        tag_pattern: str | None = None,
        project_id: str | None = None,
        host: str = GITLAB_HOST,
        audience: str | None = None,
        provider_arn: str | None = None,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param repositories: the ECR repositories that the job pushes to or pulls from.
        :param owner: the user, or the group with the groups above it (``acme/platform``).
        :param project: the path of the project, without its groups.
        :param branch: the branch whose jobs get in (``main``). One of ``branch``, ``tag`` and
            ``environment``, or of the two patterns below, must be given. Default: no branch.
        :param tag: the Git tag whose jobs get in (``v1.2.3``). Default: no tag.
        :param environment: the tier of the protected environments whose jobs get in:
            ``production``, ``staging``, ``testing``, ``development`` or ``other``. GitLab's
            subject can say the tier and not the name of an environment, and says it only where
            ``ci_id_token_sub_claim_components`` of the project are ``project_path``,
            ``environment_protected`` and ``deployment_tier`` (GitLab 18.7). Default: no
            environment.
        :param branch_pattern: the branches whose jobs get in, with ``*`` for any characters
            (``release/*``): whoever may make such a branch gets in. Default: no pattern.
        :param tag_pattern: the tags whose jobs get in, likewise (``v*``). Default: no pattern.
        :param project_id: the id of the project, where its ``ci_id_token_sub_claim_components``
            begin with ``project_id``: it stays when the project moves, and nobody else can get
            it. Default: the subject begins with the path.
        :param host: the host of the GitLab instance, with its path if it has one. STS must reach
            it. Default: ``gitlab.com``.
        :param audience: the ``aud`` that the job asks for in ``id_tokens``. Default: the URL of
            the instance (``https://gitlab.com``).
        :param provider_arn: the account's identity provider for the instance, of which there can
            be one. Default: one is made, once for the stack.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: names the project's jobs.
        :raises InvalidInputError: where GitLab cannot have such names, or nothing pins the job.

        https://docs.gitlab.com/ci/cloud_services/aws/
        """
        super().__init__(
            scope,
            id,
            tokens=GitLabJobs(
                owner=owner,
                project=project,
                branch=branch,
                tag=tag,
                environment=environment,
                branch_pattern=branch_pattern,
                tag_pattern=tag_pattern,
                project_id=project_id,
                host=host,
                audience=audience,
            ),
            repositories=repositories,
            provider_arn=provider_arn,
            role_name=role_name,
            description=description,
        )


class GitLabPushRole(GitLabRole):
    """A role that jobs of one GitLab project assume to push images.

    It is pinned to one branch, tag or tier of environments. It may push to the named repositories
    and do nothing else: not read, not delete.
    """

    _access = Access.PUSH


class GitLabPullRole(GitLabRole):
    """A role that jobs of one GitLab project assume to pull images.

    It is pinned as :class:`GitLabPushRole` is, and may do nothing but pull.
    """

    _access = Access.PULL
