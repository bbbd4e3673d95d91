"""Two versions of an app, their identities gathered, their repositories and registries at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from ....model.iam.evaluator import Principal, Subject, Target
from ...access.build import identity_row, outside_row, subject_of
from ...access.documents import Compiled, Compiler
from ...access.identities import Attached, Identities, Identity
from ...access.model import PrincipalRow
from ...access.open_names import open_names
from ...access.outsiders import Outsider, allowed_principals
from ...access.targets import Targets
from ...reading.source import Source, Sources
from ...template.app import App
from ...template.stack import Resource

__all__ = ["Side", "attached_to", "in_one_place", "tags_of"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_REGISTRY: Final = "AWS::ECR::RegistryPolicy"


@dataclass(frozen=True)
class _Read:
    """A repository, its policies as they are written, and whether they could be read."""

    target: Target
    policies: tuple[Attached, ...]
    readable: bool


class Side:
    """One of both versions."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.marks = app.marks
        self.accounts = {stack.account for stack in app.stacks}
        self.repositories = {each.arn: each for each in app.of_kind(_REPOSITORY)}
        self.registries = {
            (each.stack.account, each.stack.region): each.properties.get("PolicyText")
            for each in app.of_kind(_REGISTRY)
        }
        self._subjects: dict[str, Subject] = {}
        self._read: dict[str, _Read] = {}

    @cached_property
    def compiler(self) -> Compiler:
        """What compiles its policies."""
        return Compiler(self.marks, open_names(self.app))

    @cached_property
    def identities(self) -> Mapping[str, Identity]:
        """Its roles, users and groups by ARN."""
        found = Identities(self.app, self.compiler)
        found.gather()
        return found.by_arn

    @cached_property
    def _targets(self) -> Targets:
        return Targets(self.app, self.compiler)

    def inputs(self, repository: Resource) -> tuple[object, ...]:
        """All of a repository that decides about access to it."""
        stack = repository.stack
        return (
            repository.properties.get("RepositoryPolicyText"),
            *self.tags(repository),
            self.registries.get((stack.account, stack.region)),
        )

    def tags(self, repository: Resource) -> tuple[object, ...]:
        """The tags of a repository, as they are written."""
        return (repository.properties.get("Tags"), repository.stack.source.tags)

    def read(self, arn: str) -> _Read:
        """A repository with its policies, compiled."""
        found = self._read.get(arn)
        if found is None:
            found = self._read[arn] = self._compiled(self.repositories[arn])
        return found

    def _compiled(self, repository: Resource) -> _Read:
        # Whether the repository itself is there is not a matter of access to it.
        alone = replace(repository, condition=None)
        read = self._targets.of(alone)
        stack = repository.stack
        documents = (
            (read.target.policy, repository.properties.get("RepositoryPolicyText")),
            (read.target.registry, self.registries.get((stack.account, stack.region))),
        )
        policies = tuple(
            Attached(policy, document, ()) for policy, document in documents if policy is not None
        )
        return _Read(read.target, policies, read.readable)

    def outsiders(self) -> Iterator[Outsider]:
        """Whom the policies let in that were compiled so far, and those of registries."""
        for account, compiled in self._targets.policies:
            for statement in _statements(compiled):
                yield from allowed_principals(statement, account)

    def subject(self, arn: str) -> Subject | None:
        """A role, user or group with its policies; None where it is not there."""
        identity = self.identities.get(arn)
        if identity is None:
            return None
        found = self._subjects.get(arn)
        if found is None:
            found = subject_of(identity, self.accounts, self.compiler)
            self._subjects[arn] = found
        return found

    def row(self, arn: str, outsider: Outsider | None) -> PrincipalRow:
        """A principal as this version has it; without policies where it does not know it."""
        identity, subject = self.identities.get(arn), self.subject(arn)
        if identity is not None and subject is not None:
            return identity_row(identity, self.accounts, self.marks, subject)
        if outsider is not None:
            return outside_row(outsider, self.accounts, self.marks)
        principal = Principal.of(arn)
        bare = Outsider(
            text=arn,
            kind=principal.kind.value,
            account=principal.account,
            subject=Subject(
                principal=principal, identity_assumed=principal.account not in self.accounts
            ),
        )
        return outside_row(bare, self.accounts, self.marks)


def attached_to(identity: Identity | None) -> tuple[tuple[Attached, ...], tuple[Attached, ...]]:
    """The policies of an identity and of its groups, and its boundaries."""
    if identity is None:
        return (), ()
    policies = list(identity.policies)
    for group, world in identity.groups:
        policies += [replace(each, world=(*each.world, *world)) for each in group.policies]
    return tuple(policies), tuple(identity.boundaries)


def tags_of(identity: Identity | None) -> object:
    """The tags of an identity, as they are written."""
    resource = identity.resource if identity is not None else None
    return resource.properties.get("Tags") if resource is not None else None


def in_one_place(old: Sources, new: Sources) -> tuple[Sources, Sources]:
    """Both versions with the account and Region that only the other one says of a stack.

    A template that was fetched from CloudFormation does not say for what account it is.
    """
    olds, news = _by_name(old), _by_name(new)
    if len(old.stacks) == len(new.stacks) == 1:
        one, other = old.stacks[0], new.stacks[0]
        if None in (one.stack_name, other.stack_name):
            olds, news = {other.stack: one}, {one.stack: other}
    return _placed(old, news), _placed(new, olds)


def _by_name(sources: Sources) -> dict[str, Source]:
    """The stacks of which only one has the name."""
    names = [each.stack for each in sources.stacks]
    return {each.stack: each for each in sources.stacks if names.count(each.stack) == 1}


def _placed(sources: Sources, others: Mapping[str, Source]) -> Sources:
    return replace(
        sources,
        stacks=tuple(_source_placed(each, others.get(each.stack)) for each in sources.stacks),
    )


def _source_placed(source: Source, other: Source | None) -> Source:
    if other is None:
        return source
    account, region = source.account or other.account, source.region or other.region
    if (account, region) == (source.account, source.region):
        return source
    nested = {key: _source_placed(each, other) for key, each in source.nested.items()}
    return replace(source, account=account, region=region, nested=nested)


def _statements(compiled: Compiled) -> Iterator[Mapping[str, Any]]:
    for written in compiled.written:
        if isinstance(written.statement, Mapping):
            yield written.statement
