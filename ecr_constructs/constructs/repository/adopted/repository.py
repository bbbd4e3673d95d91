"""Repositories that stand already and are not of this app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ....model.deferred import flatten, is_deferred
from ....model.errors import EcrConstructsError, GrantError
from ....model.iam.grants import (
    repository_not_writable,
    repository_side_missing,
    service_statement_missing,
)
from ....model.iam.statement import Statement
from ....model.repository.adopted import (
    check_repository_arn,
    check_whole_arn,
    parse_repository_arn,
)
from ....model.repository.name import check_repository_name
from ....model.repository.policy.document import only_services
from ..._jsii import check, path_of, show, stack_of
from ..grants import RepositoryGrants
from ..policy import PolicyWriter

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["AdoptedRepository"]


class AdoptedRepository(RepositoryGrants, ecr.RepositoryBase):
    """A repository that stands already, made elsewhere.

    Its grants write identity policies. What needs the repository's own policy, which this app does
    not own, is refused (or, where the identity's half alone is written, shown as a warning) with
    the statement that is missing. Make one with ``SecureRepository.from_repository_name``,
    ``from_repository_arn`` or ``from_repository_attributes``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository_arn: str,
        repository_name: str,
    ) -> None:
        """Name the repository.

        :param repository_arn: its ARN, as a whole or in parts perhaps known only at deployment.
        :param repository_name: its name, likewise.
        :raises InvalidInputError: where no repository can have such an ARN or name.
        """
        check(
            [*check_repository_arn(repository_arn), *check_repository_name(repository_name)],
            scope,
            id,
        )
        self._arn = repository_arn
        self._name = repository_name
        self._policy = PolicyWriter()
        super().__init__(scope, id, environment_from_arn=repository_arn)

    @classmethod
    def from_repository_name(
        cls,
        scope: Construct,
        id: str,
        repository_name: str,
    ) -> AdoptedRepository:
        """The repository of this name in the account and Region of the stack.

        :param repository_name: its name, perhaps known only at deployment.
        :raises InvalidInputError: where no repository can have such a name.
        """
        check(check_repository_name(repository_name), scope, id)
        stack = stack_of(scope)
        arn = (
            f"arn:{stack.partition}:ecr:{stack.region}:{stack.account}:repository/{repository_name}"
        )
        return cls(scope, id, repository_arn=arn, repository_name=repository_name)

    @classmethod
    def from_repository_arn(
        cls,
        scope: Construct,
        id: str,
        repository_arn: str,
    ) -> AdoptedRepository:
        """The repository of this ARN, in any account and Region.

        :param repository_arn: ``arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME``. Where the whole
            ARN is known only at deployment, use :meth:`from_repository_attributes`, since a name
            with a ``/`` cannot be cut out of it.
        :raises InvalidInputError: where it is not such an ARN.
        """
        check(check_whole_arn(repository_arn), scope, id)
        parts = parse_repository_arn(repository_arn)
        name = parts.name if parts else ""
        return cls(scope, id, repository_arn=repository_arn, repository_name=name)

    @classmethod
    def from_repository_attributes(
        cls,
        scope: Construct,
        id: str,
        *,
        repository_arn: str,
        repository_name: str,
    ) -> AdoptedRepository:
        """The repository of this ARN and name, either perhaps known only at deployment.

        :param repository_arn: its ARN, as a whole or in parts perhaps known only at deployment.
        :param repository_name: its name, likewise.
        :raises InvalidInputError: where no repository can have such an ARN or name.
        """
        return cls(scope, id, repository_arn=repository_arn, repository_name=repository_name)

    @property
    def repository_arn(self) -> str:
        """The ARN of the repository."""
        return self._arn

    @property
    def repository_name(self) -> str:
        """The name of the repository."""
        return self._name

    def add_to_resource_policy(
        self, statement: iam.PolicyStatement
    ) -> iam.AddToResourcePolicyResult:
        """Refuse: the policy of a repository that stands elsewhere is not of this app.

        A statement for a service alone (as ``DockerImageCode.from_ecr`` asks for) is shown as a
        warning instead, since the policy may have it already.

        :param statement: what CDK or a grant would add.
        :raises GrantError: with the statement to add where the repository is defined.
        """
        try:
            self._policy.admit(statement, self)
        except EcrConstructsError as refusal:
            self._refusal = refusal
            raise
        missing = flatten(self.stack.resolve(statement.to_statement_json()))
        if isinstance(missing, Mapping) and only_services(missing):
            show([service_statement_missing(missing)], self)
            return iam.AddToResourcePolicyResult(statement_added=False)
        finding = repository_not_writable(missing)
        self._refusal = GrantError([finding], construct_path=path_of(self))
        raise self._refusal

    def _add_repository_side(self, statement: Statement) -> None:
        # The identity's half is written and does no harm; what is missing is said.
        said = self._said(statement)
        reason = "it is defined elsewhere"
        if is_deferred(str(statement.conditions)):
            reason += "; a role_name makes the statement one that can be written before a deploy"
        show([repository_side_missing(said, reason=reason)], self)

    def _arn_seen_from(self, consumer: cdk.Stack, user: cdk.IResource) -> str:  # noqa: ARG002
        return self._arn

    def _uri_base(self) -> str:
        parts = parse_repository_arn(self._arn)
        if parts is None:
            return ecr.RepositoryBase.repository_uri_for_tag(self)
        region, account = parts.region, parts.account
        return f"{account}.dkr.ecr.{region}.{cdk.Aws.URL_SUFFIX}/{self._name}"

    def whereabouts(self) -> tuple[str, str, str]:
        """Account, Region and name, each literal where it is known."""
        parts = parse_repository_arn(self._arn)
        if parts is None:
            return self.env.account, self.env.region, self._name
        return parts.account, parts.region, self._name

    def _account(self) -> str:
        parts = parse_repository_arn(self._arn)
        return parts.account if parts else self.env.account

    def _home(self) -> cdk.Stack | None:
        # Its account need not be that of the stack that adopts it.
        return None
