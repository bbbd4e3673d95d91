"""DataPerimeter: nobody outside reaches the repositories, whatever else allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ..model.registry.perimeter.value import Perimeter
from .registry.policy import add_registry_statement
from .registry.singletons import address_of

if TYPE_CHECKING:
    from .repository.types import RepositoryLike

__all__ = ["DataPerimeter"]


@dataclass(frozen=True, kw_only=True)
class DataPerimeter(Perimeter):
    """Deny everybody outside the organizations, the accounts or the networks.

    One value for a whole app: ``perimeter.protect_registry(stack)`` denies in the registry policy,
    for every repository of the account and Region, those to come included;
    ``perimeter.protect_repositories(api, web)`` in the policies of some. It allows nothing: inside
    everything is as it was.

    What AWS services do goes on: services that read the repository policy (Lambda, CodeBuild) for
    resources inside; replication, the cache and enhanced scanning, whose service-linked roles are
    of an account inside and come from AWS's network; and calls that a service makes on behalf of
    somebody inside. With ``vpc_endpoints``, a service that pulls with a role of yours from its own
    network (CodeBuild outside a VPC, an ECR-to-ECR cache) needs that role in ``exempt_roles``.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
    """

    def protect_repositories(self, *repositories: RepositoryLike) -> None:
        """Deny in the policies of these repositories.

        :param repositories: repositories of this app.
        :raises GrantError: for a repository whose policy is not of this app, with the statement.
        """
        for repository in repositories:
            stack = cdk.Stack.of(repository)
            account = repository.env.account
            for statement in self.statements(partition=stack.partition, account=account):
                repository.add_to_resource_policy(iam.PolicyStatement.from_json(statement))

    def protect_registry(self, stack: cdk.Stack) -> None:
        """Deny in the registry policy, for every repository of the account and Region.

        :param stack: a stack of that account and Region, whose app has a ``RegistryPolicy`` there.
        """
        registry = address_of(stack)
        every = f"arn:{stack.partition}:ecr:{registry.region}:{registry.account}:repository/*"
        for statement in self.statements(
            partition=stack.partition, account=registry.account, resources=(every,)
        ):
            add_registry_statement(stack, statement)
