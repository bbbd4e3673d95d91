"""GitHubPushRole: GitHub Actions pushes images without a stored key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.roles.naming import check_role, role_description
from ...model.roles.oidc import (
    GITHUB_AUDIENCE,
    GITHUB_ISSUER,
    check_github_subject,
    check_provider_arn,
    check_repositories,
    github_subject,
)
from .._jsii import check, show

if TYPE_CHECKING:
    from ..repository.types import RepositoryLike

__all__ = ["GitHubPushRole"]

_PROVIDER_ID = "GitHubIdentityProvider"


class GitHubPushRole(Construct):
    """A role that workflows of one GitHub repository assume to push images.

    It is pinned to one branch, tag or environment, so neither a pull request nor another branch
    gets in. It may push to the named repositories and do nothing else: not read, not delete.
    """

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
        owner_id: str | None = None,
        project_id: str | None = None,
        provider_arn: str | None = None,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param repositories: the ECR repositories that the workflow pushes to.
        :param owner: the GitHub user or organization.
        :param project: the name of the GitHub repository, without its owner.
        :param branch: the branch whose runs may push (``main``). One of ``branch``, ``tag`` and
            ``environment`` must be given. A workflow job that uses an environment is seen as that
            environment, not as its branch.
            Default: no branch.
        :param tag: the Git tag whose runs may push (``v1.2.3``). Default: no tag.
        :param environment: the GitHub environment whose jobs may push (``production``). Default: no
            environment.
        :param owner_id: the number that GitHub gave the owner. GitHub says it, with
            ``project_id``, in the subject of repositories made, renamed or moved since 15 July
            2026; for those both must be given (``gh api repos/OWNER/PROJECT`` prints them as
            ``.owner.id`` and ``.id``). Default: not said, for older repositories.
        :param project_id: the number that GitHub gave the repository. Default: not said.
        :param provider_arn: the account's identity provider for GitHub, of which there can be one.
            Default: one is made, once for the stack.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: names the workflow that pushes.
        :raises InvalidInputError: where GitHub cannot have such names, or nothing pins the run.

        https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
        """
        workflow = check_github_subject(
            owner=owner,
            project=project,
            branch=branch,
            tag=tag,
            environment=environment,
            owner_id=owner_id,
            project_id=project_id,
        )
        check(
            [
                *check_repositories(repositories),
                *check_role(role_name=role_name, description=description),
                *workflow,
                *(
                    check_provider_arn(provider_arn, issuer=GITHUB_ISSUER)
                    if provider_arn is not None
                    else ()
                ),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        show(workflow, self)
        subject = github_subject(
            owner=owner,
            project=project,
            branch=branch,
            tag=tag,
            environment=environment,
            owner_id=owner_id,
            project_id=project_id,
        )
        self._role = iam.Role(
            self,
            "Default",
            role_name=role_name,
            description=description or role_description(f"Pushes images from {subject}"),
            assumed_by=iam.WebIdentityPrincipal(
                provider_arn or _provider_of(cdk.Stack.of(self)),
                {
                    "StringEquals": {
                        f"{GITHUB_ISSUER}:aud": GITHUB_AUDIENCE,
                        f"{GITHUB_ISSUER}:sub": subject,
                    }
                },
            ),
        )
        for repository in repositories:
            repository.grant_push(self._role)

    @property
    def role(self) -> iam.IRole:
        """The role, for the ``role-to-assume`` of the workflow and for further grants."""
        return self._role


def _provider_of(stack: cdk.Stack) -> str:
    provider = stack.node.try_find_child(_PROVIDER_ID)
    if not isinstance(provider, iam.CfnOIDCProvider):
        provider = iam.CfnOIDCProvider(
            stack,
            _PROVIDER_ID,
            url=f"https://{GITHUB_ISSUER}",
            client_id_list=[GITHUB_AUDIENCE],
        )
    return provider.attr_arn
