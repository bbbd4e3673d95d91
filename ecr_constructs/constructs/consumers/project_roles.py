"""CodeBuild projects that have a role whose trust names others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from constructs import IValidation

from ...model.consumers.by_policy.codebuild import check_project_named
from ...model.deferred import flatten
from .._jsii import path_of

if TYPE_CHECKING:
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_iam as iam

__all__ = ["ProjectRoles"]


@jsii.implements(IValidation)
class ProjectRoles:
    """Checks, at synthesis, that CodeBuild gets a role for each project that has it.

    A role is made before its project, so the project's name is said twice. Where the two differ, no
    build would start, and nothing else would say.
    """

    def __init__(self, role: iam.IRole, project_names: Sequence[str]) -> None:
        self._role = role
        self._project_names = tuple(project_names)

    def validate(self) -> list[str]:
        """One message for each project whose name is not among those of the role."""
        return [
            finding.sentence()
            for project in self._projects()
            for finding in check_project_named(
                flatten(cdk.Stack.of(project).resolve(project.name)),
                self._project_names,
                project=path_of(project).removesuffix("/Resource"),
                role=path_of(self._role).removesuffix("/Default"),
            )
        ]

    def _projects(self) -> Iterator[codebuild.CfnProject]:
        # Imported here: aws_codebuild costs 0.2 s, and whoever has a project has paid it.
        from aws_cdk import aws_codebuild as codebuild  # noqa: PLC0415

        for construct in self._role.node.root.node.find_all():
            if isinstance(construct, codebuild.CfnProject):
                stack = cdk.Stack.of(construct)
                if stack.resolve(construct.service_role) == stack.resolve(self._role.role_arn):
                    yield construct
