"""The registry policy: one document, at one place, for statements of the whole app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct, IValidation

from ...model.deferred import flatten
from ...model.errors import GrantError
from ...model.iam.services import guarded, source_conditions
from ...model.iam.statement import Conditions
from ...model.registry.policy.merge import (
    Contribution,
    MergedStatement,
    check_merged,
    document_of,
    merge,
)
from ...model.registry.policy.places import (
    deployed_names,
    no_place,
    not_literal,
    second_place,
    written_elsewhere,
)
from ...model.registry.policy.statements import check_registry_statement
from ...model.repository.options import check_instances
from ...model.repository.policy import policy_services
from .._jsii import check, path_of, refuse, show, target_of
from .singletons import address_of, claim, kept_by_app

if TYPE_CHECKING:
    from constructs import IConstruct

    from ...model.registry.address import RegistryAddress

__all__ = ["AdoptedRegistryPolicy", "RegistryPolicy", "add_registry_statement"]

_TYPE = "AWS::ECR::RegistryPolicy"
RegistryStatement = Union[iam.PolicyStatement, Mapping[str, object]]


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

    :param scope: any construct of a stack of that account and Region.
    :param statement: with principals, actions and resources.
    :param owner: the construct that errors name. Default: the scope.
    :raises GrantError: where the statement would have no effect, let strangers in, or make the
        document longer than ECR takes.
    """
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
        self._resource: ecr.CfnRegistryPolicy | None = None
        kept_by_app(self, RegistryStatements).place(self)
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

    def take(self, document: cdk.IResolvable, added: Added) -> None:  # noqa: ARG002
        """Write the document, from the first statement on."""
        if self._resource is None:
            claim(self, _TYPE)
            self._resource = ecr.CfnRegistryPolicy(self, "Resource", policy_text=document)


class AdoptedRegistryPolicy(Construct):
    """A registry policy that is not of this app.

    Each statement that this app needs there is a warning with the statement, ready to be pasted.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Say that the policy of this account and Region is written elsewhere.

        :raises InvalidInputError: where the app has a policy for this registry already.
        """
        super().__init__(scope, id)
        kept_by_app(self, RegistryStatements).place(self)

    def take(self, document: cdk.IResolvable, added: Added) -> None:  # noqa: ARG002
        """Say what the policy needs."""
        ((merged),) = merge([added.contribution()])
        finding = written_elsewhere(merged.statement, registry=address_of(added.stack))
        show([finding], added.owner)


@dataclass(frozen=True, kw_only=True, eq=False)
class Added:
    """A statement, who asks for it, and the stack in which what it refers to is known."""

    owner: IConstruct
    stack: cdk.Stack
    statement: Mapping[str, object]

    def resolved(self) -> Mapping[str, object]:
        """The statement as the template of its own stack would have it."""
        return cast("Mapping[str, object]", self.stack.resolve(self.statement))

    def contribution(self) -> Contribution:
        """What the merge of all statements needs to know."""
        return Contribution(owner=path_of(self.owner), statement=self.resolved())


@jsii.implements(IValidation)
class RegistryStatements:
    """The statements for the registries of one app, and the places where they are written."""

    def __init__(self) -> None:
        self._places: dict[RegistryAddress, RegistryPolicy | AdoptedRegistryPolicy] = {}
        self._added: dict[RegistryAddress, list[Added]] = {}

    def place(self, construct: RegistryPolicy | AdoptedRegistryPolicy) -> None:
        """Write the statements for the registry here, those that came before included."""
        registry = address_of(construct)
        first = self._places.get(registry)
        if first is not None:
            finding = second_place(
                registry=registry, first=path_of(first), second=path_of(construct)
            )
            refuse([finding], construct)
        waiting = self._added.get(registry, [])
        for added in waiting:
            _check_literal(added, construct)
        self._places[registry] = construct
        for added in waiting:
            construct.take(self._document(registry), added)

    def add(self, scope: IConstruct, statement: RegistryStatement, owner: IConstruct) -> None:
        """Take a statement, or refuse it."""
        stack = cdk.Stack.of(scope)
        registry = address_of(stack)
        said = (
            cast("Mapping[str, object]", statement.to_statement_json())
            if isinstance(statement, iam.PolicyStatement)
            else statement
        )
        findings = check_registry_statement(_flat(stack, said), registry=registry)
        refuse(findings, owner, error=GrantError)
        show(findings, owner)
        added = Added(owner=owner, stack=stack, statement=_limited(said, _flat(stack, said), stack))
        every = [*self._added.get(registry, ()), added]
        refuse(check_merged(_merged(every)), owner, error=GrantError)
        place = self._places.get(registry)
        if place is not None:
            _check_literal(added, place)
        self._added[registry] = every
        if place is not None:
            place.take(self._document(registry), added)

    def document(self, registry: RegistryAddress) -> Mapping[str, object]:
        """The policy document of a registry."""
        return document_of(_merged(self._added[registry]))

    def validate(self) -> list[str]:
        """One message for each registry whose policy is written nowhere."""
        return [
            no_place(
                registry=registry, owners=sorted({path_of(entry.owner) for entry in added})
            ).sentence()
            for registry, added in self._added.items()
            if registry not in self._places
        ]

    def _document(self, registry: RegistryAddress) -> cdk.IResolvable:
        return cdk.Lazy.uncached_any(_Document(self, registry))


@jsii.implements(cdk.IAnyProducer)
class _Document:
    """The document, as it is when the template is written."""

    def __init__(self, statements: RegistryStatements, registry: RegistryAddress) -> None:
        self._statements = statements
        self._registry = registry

    def produce(self, context: cdk.IResolveContext) -> object:  # noqa: ARG002
        """All statements that the app has asked for."""
        return self._statements.document(self._registry)


def _check_literal(added: Added, place: Construct) -> None:
    """Refuse a statement that another stack could not write."""
    if cdk.Stack.of(place) is added.stack:
        return
    names = deployed_names(added.resolved())
    if names:
        finding = not_literal(
            owner=path_of(added.owner),
            place=path_of(place),
            names=sorted(set(_targets(added.statement))) or names,
        )
        refuse([finding], added.owner, error=GrantError)


def _merged(added: Sequence[Added]) -> tuple[MergedStatement, ...]:
    return merge(entry.contribution() for entry in added)


def _flat(stack: cdk.Stack, statement: Mapping[str, object]) -> Mapping[str, object]:
    return cast("Mapping[str, object]", flatten(stack.resolve(statement)))


def _limited(
    statement: Mapping[str, object], flat: Mapping[str, object], stack: cdk.Stack
) -> Mapping[str, object]:
    """The statement with a condition for each service that it lets act for anybody."""
    services = policy_services(flat)
    conditions = cast("Conditions", flat.get("Condition", {}))
    if flat.get("Effect") != "Allow" or not services or guarded(conditions):
        return statement
    given = cast("Conditions", statement.get("Condition", {}))
    limited = {operator: dict(keys) for operator, keys in given.items()}
    for service in services:
        added = source_conditions(
            service, partition=stack.partition, region=stack.region, account=stack.account
        )
        for operator, keys in added.items():
            limited.setdefault(operator, {}).update(keys)
    return {**statement, "Condition": limited}


def _targets(value: object) -> Iterator[str]:
    """The paths of the constructs that the tokens in a statement refer to."""
    if isinstance(value, Mapping):
        for entry in value.values():
            yield from _targets(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _targets(entry)
    elif isinstance(value, str):
        for token in cdk.Tokenization.reverse_string(value).tokens:
            target = target_of(token)
            if target is not None:
                yield path_of(target)
