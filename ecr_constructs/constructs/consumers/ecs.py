"""TaskRole: what the program in an ECS task may do with images. It is not the execution role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.consumers.by_role.ecs import task_role
from .role import ConsumerRole, home_of

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["TaskRole"]


class TaskRole(ConsumerRole):
    """The role that the program in an ECS or Fargate task has: without an option, for nothing.

    Pass ``.role`` as ``task_role`` of a task definition, beside the ``execution_role`` of a
    :class:`TaskExecutionRole`: what starts a task is not what runs in it. ECS alone may assume it,
    for tasks of this account and Region.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike] = (),
        pushes_to: Sequence[RepositoryLike] = (),
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: repositories from which the program itself pulls (``oras pull``, or
            docker in the task). The task's own images are not the program's affair. Default: none,
            and no login.
        :param pushes_to: repositories to which the program pushes. Default: none.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "What the program in an ECS task may do".
        :raises InvalidInputError: where IAM would refuse the name or the description.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
        """
        super().__init__(
            scope,
            id,
            plan=task_role(home_of(scope)),
            pulls_from=pulls_from,
            pushes_to=pushes_to,
            role_name=role_name,
            description=description,
        )
