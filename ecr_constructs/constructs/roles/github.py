"""GitHubPushRole and GitHubPullRole: GitHub Actions pushes or pulls images without a stored key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.iam.actions import Access
from ...model.roles.oidc import GitHubRuns
from .web_identity import WebIdentityRole

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["GitHubPullRole", "GitHubPushRole"]


class GitHubRole(WebIdentityRole):
    """A role that workflows of one GitHub repository assume."""

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
        pull_requests: bool = False,
        owner_id: str | None = None,
        project_id: str | None = None,
        provider_arn: str | None = None,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param repositories: the ECR repositories that the workflow pushes to or pulls from.
        :param owner: the GitHub user or organization.
        :param project: the name of the GitHub repository, without its owner.
        :param branch: the branch whose runs get in (``main``). One of ``branch``, ``tag`` and
            ``environment``, or of the three looser options below, must be given. A workflow job
            that uses an environment is seen as that environment, not as its branch.
            Default: no branch.
        :param tag: the Git tag whose runs get in (``v1.2.3``). Default: no tag.
        :param environment: the GitHub environment whose jobs get in (``production``), those of pull
            requests and of every branch among them, unless its deployment protection rules say
            otherwise. Default: no environment.
        :param branch_pattern: the branches whose runs get in, with ``*`` for any characters
            (``release/*``): whoever may make such a branch gets in. Default: no pattern.
        :param tag_pattern: the tags whose runs get in, likewise (``v*``). Default: no pattern.
        :param pull_requests: whether the runs of pull requests get in: whoever may open one, of
            those whom the repository lets have tokens. Default: they do not.
        :param owner_id: the number that GitHub gave the owner. GitHub says it, with
            ``project_id``, in the subject of repositories made, renamed or moved since 15 July
            2026; for those both must be given (``gh api repos/OWNER/PROJECT`` prints them as
            ``.owner.id`` and ``.id``). Default: not said, for older repositories.
        :param project_id: the number that GitHub gave the repository. Default: not said.
        :param provider_arn: the account's identity provider for GitHub, of which there can be one.
            Default: one is made, once for the stack.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: names the workflow.
        :raises InvalidInputError: where GitHub cannot have such names, or nothing pins the run.

        https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
        """
        super().__init__(
            scope,
            id,
            tokens=GitHubRuns(
                owner=owner,
                project=project,
                branch=branch,
                tag=tag,
                environment=environment,
                branch_pattern=branch_pattern,
                tag_pattern=tag_pattern,
                pull_requests=pull_requests,
                owner_id=owner_id,
                project_id=project_id,
            ),
            repositories=repositories,
            provider_arn=provider_arn,
            role_name=role_name,
            description=description,
        )


class GitHubPushRole(GitHubRole):
    """A role that workflows of one GitHub repository assume to push images.

    It is pinned to one branch, tag or environment. With a branch or tag neither a pull request nor
    another branch gets in; with an environment every job that the environment's own rules let use
    it, of whichever branch: limit its deployment branches. It may push to the named repositories
    and do nothing else: not read, not delete.
    """

    _access = Access.PUSH


class GitHubPullRole(GitHubRole):
    """A role that workflows of one GitHub repository assume to pull images.

    It is pinned as :class:`GitHubPushRole` is, and may do nothing but pull.
    """

    _access = Access.PULL
