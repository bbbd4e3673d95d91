"""Repositories that ECR makes when they are first needed: one of them, or all under a prefix."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ...model.deferred import flatten
from ...model.errors import EcrConstructsError, GrantError
from ...model.repository.policy.document import policy_services
from .._jsii import refuse
from ..repository.grants import RepositoryGrants
from .policy import add_registry_statement

if TYPE_CHECKING:
    from constructs import Construct

    from ...model.findings import Finding
    from ...model.registry.address import RegistryAddress

__all__ = ["ComingRepository"]


class ComingRepository(RepositoryGrants, ecr.RepositoryBase):
    """A repository that does not exist yet, or (``*``) all of them under a prefix.

    It has no policy before it exists: what others need besides their identity policies is written
    to the policy of the registry.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        registry: RegistryAddress,
        prefix: str,
        repository_name: str,
    ) -> None:
        """Name the repository.

        :param registry: the registry that it will be in.
        :param prefix: the prefix of the rule or template by which it is made.
        :param repository_name: its name, the prefix included.
        """
        stack = cdk.Stack.of(scope)
        self._registry = registry
        self._prefix = prefix
        self._name = repository_name
        self._arn = (
            f"arn:{stack.partition}:ecr:{registry.region}:{registry.account}"
            f":repository/{repository_name}"
        )
        super().__init__(scope, id, environment_from_arn=self._arn)

    @property
    def repository_arn(self) -> str:
        """The ARN of the repository."""
        return self._arn

    @property
    def repository_name(self) -> str:
        """The name of the repository, the prefix included."""
        return self._name

    def add_to_resource_policy(
        self, statement: iam.PolicyStatement
    ) -> iam.AddToResourcePolicyResult:
        """Add a statement about this repository to the policy of the registry.

        :param statement: principals, actions and conditions, no resources.
        :raises GrantError: for a service, which makes no repository, and where the statement would
            have no effect or let strangers in.
        """
        document = cast("dict[str, Any]", statement.to_statement_json())
        said = flatten(self.stack.resolve(document))
        services = policy_services(cast("dict[str, object]", said))
        try:
            refuse(self._refused_services(services), self, error=GrantError)
            add_registry_statement(self, {**document, "Resource": self._arn})
        except EcrConstructsError as refusal:
            self._refusal = refusal
            raise
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self)

    @abstractmethod
    def _refused_services(self, services: Sequence[str]) -> tuple[Finding, ...]:
        """What is wrong with services that are to be granted to."""

    def _arn_seen_from(self, consumer: cdk.Stack, user: cdk.IResource) -> str:  # noqa: ARG002
        return self._arn

    def _uri_base(self) -> str:
        registry = self._registry
        host = f"{registry.account}.dkr.ecr.{registry.region}.{cdk.Aws.URL_SUFFIX}"
        return f"{host}/{self._name}"

    def whereabouts(self) -> tuple[str, str, str]:
        """Account, Region and name, each literal where it is known."""
        return self._registry.account, self._registry.region, self._name

    def _account(self) -> str:
        return self._registry.account

    def _home(self) -> cdk.Stack:
        return self.stack
