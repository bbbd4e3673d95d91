"""AppRunnerAccessRole: App Runner services that are made of your images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.consumers.by_role.app_runner import app_runner_access_role
from .role import ConsumerRole

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["AppRunnerAccessRole"]


class AppRunnerAccessRole(ConsumerRole):
    """The role with which App Runner reads the images of services.

    Pass ``.role.role_arn`` as ``access_role_arn`` of a ``apprunner.CfnService``. What the program
    does is the instance role's, which is another. App Runner alone may assume this one; its pages
    document no condition key that would say for which service, so the trust has none.

    An image of another account needs a ``role_name``, and its service no automatic deployments:
    App Runner does not support them over accounts.
    https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html

    App Runner is open to accounts that use it already, and to no new ones since April 30, 2026.
    https://docs.aws.amazon.com/apprunner/latest/dg/apprunner-availability-change.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike],
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the images.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Reads the images of App Runner
            services".
        :raises InvalidInputError: where IAM would refuse the name or the description.

        https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
        """
        super().__init__(
            scope,
            id,
            plan=app_runner_access_role(),
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )
