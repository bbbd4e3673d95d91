"""The statements for the registries of an app, and the places where they are written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from constructs import IValidation

from ...model.deferred import flatten
from ...model.errors import GrantError
from ...model.iam.services import guarded, source_conditions
from ...model.iam.statement import Conditions
from ...model.iam.taken_back import check_taken_back
from ...model.registry.policy.merge import (
    Contribution,
    check_merged,
    document_of,
    merge,
)
from ...model.registry.policy.places import deployed_names, no_place, not_literal, second_place
from ...model.registry.policy.statements import check_registry_statement
from ...model.repository.policy.document import policy_services
from .._jsii import path_of, refuse, show, target_of, top_level
from .singletons import address_of

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from ...model.registry.address import RegistryAddress

__all__ = ["Added", "Place", "RegistryStatement", "RegistryStatements"]

RegistryStatement = Union[iam.PolicyStatement, Mapping[str, object]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Added:
    """A statement, who asks for it, and the stack in which what it refers to is known."""

    owner: IConstruct
    stack: cdk.Stack
    statement: Mapping[str, object]
    asked: Contribution
    """The statement as it was when it was asked for; resolving is dear, and there are many."""

    @classmethod
    def of(cls, statement: Mapping[str, object], stack: cdk.Stack, owner: IConstruct) -> Added:
        """What is asked for now."""
        return cls(
            owner=owner,
            stack=stack,
            statement=statement,
            asked=Contribution(owner=path_of(owner), statement=_resolved(stack, statement)),
        )

    @property
    def denies(self) -> bool:
        """Whether it takes away what others give."""
        return self.asked.statement.get("Effect") == "Deny"

    def flat(self) -> Mapping[str, object]:
        """The statement as it was when it was asked for, with text for what is known later."""
        return cast("Mapping[str, object]", flatten(self.asked.statement))

    def written(self) -> Contribution:
        """The statement as the template has it: logical ids may have changed meanwhile."""
        resolved = _resolved(self.stack, self.statement)
        return Contribution(owner=self.asked.owner, statement=resolved)


class Place(ABC):
    """Where the statements for a registry come to."""

    def __init__(self, construct: Construct) -> None:
        self.construct = construct

    @abstractmethod
    def take(self, added: Added, document: cdk.IResolvable) -> None:
        """Do with a statement, and the document that it is now a part of, what is done here."""


@jsii.implements(IValidation)
class RegistryStatements:
    """The statements for the registries of one app, and the places where they are written."""

    def __init__(self) -> None:
        self._places: dict[RegistryAddress, list[Place]] = {}
        self._added: dict[RegistryAddress, list[Added]] = {}

    def place(self, place: Place) -> None:
        """Let the statements for the registry come here, those that came before included."""
        registry = address_of(place.construct)
        places = self._places.setdefault(registry, [])
        first = self._rival(registry, place)
        if first is not None:
            finding = second_place(
                registry=registry,
                first=path_of(first.construct),
                second=path_of(place.construct),
            )
            refuse([finding], place.construct)
        places.append(place)
        waiting = self._of(registry, place)
        for added in waiting:
            _check_literal(added, place.construct)
        for added in waiting:
            place.take(added, self._document(registry, place))

    def add(self, scope: IConstruct, statement: RegistryStatement, owner: IConstruct) -> None:
        """Take a statement, or refuse it."""
        stack = cdk.Stack.of(scope)
        registry = address_of(stack)
        said = (
            cast("Mapping[str, object]", statement.to_statement_json())
            if isinstance(statement, iam.PolicyStatement)
            else statement
        )
        flat = cast("Mapping[str, object]", flatten(_resolved(stack, said)))
        findings = check_registry_statement(flat, registry=registry)
        refuse(findings, owner, error=GrantError)
        show(findings, owner)
        added = Added.of(_limited(said, flat, stack), stack, owner)
        place = self._place_of(registry, stack)
        earlier = self._of(registry, place)
        merged = merge(entry.asked for entry in (*earlier, added))
        refuse(check_merged(merged), owner, error=GrantError)
        if place is not None:
            _check_literal(added, place.construct)
        _show_taken_back(added, earlier)
        self._added.setdefault(registry, []).append(added)
        if place is not None:
            place.take(added, self._document(registry, place))

    def document(self, registry: RegistryAddress, place: Place) -> Mapping[str, object]:
        """The policy document of a registry, at a place."""
        return document_of(merge(entry.written() for entry in self._of(registry, place)))

    def validate(self) -> list[str]:
        """One message for each registry whose policy is written nowhere.

        Warns as well where a policy that is written shuts out whom a repository lets in.
        """
        for registry, places in self._places.items():
            denies = [entry.flat() for entry in self._added.get(registry, ()) if entry.denies]
            if places and denies:
                # Imported when there is a Deny: most registry policies have none.
                from .shut_out import show_shut_out  # noqa: PLC0415

                show_shut_out(places[0].construct.node.root, registry, denies)
        return [
            no_place(
                registry=registry, owners=sorted({entry.asked.owner for entry in added})
            ).sentence()
            for registry, added in self._added.items()
            if not self._places.get(registry)
        ]

    def _place_of(self, registry: RegistryAddress, stack: cdk.Stack) -> Place | None:
        """Where a statement of a stack is written.

        There is one place, but for stacks that do not say where they are deployed: they may be
        deployed apart, so the place of the own stack is nearer than the first of all.
        """
        places = self._places.get(registry, [])
        if len(places) > 1:
            home = top_level(stack)
            own = [each for each in places if top_level(cdk.Stack.of(each.construct)) is home]
            places = own or places
        return places[0] if places else None

    def _rival(self, registry: RegistryAddress, place: Place) -> Place | None:
        """A place that has, or surely is to have, what this one is to have."""
        home = cdk.Stack.of(place.construct)
        first = self._place_of(registry, home)
        if first is None or registry.known:
            return first
        same = top_level(cdk.Stack.of(first.construct)) is top_level(home)
        taken = any(
            top_level(entry.stack) is top_level(home) for entry in self._added.get(registry, ())
        )
        return first if same or taken else None

    def _of(self, registry: RegistryAddress, place: Place | None) -> list[Added]:
        """The statements that are written at a place; None for those without one."""
        added = self._added.get(registry, [])
        return [entry for entry in added if self._place_of(registry, entry.stack) is place]

    def _document(self, registry: RegistryAddress, place: Place) -> cdk.IResolvable:
        return cdk.Lazy.uncached_any(_Document(self, registry, place))


@jsii.implements(cdk.IAnyProducer)
class _Document:
    """The document, as it is when the template is written."""

    def __init__(
        self, statements: RegistryStatements, registry: RegistryAddress, place: Place
    ) -> None:
        self._statements = statements
        self._registry = registry
        self._place = place

    def produce(self, context: cdk.IResolveContext) -> object:  # noqa: ARG002
        """All statements that the app has asked for."""
        return self._statements.document(self._registry, self._place)


def _show_taken_back(added: Added, earlier: Sequence[Added]) -> None:
    """Warn whoever asks to allow what the policy denies, or the other way round."""
    for entry in earlier:
        if entry.denies is not added.denies:
            allow, deny = (entry, added) if added.denies else (added, entry)
            show(check_taken_back([allow.flat()], [deny.flat()]), allow.owner)


def _check_literal(added: Added, place: Construct) -> None:
    """Refuse a statement that another stack could not write."""
    if cdk.Stack.of(place) is added.stack:
        return
    names = deployed_names(added.asked.statement)
    if names:
        finding = not_literal(
            owner=added.asked.owner,
            place=path_of(place),
            names=sorted(set(_targets(added.statement))) or names,
        )
        refuse([finding], added.owner, error=GrantError)


def _resolved(stack: cdk.Stack, statement: Mapping[str, object]) -> Mapping[str, object]:
    return cast("Mapping[str, object]", stack.resolve(statement))


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
