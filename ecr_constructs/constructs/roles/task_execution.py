"""TaskExecutionRole: what ECS needs to start the tasks you named, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Union, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.repository.options import check_each, check_repository_list
from ...model.roles.execution import ECS_TASKS, task_trust
from ...model.roles.naming import check_role
from .._jsii import check
from .named_only import NamedOnlyRole
from .task_images import TaskImages, whereabouts_of

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_secretsmanager as secretsmanager
    from aws_cdk import aws_ssm as ssm

    from ..repository.types import RepositoryLike

__all__ = ["TaskExecutionRole"]


class TaskExecutionRole(Construct):
    """The role with which ECS and Fargate start tasks: pull, log, and read secrets, as named.

    Pass ``.role`` as ``execution_role`` of a task definition. Its images, log groups and secrets
    must be named here: the first that is not is an error that names the task definition and what to
    add. The role is never widened behind your back, as a plain ``iam.Role`` is.

    ECS alone may assume it, for tasks of this account and Region.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike] = (),
        log_groups: Sequence[Union[logs.ILogGroup, logs.LogGroup]] = (),
        secrets: Sequence[Union[secretsmanager.ISecret, secretsmanager.Secret]] = (),
        parameters: Sequence[ssm.IParameter] = (),
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the images; of a cached image that is
            ``rule.repository(...)`` of its ``PullThroughCacheRule``. Default: none.
        :param log_groups: the log groups of ``awslogs``. Default: none.
        :param secrets: secrets that containers get, or that hold the credentials of another
            registry; with their customer keys. Default: none.
        :param parameters: SSM parameters that containers get; with their customer keys. Default:
            none.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Starts ECS tasks".
        :raises InvalidInputError: where IAM would refuse the name or the description.
        :raises GrantError: where a repository is of another account and its half of the grant
            cannot be written.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
        """
        check(
            [
                *check_role(role_name=role_name, description=description),
                *check_repository_list("pulls_from", pulls_from),
                *check_each("log_groups", log_groups, "log_group_arn", noun="a log group"),
                *check_each("secrets", secrets, "secret_arn", noun="a secret"),
                *check_each("parameters", parameters, "parameter_arn", noun="an SSM parameter"),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        stack = cdk.Stack.of(self)
        self._role = NamedOnlyRole(
            self,
            "Default",
            role_name=role_name,
            description=description or "Starts ECS tasks",
            assumed_by=iam.ServicePrincipal(
                ECS_TASKS,
                conditions=cast(
                    "Mapping[str, object]",
                    task_trust(
                        partition=stack.partition, region=stack.region, account=stack.account
                    ),
                ),
            ),
        )
        with self._role.naming():
            for repository in pulls_from:
                repository.grant_pull(self._role)
            for log_group in log_groups:
                log_group.grant_write(self._role)
            for secret in secrets:
                secret.grant_read(self._role)
                # Secrets Manager decrypts where the secret is, which may be another Region.
                self._role.decrypt(secret, secret.env.region)
            for parameter in parameters:
                parameter.grant_read(self._role)
        self._role.node.add_validation(
            TaskImages(self._role, [whereabouts_of(repository) for repository in pulls_from])
        )

    @property
    def role(self) -> iam.IRole:
        """The role, for ``execution_role`` of a task definition."""
        return self._role
