"""How a repository is seen from other stacks.

Inside its own stack a repository is a reference. Another stack of the same Stage and environment
imports it, as with CDK's own constructs, unless the repository's stack needs that other stack
already: then the two would need each other, and a repository with a name is written as its name.
Another environment or Stage always sees the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import jsii

from ...model.errors import RepositoryReferenceError
from ...model.repository.reach import cycle_through_unnamed, unnamed_over_environments
from .._jsii import path_of, refuse, target_of, top_level

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["Reach", "SeenFrom"]

_scanning: ContextVar[bool] = ContextVar("scanning", default=False)
# What a stack needs, once its app is being synthesized and nothing more can be declared.
_needed_by_home: WeakKeyDictionary[cdk.Stack, frozenset[str]] = WeakKeyDictionary()


class Reach:
    """What other stacks write for a value of one repository."""

    def __init__(self, construct: cdk.Resource, name: str | None) -> None:
        self._construct = construct
        self._name = name
        self._home: cdk.Stack | None = None
        self._seen: dict[str, str] = {}

    @property
    def home(self) -> cdk.Stack:
        """The stack of the repository."""
        if self._home is None:
            self._home = self._construct.stack
        return self._home

    def arn(self, consumer: cdk.Stack, native: str, user: cdk.IResource) -> str:
        """The ARN for a stack that uses the repository for ``user``."""
        if consumer is self.home:
            return native
        path = path_of(consumer)
        if path not in self._seen:
            self._seen[path] = self._foreign_arn(consumer, native, user)
        return self._seen[path]

    def literal_arn(self) -> str:
        """The ARN without a reference; only a repository with a name has one."""
        home = self.home
        where = f"{home.region}:{home.account}"
        return f"arn:{home.partition}:ecr:{where}:repository/{self._name}"

    def uri(self, native: str) -> str:
        """The URI, decided for each stack that uses it; unnamed, it is the native one."""
        if self._name is None:
            return native
        home = self.home
        suffix = cdk.Aws.URL_SUFFIX
        literal = f"{home.account}.dkr.ecr.{home.region}.{suffix}/{self._name}"
        return cdk.Lazy.uncached_string(SeenFrom(home, native=native, literal=literal))

    def _foreign_arn(self, consumer: cdk.Stack, native: str, user: cdk.IResource) -> str:
        if top_level(consumer) is top_level(self.home):
            return native
        apart = _apart(self.home, consumer)
        if self._name is not None:
            literal = self.literal_arn()
            if apart:
                return literal
            return cdk.Lazy.uncached_string(SeenFrom(self.home, native=native, literal=literal))
        if apart:
            finding = unnamed_over_environments(path_of(self._construct), path_of(user))
            refuse([finding], self._construct, error=RepositoryReferenceError)
        guard = SeenFrom(self.home, native=native, literal=None, pair=(self._construct, user))
        if guard.needs_by_order(consumer):
            guard.refuse()
        return cdk.Lazy.uncached_string(guard)


@jsii.implements(cdk.IStringProducer)
class SeenFrom:
    """A text that is a reference for some stacks and a literal for others, chosen at synthesis."""

    def __init__(
        self,
        home: cdk.Stack,
        *,
        native: str,
        literal: str | None,
        pair: tuple[cdk.IResource, cdk.IResource] | None = None,
    ) -> None:
        self._home = home
        self._native = native
        self._literal = literal
        self._pair = pair

    def produce(self, context: cdk.IResolveContext) -> str | None:
        """What the stack that is being rendered writes."""
        if _scanning.get():
            return self._native
        consumer = cdk.Stack.of(context.scope)
        if consumer is self._home or top_level(consumer) is top_level(self._home):
            return self._native
        if _apart(self._home, consumer) or self.needs(consumer, settled=context.preparing):
            if self._literal is None:
                self.refuse()
            return self._literal
        return self._native

    def needs(self, consumer: cdk.Stack, *, settled: bool) -> bool:
        """Whether the repository's stack needs the consumer's, directly or through others.

        :param settled: whether the tree is complete. Before that nothing is looked for: resources
            that are looked at too early keep what they had then. And afterwards it is known.
        """
        home = top_level(self._home)
        if settled and home not in _needed_by_home:
            _needed_by_home[home] = frozenset(_reached_from(home, _needed_by))
        return path_of(top_level(consumer)) in _needed_by_home.get(home, frozenset())

    def needs_by_order(self, consumer: cdk.Stack) -> bool:
        """Whether it was said explicitly that the consumer's stack is deployed first."""
        home = top_level(self._home)
        return path_of(top_level(consumer)) in _reached_from(home, _ordered_before)

    def refuse(self) -> None:
        """Say which two constructs would make their stacks need each other."""
        if self._pair is not None:
            repository, user = self._pair
            finding = cycle_through_unnamed(path_of(repository), path_of(user))
            refuse([finding], repository, error=RepositoryReferenceError)


@contextmanager
def _scan() -> Iterator[None]:
    # While edges are looked for, every use counts as a reference: two uses that could each be one
    # must not both be taken for the harmless one.
    token = _scanning.set(True)
    try:
        yield
    finally:
        _scanning.reset(token)


def _apart(home: cdk.Stack, consumer: cdk.Stack) -> bool:
    return home.environment != consumer.environment or cdk.Stage.of(home) is not cdk.Stage.of(
        consumer
    )


def _reached_from(home: cdk.Stack, step: Callable[[cdk.Stack], Iterator[cdk.Stack]]) -> set[str]:
    """The paths of the stacks that are reached from a stack, step by step."""
    reached: set[str] = set()
    ahead = [home]
    with _scan():
        while ahead:
            for needed in step(ahead.pop()):
                path = path_of(needed)
                if path not in reached:
                    reached.add(path)
                    ahead.append(needed)
    return reached


def _ordered_before(stack: cdk.Stack) -> Iterator[cdk.Stack]:
    for needed in stack.dependencies:
        yield top_level(needed)


def _needed_by(stack: cdk.Stack) -> Iterator[cdk.Stack]:
    yield from _ordered_before(stack)
    for child in stack.node.find_all():
        if isinstance(child, cdk.CfnResource):
            for target in _targets(child):
                needed = top_level(cdk.Stack.of(target))
                if needed is not stack:
                    yield needed


def _targets(resource: cdk.CfnResource) -> list[IConstruct]:
    finder = _ReferenceFinder()
    cdk.Tokenization.resolve(
        resource._cfn_properties,  # noqa: SLF001 - protected: what the resource will write
        scope=resource,
        resolver=finder,
        preparing=True,
    )
    return finder.targets


class _ReferenceFinder(cdk.DefaultTokenResolver):
    """Resolves tokens and keeps the constructs that references among them point to."""

    def __init__(self) -> None:
        super().__init__(cdk.StringConcat())
        self.targets: list[IConstruct] = []

    def resolve_token(
        self,
        t: cdk.IResolvable,
        context: cdk.IResolveContext,
        post_processor: cdk.IPostProcessor,
    ) -> object:
        """Note the target of a reference on the way."""
        target = target_of(t)
        if target is not None:
            self.targets.append(target)
        return super().resolve_token(t, context, post_processor)
