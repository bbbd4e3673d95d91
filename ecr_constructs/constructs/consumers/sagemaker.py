"""SageMakerRole: models and jobs of SageMaker AI that are made of your images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.consumers.by_role.sagemaker import sagemaker_role
from .role import ConsumerRole, home_of

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["SageMakerRole"]


class SageMakerRole(ConsumerRole):
    """The execution role of SageMaker models and of training, processing and transform jobs.

    It pulls the named images, and writes logs and metrics below ``/aws/sagemaker/``. Data is
    another grant (``bucket.grant_read(models.role)``), and so are the network interfaces of a model
    or job in a VPC. SageMaker alone may assume it, for resources of this account and Region.

    A model in a VPC keeps the ``RepositoryAccessMode`` ``Platform``, the default: ``Vpc`` is for
    registries other than ECR.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ImageConfig.html
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
        :param description: shown in the console. Default: "Runs SageMaker models and jobs".
        :raises InvalidInputError: where IAM would refuse the name or the description.

        https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
        """
        super().__init__(
            scope,
            id,
            plan=sagemaker_role(home_of(scope)),
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )
