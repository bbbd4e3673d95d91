"""The machinery behind a matrix: each part of a statement is matched once and remembered.

A condition that asks nothing of the repository is evaluated once for a principal; a resource
element without variables once for a repository; a principal element once for a principal. What
remains for a pair is a few look-ups, and for an outcome that was seen before not even that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Union

from ..decision.decide import Judgement, Layers, judge
from ..decision.layers import EMPTY, PLAINLY, Applied, Layer, applied
from ..requests.naming import Naming
from ..requests.request import ANY_RESOURCE, TOKEN, Resource, is_account_action, request_context
from ..requests.subjects import Subject, Target
from ..statements.policies import Policy
from ..statements.statement import Effect, Statement
from ..values.context import Context, ContextValue
from ..values.truth import Truth

__all__ = ["Cell", "Partition", "SubjectSide", "TargetSide"]

Candidates = tuple[Statement, ...]
Parts = tuple[Union[Layer, Candidates], ...]
Partition = tuple[int, ...]
"""Actions as numbers: equal where the same statements cover them."""


def _partition(labels: Sequence[object]) -> Partition:
    """The labels as numbers in the order of their first appearance."""
    numbers: dict[object, int] = {}
    return tuple(numbers.setdefault(label, len(numbers)) for label in labels)


class _Stacks:
    """The policies of one side, kind by kind, and their statements by action."""

    def __init__(self, stacks: Sequence[Sequence[Policy]]) -> None:
        self._stacks = stacks
        self._groups: dict[str, tuple[Candidates, ...]] = {}

    def groups(self, action: str) -> tuple[Candidates, ...]:
        """For each stack, the statements that cover an action."""
        found = self._groups.get(action)
        if found is None:
            found = tuple(
                tuple(entry for policy in stack for entry in policy.about(action))
                for stack in self._stacks
            )
            self._groups[action] = found
        return found


class TargetSide:
    """A repository with the statements of its policies: its own, the registry's, RCPs."""

    def __init__(self, target: Target, actions: Sequence[str]) -> None:
        self.target = target
        self.resource = Resource(target.arn)
        self.stacks = _Stacks(
            (
                (target.policy,) if target.policy else (),
                (target.registry,) if target.registry else (),
                *(target.rcps or ()),
            )
        )
        self.partition = _partition(
            [
                (
                    self.stacks.groups(action),
                    is_account_action(action),
                    self.resource.has_policy_for(action),
                )
                for action in actions
            ]
        )
        self.resources: dict[Statement, Truth] = {}
        self._parts: dict[str, Parts] = {}
        tags = None if target.tags is None else tuple(sorted(target.tags.items()))
        # All that a context or a token can differ by from repository to repository.
        self.signature = (self.resource.account, self.resource.region, tags, target.rcps)

    def parts(self, action: str) -> Parts:
        """What is to be matched for an action on the repository; EMPTY where nothing is."""
        found = self._parts.get(action)
        if found is None:
            parts: list[Layer | Candidates] = [
                group or EMPTY for group in self.stacks.groups(action)
            ]
            if not self.resource.has_policy_for(action):
                parts[0] = EMPTY
            found = self._parts[action] = tuple(parts)
        return found


class SubjectSide:
    """A principal with the statements of its policies, and what was found out about them."""

    def __init__(
        self, subject: Subject, given: Mapping[str, ContextValue], actions: Sequence[str]
    ) -> None:
        principal = subject.principal
        subject = replace(
            subject,
            identity=subject.identity if principal.takes_policies else (),
            boundary=subject.boundary if principal.takes_boundary else None,
            session=subject.session if principal.takes_session_policy else None,
        )
        self.subject = subject
        self.given = {**given, **subject.context}
        self.stacks = _Stacks(
            (
                subject.identity,
                (subject.boundary,) if subject.boundary else (),
                subject.session or (),
                *(subject.scps or ()),
            )
        )
        self.partition = _partition([self.stacks.groups(action) for action in actions])
        self.conditions: dict[Statement, Truth] = {}
        self.contexts: dict[object, Context] = {}
        self._anywhere = request_context(
            subject.principal, Resource(ANY_RESOURCE), self.given, settled=False
        )
        self.tokens: dict[object, Judgement] = {}
        self._namings: dict[Statement, Naming] = {}
        self._surely: dict[Statement, Applied] = {}
        self._perhaps: dict[Statement, Applied] = {}
        self._layers: dict[tuple[Applied, ...], Layer] = {}
        self._judgements: dict[tuple[object, ...], Judgement] = {}
        self._parts: dict[str, Parts] = {}

    def parts(self, action: str) -> Parts:
        """What is to be matched for an action; a layer where no repository makes a difference."""
        found = self._parts.get(action)
        if found is None:
            groups = self.stacks.groups(action)
            found = self._parts[action] = tuple(map(self._fixed, groups))
        return found

    def _fixed(self, group: Candidates) -> Layer | Candidates:
        entries: list[Applied] = []
        for statement in group:
            resources, condition = statement.resources, statement.condition
            if resources is None or not resources.everything:
                return group
            if condition is not None and condition.about_resource:
                return group
            truth = Truth.YES if condition is None else self.condition(statement)
            if truth is not Truth.NO:
                entries.append(self.applied(statement, truth))
        return self.layer(tuple(entries)) if entries else EMPTY

    def condition(self, statement: Statement) -> Truth:
        """Whether a condition that asks nothing of the repository holds."""
        condition = statement.condition
        if condition is None:
            return Truth.YES
        found = self.conditions.get(statement)
        if found is None:
            found = condition.holds(self._anywhere)
            self.conditions[statement] = found
        return found

    def naming(self, statement: Statement) -> Naming:
        """How a statement names the principal."""
        element = statement.principals
        if element is None:
            return PLAINLY
        found = self._namings.get(statement)
        if found is None:
            bounded = self.subject.boundary is not None
            found = element.naming(self.subject.principal, bounded=bounded, settled=False)
            self._namings[statement] = found
        return found

    def applied(self, statement: Statement, truth: Truth) -> Applied:
        """The statement as one that applies so surely: one object for each."""
        known = self._surely if truth is Truth.YES else self._perhaps
        found = known.get(statement)
        if found is None:
            found = applied(statement, self.naming(statement), truth)
            known[statement] = found
        return found

    def layer(self, entries: tuple[Applied, ...]) -> Layer:
        """The layer of some statements that apply: one object for the same statements."""
        found = self._layers.get(entries)
        if found is None:
            found = Layer(
                tuple(entry for entry in entries if entry.statement.effect is Effect.ALLOW),
                tuple(entry for entry in entries if entry.statement.effect is Effect.DENY),
            )
            self._layers[entries] = found
        return found

    def judge(
        self, own: Sequence[Layer], other: Sequence[Layer], *, same_account: bool
    ) -> Judgement:
        """The judgement of the layers of both sides, as their stacks order them."""
        key = (same_account, *own, *other)
        found = self._judgements.get(key)
        if found is None:
            identity, boundary, session, *scps = own
            repository, registry, *rcps = other
            subject = self.subject
            layers = Layers(
                identity=identity,
                boundary=None if subject.boundary is None else boundary,
                session=None if subject.session is None else session,
                scps=None if subject.scps is None else tuple(scps),
                rcps=tuple(rcps),
                repository=repository,
                registry=registry,
                identity_assumed=subject.identity_assumed,
                same_account=same_account,
            )
            found = judge(subject.principal, layers)
            self._judgements[key] = found
        return found


class Cell:
    """One principal and one repository: the facts that their statements are matched with."""

    __slots__ = ("_entries", "_on_account", "_other", "_same_account", "_side")

    def __init__(self, side: SubjectSide, other: TargetSide) -> None:
        self._side = side
        self._other = other
        account = side.subject.principal.account
        self._same_account = account is not None and account == other.resource.account
        self._entries: dict[Statement, Applied | None] = {}
        self._on_account = False

    def judge(self, action: str) -> Judgement:
        """The judgement of an action (in lower case) on the repository."""
        if is_account_action(action):
            return self._judge_on_account(action)
        side, other = self._side, self._other
        own = [
            part if isinstance(part, Layer) else self._layer(part) for part in side.parts(action)
        ]
        theirs = [
            part if isinstance(part, Layer) else self._layer(part) for part in other.parts(action)
        ]
        return side.judge(own, theirs, same_account=self._same_account)

    def token(self) -> Judgement:
        """The judgement of the authorization token, which few repositories differ in."""
        known = self._side.tokens
        found = known.get(self._other.signature)
        if found is None:
            found = known[self._other.signature] = self._judge_on_account(TOKEN)
        return found

    def _judge_on_account(self, action: str) -> Judgement:
        # A cell of its own, as every statement is matched with another resource.
        account = Cell(self._side, self._other)
        account._on_account = True
        own = [account._layer(group) for group in self._side.stacks.groups(action)]
        theirs = [account._layer(group) for group in self._other.stacks.groups(action)]
        theirs[0] = EMPTY
        asks_own = self._side.subject.principal.has_identity
        if action == TOKEN or (asks_own and not self._same_account):
            theirs[1] = EMPTY
        if asks_own and not self._same_account:
            # It meets the RCPs of its own account, which the repository's are not.
            theirs[2:] = [EMPTY] * len(theirs[2:])
        return self._side.judge(own, theirs, same_account=asks_own)

    def _layer(self, candidates: Candidates) -> Layer:
        if not candidates:
            return EMPTY
        entries = self._entries
        found: list[Applied] = []
        for statement in candidates:
            if statement in entries:
                entry = entries[statement]
            else:
                entry = entries[statement] = self._applied(statement)
            if entry is not None:
                found.append(entry)
        return self._side.layer(tuple(found)) if found else EMPTY

    def _applied(self, statement: Statement) -> Applied | None:
        side = self._side
        truth = Truth.YES if statement.principals is None else side.naming(statement).any
        if truth is not Truth.NO and statement.resources is not None:
            truth = min(truth, self._resource(statement))
        if truth is not Truth.NO and statement.condition is not None:
            truth = min(truth, self._condition(statement))
        return None if truth is Truth.NO else side.applied(statement, truth)

    def _resource(self, statement: Statement) -> Truth:
        element = statement.resources
        if element is None or element.everything:
            return Truth.YES
        if self._on_account:
            return element.covers(ANY_RESOURCE, self._context())
        if element.depends_on_context:
            return element.covers(self._other.target.arn, self._context())
        found = self._other.resources.get(statement)
        if found is None:
            found = element.covers(self._other.target.arn, self._context())
            self._other.resources[statement] = found
        return found

    def _condition(self, statement: Statement) -> Truth:
        condition = statement.condition
        if condition is None:
            return Truth.YES
        if condition.about_resource:
            return condition.holds(self._context())
        return self._side.condition(statement)

    def _context(self) -> Context:
        side, other = self._side, self._other
        key = (self._on_account, other.signature)
        found = side.contexts.get(key)
        if found is None:
            resource = Resource(ANY_RESOURCE) if self._on_account else other.resource
            found = request_context(
                side.subject.principal,
                resource,
                side.given,
                # The account as a whole has no tags.
                tags={} if self._on_account else other.target.tags,
                region=other.resource.region,
                settled=False,
            )
            side.contexts[key] = found
        return found
