"""The machinery behind a matrix: each part of a statement is matched once and remembered.

A condition that asks nothing of the repository is evaluated once for a principal; a resource
element without variables once for a repository; a principal element once for a principal. What
remains for a pair is a few look-ups, and for an outcome that was seen before not even that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .context import Context, ContextValue
from .decide import Judgement, Layers, judge
from .layers import EMPTY, Applied, Layer, applied
from .naming import NOT_NAMED, Naming
from .policies import Policy
from .requests import ANY_RESOURCE, TOKEN, Resource, is_account_action, request_context
from .statements import Effect, Statement
from .subjects import Subject, Target
from .truth import Truth

__all__ = ["Cell", "Cells", "Partition", "SubjectSide", "TargetSide"]

Candidates = tuple[Statement, ...]
Partition = tuple[int, ...]
"""Actions as numbers: equal where the same statements cover them."""


def _candidates(policies: Sequence[Policy], action: str) -> Candidates:
    return tuple(entry for policy in policies for entry in policy.about(action))


def _partition(labels: Sequence[object]) -> Partition:
    """The labels as numbers in the order of their first appearance."""
    numbers: dict[object, int] = {}
    return tuple(numbers.setdefault(label, len(numbers)) for label in labels)


class SubjectSide:
    """A principal with the statements of its policies, by action."""

    def __init__(
        self, subject: Subject, given: Mapping[str, ContextValue], actions: Sequence[str]
    ) -> None:
        self.subject = subject
        self.given = {**given, **subject.context}
        self._groups: dict[str, tuple[Candidates, ...]] = {}
        self.stacks: list[Sequence[Policy]] = [
            subject.identity,
            (subject.boundary,) if subject.boundary else (),
            subject.session or (),
            *(subject.scps or ()),
        ]
        self.partition = _partition([self.groups(action) for action in actions])
        self.namings: dict[Statement, Naming] = {}
        self.conditions: dict[Statement, Truth] = {}
        # By what about a resource a context depends on.
        self.contexts: dict[object, Context] = {}

    def groups(self, action: str) -> tuple[Candidates, ...]:
        """The statements that cover an action: identity, boundary, session, SCPs by level."""
        found = self._groups.get(action)
        if found is None:
            found = tuple(_candidates(stack, action) for stack in self.stacks)
            self._groups[action] = found
        return found

    def naming(self, statement: Statement) -> Naming:
        """How a statement names the principal, remembered."""
        found = self.namings.get(statement)
        if found is None:
            element = statement.principals
            found = NOT_NAMED
            if element is not None:
                bounded = self.subject.boundary is not None
                found = element.naming(self.subject.principal, bounded=bounded, settled=False)
            self.namings[statement] = found
        return found


class TargetSide:
    """A repository with the statements of its policies, by action."""

    def __init__(self, target: Target, actions: Sequence[str]) -> None:
        self.target = target
        self.resource = Resource(target.arn)
        self._groups: dict[str, tuple[Candidates, ...]] = {}
        self.stacks: list[Sequence[Policy]] = [
            (target.policy,) if target.policy else (),
            (target.registry,) if target.registry else (),
            *(target.rcps or ()),
        ]
        self.partition = _partition(
            [
                (
                    self.groups(action),
                    is_account_action(action),
                    self.resource.has_policy_for(action),
                )
                for action in actions
            ]
        )
        self.resources: dict[Statement, Truth] = {}
        tags = None if target.tags is None else tuple(sorted(target.tags.items()))
        self.signature = (self.resource.account, self.resource.region, tags)

    def groups(self, action: str) -> tuple[Candidates, ...]:
        """The statements that cover an action: repository, registry, RCPs by level."""
        found = self._groups.get(action)
        if found is None:
            found = tuple(_candidates(stack, action) for stack in self.stacks)
            self._groups[action] = found
        return found


class Cells:
    """Makes the pairs of a matrix, and keeps what they share."""

    def __init__(self, context: Mapping[str, ContextValue]) -> None:
        self._given = dict(context)
        self._layers: dict[tuple[object, ...], Layer] = {}
        self._judgements: dict[tuple[object, ...], Judgement] = {}
        self._applied: dict[tuple[Statement, Naming, Truth], Applied] = {}

    def subject(self, subject: Subject, actions: Sequence[str]) -> SubjectSide:
        """A principal, ready for all its pairs."""
        # What was remembered of the last principal can serve no other.
        self._judgements.clear()
        return SubjectSide(subject, self._given, actions)

    def target(self, target: Target, actions: Sequence[str]) -> TargetSide:
        """A repository, ready for all its pairs."""
        return TargetSide(target, actions)

    def cell(self, side: SubjectSide, other: TargetSide) -> Cell:
        """One principal and one repository."""
        return Cell(self, side, other)

    def layer(self, entries: tuple[Applied | None, ...]) -> Layer:
        """The layer of some statements that apply; the same object for the same statements."""
        found = self._layers.get(entries)
        if found is None:
            there = [entry for entry in entries if entry is not None]
            found = Layer(
                tuple(entry for entry in there if entry.statement.effect is Effect.ALLOW),
                tuple(entry for entry in there if entry.statement.effect is Effect.DENY),
            )
            self._layers[entries] = found
        return found

    def same(self, entry: Applied) -> Applied:
        """The one object that stands for all equal ones."""
        return self._applied.setdefault((entry.statement, entry.naming, entry.truth), entry)

    def judge(self, side: SubjectSide, layers: Layers) -> Judgement:
        """The judgement of some layers, remembered while the principal stays the same."""
        key = (
            id(layers.identity),
            id(layers.boundary),
            id(layers.session),
            tuple(map(id, layers.scps or ())),
            tuple(map(id, layers.rcps)),
            id(layers.repository),
            id(layers.registry),
            layers.same_account,
        )
        found = self._judgements.get(key)
        if found is None:
            found = judge(side.subject.principal, layers)
            self._judgements[key] = found
        return found


class Cell:
    """One principal and one repository: the facts that their statements are matched with."""

    __slots__ = ("_cells", "_entries", "_other", "_same_account", "_side", "action", "on_account")

    def __init__(self, cells: Cells, side: SubjectSide, other: TargetSide) -> None:
        self._cells = cells
        self._side = side
        self._other = other
        account = side.subject.principal.account
        self._same_account = account is not None and account == other.resource.account
        self._entries: dict[Statement, Applied | None] = {}
        self.action = ""
        self.on_account = False

    def judge(self, action: str) -> Judgement:
        """The judgement of an action in lower case."""
        if is_account_action(action) is not self.on_account:
            self.on_account = not self.on_account
            self._entries.clear()
        subject = self._side.subject
        identity, boundary, session, *scps = self._side.groups(action)
        repository, registry, *rcps = self._other.groups(action)
        own = self._same_account or (self.on_account and subject.principal.account is not None)
        meets_rcps = self._same_account or not own
        layers = Layers(
            identity=self._layer(identity),
            boundary=None if subject.boundary is None else self._layer(boundary),
            session=None if subject.session is None else self._layer(session),
            scps=None if subject.scps is None else tuple(map(self._layer, scps)),
            rcps=tuple(map(self._layer, rcps)) if rcps and meets_rcps else (),
            repository=self._layer(repository) if self._has_policy(action) else EMPTY,
            registry=self._layer(registry) if self._has_registry(action) else EMPTY,
            identity_assumed=subject.identity_assumed,
            same_account=own,
        )
        return self._cells.judge(self._side, layers)

    def _has_policy(self, action: str) -> bool:
        return not self.on_account and self._other.resource.has_policy_for(action)

    def _has_registry(self, action: str) -> bool:
        return action != TOKEN and (self._same_account or not self.on_account)

    def _layer(self, candidates: Candidates) -> Layer:
        if not candidates:
            return EMPTY
        entries = self._entries
        found: list[Applied | None] = []
        for statement in candidates:
            if statement in entries:
                found.append(entries[statement])
                continue
            entry = applied(statement, self)
            if entry is not None:
                entry = self._cells.same(entry)
            entries[statement] = entry
            found.append(entry)
        return self._cells.layer(tuple(found))

    def _context(self) -> Context:
        side, other = self._side, self._other
        key = (self.on_account, other.signature)
        found = side.contexts.get(key)
        if found is None:
            resource = Resource(ANY_RESOURCE) if self.on_account else other.resource
            found = request_context(
                side.subject.principal,
                resource,
                side.given,
                tags=None if self.on_account else other.target.tags,
                region=other.resource.region,
                settled=False,
            )
            side.contexts[key] = found
        return found

    def naming(self, statement: Statement) -> Naming:
        """How a statement names the principal."""
        return self._side.naming(statement)

    def resource(self, statement: Statement) -> Truth:
        """Whether a statement covers the repository, or the account for its own actions."""
        element = statement.resources
        if element is None:
            return Truth.YES
        if self.on_account:
            return element.covers(ANY_RESOURCE, self._context())
        if element.depends_on_context:
            return element.covers(self._other.target.arn, self._context())
        found = self._other.resources.get(statement)
        if found is None:
            found = element.covers(self._other.target.arn, self._context())
            self._other.resources[statement] = found
        return found

    def condition(self, statement: Statement) -> Truth:
        """Whether a statement's condition holds."""
        condition = statement.condition
        if condition is None:
            return Truth.YES
        if condition.about_resource:
            return condition.holds(self._context())
        found = self._side.conditions.get(statement)
        if found is None:
            found = condition.holds(self._context())
            self._side.conditions[statement] = found
        return found
