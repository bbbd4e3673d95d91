"""Caching from another ECR registry: the role here, and the statement there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ....model.account.identifiers import AccountMatch, compare_accounts
from ....model.registry.prefix import ROOT
from ....model.registry.pull_through.access import (
    cache_resources,
    role_statements,
    service_trust,
    upstream_statement,
)
from ....model.registry.pull_through.upstream import Upstream
from ....model.registry.pull_through.upstream_policy import (
    account_unknown,
    upstream_policy_missing,
    upstream_unknown,
)
from ..._jsii import check, show
from ..policy import add_registry_statement
from ..singletons import address_of

if TYPE_CHECKING:
    from constructs import Construct

    from ....model.registry.address import RegistryAddress

__all__ = ["EcrUpstream"]


@dataclass(frozen=True, kw_only=True, eq=False)
class EcrUpstream:
    """The registry of another stack or account, as a rule sees it."""

    upstream: Upstream
    upstream_prefix: str
    stack: cdk.Stack | None

    @classmethod
    def of_stack(cls, stack: cdk.Stack, scope: Construct, construct_id: str) -> Upstream:
        """The registry of a stack of this app."""
        registry = address_of(stack)
        if not registry.known:
            check([upstream_unknown(stack.node.path)], scope, construct_id)
        return Upstream.ecr(account=registry.account, region=registry.region)

    def role(self, rule: Construct, registry: RegistryAddress, prefix: str) -> iam.Role:
        """The role with which ECR reads the upstream and fills the cache."""
        stack = cdk.Stack.of(rule)
        statements = role_statements(
            upstream=self._resources(stack.partition),
            cache=cache_resources(
                partition=stack.partition,
                region=registry.region,
                account=registry.account,
                prefix=prefix,
            ),
        )
        return iam.Role(
            rule,
            "Role",
            description=f"Amazon ECR caches images of {self.upstream.url}",
            assumed_by=iam.ServicePrincipal(
                "pullthroughcache.ecr.amazonaws.com",
                conditions=cast("Mapping[str, object]", service_trust(registry.account)),
            ),
            inline_policies={
                "PullThroughCache": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement.from_json(statement.to_json())
                        for statement in statements
                    ]
                )
            },
        )

    def open(self, rule: Construct, registry: RegistryAddress) -> None:
        """Write the upstream account's side, or say what it is."""
        match = compare_accounts(self.upstream.account, registry.account)
        if match is AccountMatch.SAME:
            return
        partition = cdk.Stack.of(rule).partition
        statement = upstream_statement(
            partition=partition,
            account=registry.account,
            resources=self._resources(partition),
        )
        if self.stack is not None and registry.known:
            add_registry_statement(self.stack, statement.to_json(), owner=rule)
        elif self.stack is not None:
            show([account_unknown(self.upstream.url, statement)], rule)
        else:
            show([upstream_policy_missing(self.upstream.url, statement)], rule)

    def _resources(self, partition: str) -> tuple[str, ...]:
        return cache_resources(
            partition=partition,
            region=self.upstream.region or "",
            account=self.upstream.account or "",
            prefix=self.upstream_prefix or ROOT,
        )
