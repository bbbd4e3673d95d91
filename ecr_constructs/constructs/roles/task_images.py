"""Task definitions that use an execution role, and the images they name by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import jsii
from constructs import IValidation

from ...model.roles.execution import Whereabouts, image_not_named
from .._jsii import path_of
from ..repository.grants import RepositoryGrants

if TYPE_CHECKING:
    from aws_cdk import aws_ecs as ecs
    from aws_cdk import aws_iam as iam

    from ..repository.types import RepositoryLike

__all__ = ["TaskImages", "task_definitions_of", "whereabouts_of"]


@jsii.implements(IValidation)
class TaskImages:
    """Checks, at synthesis, images that a task definition names by a URI written by hand.

    ``ContainerImage.from_registry("1234.dkr.ecr...")`` asks for no grant, so nothing else would
    notice that the task cannot start.
    """

    def __init__(self, role: iam.Role, repositories: Sequence[Whereabouts]) -> None:
        self._role = role
        self._repositories = repositories

    def validate(self) -> list[str]:
        """One message for each image of a repository that the role was not told of."""
        role = path_of(self._role).removesuffix("/Default")
        return [
            finding.sentence()
            for definition in _definitions(self._role)
            for container in _containers(definition)
            for finding in image_not_named(
                container.image_name,
                named=self._repositories,
                task_definition=path_of(definition),
                role=role,
            )
        ]


def whereabouts_of(repository: RepositoryLike) -> Whereabouts:
    """Account, Region and name of a repository, each literal where it is known."""
    if isinstance(repository, RepositoryGrants):
        return repository.whereabouts()
    home = repository.env
    return home.account, home.region, repository.repository_name


def task_definitions_of(role: iam.Role) -> list[str]:
    """The paths of the task definitions that use the role; those being added to come alone.

    A container asks for its grants while it is made, before its task definition lists it: the one
    task definition with such a container is the one that asks.
    """
    definitions = list(_definitions(role))
    asking = [
        definition
        for definition in definitions
        if _container_ids(definition)
        - {container.container_name for container in _containers(definition)}
    ]
    return sorted(path_of(definition) for definition in asking or definitions)


def _definitions(role: iam.Role) -> Iterator[ecs.TaskDefinition]:
    # Imported here: aws_ecs costs 0.2 s, and whoever has a task definition has paid it.
    from aws_cdk import aws_ecs as ecs  # noqa: PLC0415

    for construct in role.node.root.node.find_all():
        if isinstance(construct, ecs.TaskDefinition) and construct.execution_role is role:
            yield construct


def _container_ids(definition: ecs.TaskDefinition) -> set[str]:
    from aws_cdk import aws_ecs as ecs  # noqa: PLC0415

    return {
        child.node.id
        for child in definition.node.children
        if isinstance(child, ecs.ContainerDefinition)
    }


def _containers(definition: ecs.TaskDefinition) -> list[ecs.ContainerDefinition]:
    return definition._containers  # noqa: SLF001 - protected in CDK, and the only list there is
