"""The repositories of a cache: one of them, or all under the prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ....model.deferred import flatten
from ....model.errors import EcrConstructsError, GrantError
from ....model.iam.actions import Access, Wanted
from ....model.registry.pull_through.access import FIRST_PULL, check_consumer
from ....model.repository.policy import policy_services
from ..._jsii import refuse
from ...repository.grants import RepositoryGrants
from ..policy import add_registry_statement
from ..singletons import kept_by_app
from .neighbours import CacheNeighbours

if TYPE_CHECKING:
    from constructs import Construct

    from ....model.registry.address import RegistryAddress
    from ...repository.types import Grantee

__all__ = ["CachedRepository"]


class CachedRepository(RepositoryGrants, ecr.RepositoryBase):
    """A repository that ECR makes at the first pull, or (``*``) all of one cache.

    Its grants to pull are those that make the first pull work. It has no policy before it exists:
    what others need besides their identity policies is written to the policy of the registry.
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

        :param registry: the registry of the cache rule.
        :param prefix: the cache prefix of the rule.
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
        """The name of the repository, the cache prefix included."""
        return self._name

    def add_to_resource_policy(
        self, statement: iam.PolicyStatement
    ) -> iam.AddToResourcePolicyResult:
        """Add a statement about this repository to the policy of the registry.

        :param statement: principals, actions and conditions, no resources.
        :raises GrantError: for a service, which does not pull through a cache, and where the
            statement would have no effect or let strangers in.
        """
        document = cast("dict[str, Any]", statement.to_statement_json())
        said = flatten(self.stack.resolve(document))
        services = policy_services(cast("dict[str, object]", said))
        try:
            refuse(check_consumer(services), self, error=GrantError)
            add_registry_statement(self, {**document, "Resource": self._arn})
        except EcrConstructsError as refusal:
            self._refusal = refusal
            raise
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self)

    def _grant_access(self, grantee: Grantee, access: Access) -> iam.Grant:
        if access not in (Access.PULL, Access.PULL_PUSH):
            return super()._grant_access(grantee, access)
        more = getattr(grantee, "pull_actions", ()) if access is Access.PULL else access.actions
        actions = tuple(sorted({*FIRST_PULL, *more}))
        return self._grant(grantee, Wanted(actions=actions, needs_token=True))

    def _grant_identity(self, identity: Any, wanted: Wanted, *, own: bool) -> iam.Grant:
        grant = super()._grant_identity(identity, wanted, own=own)
        if set(FIRST_PULL) <= set(wanted.actions):
            neighbours = kept_by_app(self, CacheNeighbours)
            neighbours.add_pulls(self._registry, self._prefix, identity, self._arn)
        return grant

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
