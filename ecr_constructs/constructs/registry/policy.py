"""The registry policy: one document, at one place, for statements of the whole app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.registry.policy.merge import merge
from ...model.registry.policy.places import written_elsewhere
from ...model.repository.options import check_construct, check_instances
from .._jsii import check, check_scope, refuse, show
from .singletons import address_of, claim, kept_by_app
from .statements import Added, Place, RegistryStatements

if TYPE_CHECKING:
    from constructs import IConstruct

    from ...model.findings import Finding
    from .statements import RegistryStatement

__all__ = ["AdoptedRegistryPolicy", "RegistryPolicy", "add_registry_statement"]

_TYPE = "AWS::ECR::RegistryPolicy"


def add_registry_statement(
    scope: IConstruct,
    statement: RegistryStatement,
    *,
    owner: IConstruct | None = None,
) -> None:
    """Ask for a statement in the policy of a registry, from anywhere in the app.

    The statement is written where a :class:`RegistryPolicy` stands for the account and Region,
    before or after; it is an error at synthesis where none does. A service that is allowed without
    a condition on its source is limited to the account (the confused deputy).

    The scope is any construct of a stack of that account and Region.

    :param statement: with principals, actions and resources.
    :param owner: the construct that errors name. Default: the scope.
    :raises GrantError: where the statement would have no effect, let strangers in, or make the
        document longer than ECR takes.
    :raises InvalidInputError: where the scope or the owner is no construct, or the statement none.
    """
    check_scope(scope)
    if owner is not None:
        check_scope(owner, option="owner")
    refuse(_check_statement(statement), scope)
    kept_by_app(scope, RegistryStatements).add(scope, statement, owner or scope)


class RegistryPolicy(Construct):
    """The place where the policy of a registry is written.

    One for each account and Region: statements for the registry come here from every construct and
    stack of the app (replication, pull-through caches, perimeters, and :meth:`add_statement`),
    whichever is declared first. Equal ones are written once, each has a Sid that stays, and the
    order of declaration does not matter. Without a statement there is no resource.

    ECR refuses, and so does this construct: a document of more than 10,240 bytes; a statement
    without a principal, an action or a resource, of which CloudFormation's schema sees none.
    It takes what would have no effect, which is refused here: resources of another account or
    Region, the action GetAuthorizationToken, two statements of one Sid, and a second registry
    policy in the app.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        statements: Sequence[iam.PolicyStatement] = (),
    ) -> None:
        """Make the place.

        :param statements: statements of your own, with principals, actions and resources. Default:
            none but those that other constructs ask for.
        :raises InvalidInputError: where the app has a policy for this registry already.
        :raises GrantError: where a statement would have no effect or let strangers in, or the
            document is longer than ECR takes.
        """
        check(check_instances("statements", statements, iam.PolicyStatement), scope, id)
        super().__init__(scope, id)
        kept_by_app(self, RegistryStatements).place(_Written(self))
        for statement in statements:
            self.add_statement(statement)

    def add_statement(self, statement: iam.PolicyStatement) -> None:
        """Add a statement of your own.

        :param statement: with principals, actions of ECR, and resources: repositories of this
            registry by ARN (``repository/prod/*``, those that do not exist yet included) or ``*``.
        :raises GrantError: where it would have no effect, let strangers in, or make the document
            longer than ECR takes.
        """
        add_registry_statement(self, statement)


class AdoptedRegistryPolicy(Construct):
    """A registry policy that is not of this app.

    Each statement that this app needs there is a warning with the statement, ready to be pasted.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Say that the policy of this account and Region is written elsewhere.

        :raises InvalidInputError: where the app has a policy for this registry already.
        """
        check_scope(scope)
        super().__init__(scope, id)
        kept_by_app(self, RegistryStatements).place(_WrittenElsewhere(self))

    def add_statement(self, statement: iam.PolicyStatement) -> None:
        """Say that the policy needs a statement, which is a warning with the statement.

        :param statement: as for :meth:`RegistryPolicy.add_statement`.
        :raises GrantError: where it would have no effect, or let strangers in.
        """
        add_registry_statement(self, statement)


def _check_statement(statement: object) -> tuple[Finding, ...]:
    if isinstance(statement, Mapping):
        return ()
    return check_construct(
        "statement",
        statement,
        "to_statement_json",
        noun="an iam.PolicyStatement",
        fix="write iam.PolicyStatement(principals=[...], actions=[...], resources=[...])",
        docs="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html",
    )


class _Written(Place):
    """A policy of this app: there is a resource from the first statement on."""

    _resource: ecr.CfnRegistryPolicy | None = None

    def take(self, added: Added, document: cdk.IResolvable) -> None:  # noqa: ARG002
        if self._resource is None:
            claim(self.construct, _TYPE)
            self._resource = ecr.CfnRegistryPolicy(self.construct, "Resource", policy_text=document)


class _WrittenElsewhere(Place):
    """A policy of somebody else, who is told."""

    def take(self, added: Added, document: cdk.IResolvable) -> None:  # noqa: ARG002
        (merged,) = merge([added.asked])
        finding = written_elsewhere(merged.statement, registry=address_of(added.stack))
        show([finding], added.owner)
