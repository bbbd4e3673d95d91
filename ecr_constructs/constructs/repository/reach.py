"""How a repository is seen from other stacks.

Inside its own stack a repository is a reference. Another stack of the same Stage and environment
imports it, as with CDK's own constructs, unless the repository's stack needs that other stack
already: then the two would need each other, and a repository with a name is written as its name.
Another environment or Stage always sees the name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from ...model.errors import ReferenceCycleError
from ...model.repository.reach import cycle_through_unnamed, unnamed_over_environments
from .._jsii import path_of, refuse, top_level

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["Reach", "SeenFrom"]

_scanning: ContextVar[bool] = ContextVar("scanning", default=False)


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
            refuse([finding], self._construct, error=ReferenceCycleError)
        guard = SeenFrom(self.home, native=native, literal=None, pair=(self._construct, user))
        if guard.needs(consumer, explicit_only=True):
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
        if _apart(self._home, consumer) or self.needs(consumer):
            if self._literal is None:
                self.refuse()
            return self._literal
        return self._native

    def needs(self, consumer: cdk.Stack, *, explicit_only: bool = False) -> bool:
        """Whether the repository's stack needs the consumer's, directly or through others."""
        wanted = path_of(top_level(consumer))
        reached: set[str] = set()
        ahead = [top_level(self._home)]
        with _scan():
            while ahead:
                stack = ahead.pop()
                for needed in _needed_by(stack, explicit_only=explicit_only):
                    path = path_of(needed)
                    if path == wanted:
                        return True
                    if path not in reached:
                        reached.add(path)
                        ahead.append(needed)
        return False

    def refuse(self) -> None:
        """Say which two constructs would make their stacks need each other."""
        if self._pair is not None:
            repository, user = self._pair
            finding = cycle_through_unnamed(path_of(repository), path_of(user))
            refuse([finding], repository, error=ReferenceCycleError)


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


def _needed_by(stack: cdk.Stack, *, explicit_only: bool) -> Iterator[cdk.Stack]:
    for needed in stack.dependencies:
        yield top_level(needed)
    if explicit_only:
        return
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
        if cdk.Reference.is_reference(t):
            self.targets.append(t.target)
        return super().resolve_token(t, context, post_processor)
