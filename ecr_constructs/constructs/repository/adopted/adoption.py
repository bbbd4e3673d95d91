"""How a repository that stands already is named: by name, ARN or attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr
    from constructs import Construct

    from .repository import AdoptedRepository

    _Base = ecr.Repository
else:
    _Base = object

__all__ = ["Adoption"]


class Adoption(_Base):
    """The static methods of ``ecr.Repository`` that adopt, which give one of ours."""

    @classmethod
    def from_repository_name(
        cls,
        scope: Construct,
        id: str,
        repository_name: str,
    ) -> AdoptedRepository:
        """A repository of this account and Region that stands already. See AdoptedRepository.

        :param repository_name: its name, perhaps known only at deployment.
        """
        return _adopted().from_repository_name(scope, id, repository_name)

    @classmethod
    def from_repository_arn(
        cls,
        scope: Construct,
        id: str,
        repository_arn: str,
    ) -> AdoptedRepository:
        """A repository of any account and Region that stands already. See AdoptedRepository.

        :param repository_arn: ``arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME``.
        """
        return _adopted().from_repository_arn(scope, id, repository_arn)

    @classmethod
    def from_repository_attributes(
        cls,
        scope: Construct,
        id: str,
        *,
        repository_arn: str,
        repository_name: str,
    ) -> AdoptedRepository:
        """A repository whose ARN or name is known only at deployment. See AdoptedRepository.

        :param repository_arn: its ARN, as a whole or in parts perhaps known only at deployment.
        :param repository_name: its name, likewise.
        """
        return _adopted().from_repository_attributes(
            scope, id, repository_arn=repository_arn, repository_name=repository_name
        )


def _adopted() -> type[AdoptedRepository]:
    # Most apps adopt nothing, and the module costs as much as a dozen repositories.
    from .repository import AdoptedRepository  # noqa: PLC0415

    return AdoptedRepository
