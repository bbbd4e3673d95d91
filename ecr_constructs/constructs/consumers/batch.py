"""BatchInstanceRole: the EC2 instances of an AWS Batch compute environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.consumers.by_role.batch import batch_instance_role
from .role import ConsumerRole, home_of

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["BatchInstanceRole"]


class BatchInstanceRole(ConsumerRole):
    """The role of the EC2 instances on which Batch runs jobs.

    Pass ``.role`` as ``instance_role`` of a compute environment. The jobs' images are pulled with
    the execution role of their definition where it has one (CDK's always have), on EC2 as on
    Fargate: that is a :class:`TaskExecutionRole`. Only for definitions without one does this role
    pull, and write the logs to ``/aws/batch/job``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike] = (),
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of jobs whose definition has no execution role. Default:
            none.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Runs Batch jobs on EC2 instances".
        :raises InvalidInputError: where IAM would refuse the name or the description.

        https://docs.aws.amazon.com/batch/latest/userguide/instance_IAM_role.html
        """
        super().__init__(
            scope,
            id,
            plan=batch_instance_role(home_of(scope)),
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )
