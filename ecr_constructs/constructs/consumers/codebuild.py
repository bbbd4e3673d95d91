"""CodeBuildRole: the role of builds that run in your images and push others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from ...model.consumers.by_policy.codebuild import check_project_names, codebuild_role
from .project_roles import ProjectRoles
from .role import ConsumerRole, home_of

if TYPE_CHECKING:
    from constructs import Construct, IValidation

    from ..repository.types import RepositoryLike

__all__ = ["CodeBuildRole"]


class CodeBuildRole(ConsumerRole):
    """The service role of CodeBuild projects: it pulls the build's image, and the build pushes.

    Pass ``.role`` as ``role`` of a ``codebuild.Project``, which adds its logs and reports to it.
    CodeBuild alone may assume it, for the named projects. Projects that pull with CodeBuild's own
    credentials instead are let in by ``repository.grant_pull(CodeBuildProjects(...))``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike] = (),
        pushes_to: Sequence[RepositoryLike] = (),
        project_names: Sequence[str] = ("*",),
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the image that builds run in, and of base images
            that they pull. Default: none.
        :param pushes_to: the repositories that builds push to. Default: none.
        :param project_names: the projects that may have the role; ``*`` in a name stands for any
            run of characters. A project that has the role and another name is an error at
            synthesis. Default: every project of this account and Region.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Builds with and pushes the named
            images".
        :raises InvalidInputError: where IAM or CodeBuild would refuse a name.

        https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html
        https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
        """
        findings = check_project_names(project_names)
        super().__init__(
            scope,
            id,
            plan=codebuild_role(home_of(scope), () if findings else project_names),
            findings=findings,
            pulls_from=pulls_from,
            pushes_to=pushes_to,
            role_name=role_name,
            description=description,
        )
        if "*" not in project_names:
            checks = cast("IValidation", ProjectRoles(self.role, project_names))
            self.node.add_validation(checks)
