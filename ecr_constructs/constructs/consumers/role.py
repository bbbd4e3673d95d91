"""What every role of a consumer shares: one service assumes it, it pulls what was named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.consumers.home import Home
from ...model.repository.options import check_repository_list
from ...model.roles.naming import check_role, role_description
from .._jsii import check, stack_of

if TYPE_CHECKING:
    from ...model.consumers.by_role.role_plan import RolePlan
    from ...model.findings import Finding
    from ...model.iam.statement import Statement
    from ..repository.types import RepositoryLike

__all__ = ["ConsumerRole", "home_of", "principal_of_trust"]


class ConsumerRole(Construct):
    """A role with which one service uses images. Each service has its own class of it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        plan: RolePlan,
        findings: Iterable[Finding] = (),
        pulls_from: Sequence[RepositoryLike],
        pushes_to: Sequence[RepositoryLike] = (),
        role_name: str | None,
        description: str | None,
    ) -> None:
        """Make the role.

        :param plan: what the service needs.
        :param findings: what is wrong with the options of the service.
        :param pulls_from: the repositories of the images.
        :param pushes_to: the repositories that it pushes to.
        :param role_name: the role's name; None where CloudFormation makes one up.
        :param description: shown in the console; None for what the role is for.
        :raises InvalidInputError: where IAM or the service would refuse an option.
        """
        check(
            [
                *findings,
                *check_role(role_name=role_name, description=description),
                *check_repository_list("pulls_from", pulls_from),
                *check_repository_list("pushes_to", pushes_to),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        self._role = _PullingRole(
            self,
            "Default",
            plan=plan,
            role_name=role_name,
            description=description or role_description(plan.description),
        )
        for repository in pulls_from:
            repository.grant_pull(self._role)
        for repository in pushes_to:
            repository.grant_push(self._role)

    @property
    def role(self) -> iam.IRole:
        """The role, for the service's own construct and for further grants."""
        return self._role


class _PullingRole(iam.Role):
    """A role that repositories give the actions that its service asks for."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: RolePlan,
        role_name: str | None,
        description: str,
    ) -> None:
        self.pull_actions = plan.pull
        first, *others = plan.trust
        super().__init__(
            scope,
            construct_id,
            role_name=role_name,
            description=description,
            assumed_by=principal_of_trust(first),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name(name)
                for name in plan.managed_policies
            ],
        )
        for statement in others:
            trust = cast("iam.PolicyDocument", self.assume_role_policy)
            trust.add_statements(iam.PolicyStatement.from_json(statement.to_json()))
        for statement in plan.statements:
            self.add_to_policy(iam.PolicyStatement.from_json(statement.to_json()))


def principal_of_trust(statement: Statement) -> iam.ServicePrincipal:
    """The service of a trust statement, with its conditions."""
    return iam.ServicePrincipal(
        statement.principal["Service"],
        conditions=cast("Mapping[str, object]", statement.conditions) or None,
    )


def home_of(scope: Construct) -> Home:
    """Partition, Region and account of the stack that a construct is about to be made in."""
    stack = stack_of(scope)
    return Home(partition=stack.partition, region=stack.region, account=stack.account)
