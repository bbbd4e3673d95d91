"""The pairs of a principal and a repository that a change may concern, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ....model.iam.evaluator import PolicyKind
from ....model.iam.evaluator.statements.statement import Statement
from ...access.outsiders import Outsider, excepted_principals
from .named import Named
from .statements import changed_statements, changed_writing, concerns
from .versions import Side, attached_to, tags_of

__all__ = ["Concerned", "amount"]

_RESOURCE_TAG: Final = "resourcetag/"
_PRINCIPAL_TAG: Final = "principaltag/"


@dataclass
class Concerned:
    """What a new version may have changed the access of."""

    old: Side
    new: Side
    outsiders: dict[str, Outsider] = field(default_factory=dict)
    """Principals that only policies name, by their texts."""
    pairs: dict[str, dict[str, None]] = field(default_factory=dict)
    """By principal: the repositories."""
    _apart: dict[str, dict[str, Outsider]] = field(default_factory=dict)
    """By repository: whom a statement keeps out, or makes an exception for, that changed."""
    _asked: dict[str, bool] = field(default_factory=dict)

    def find(self) -> None:
        """Find the pairs."""
        both = [arn for arn in self.new.repositories if arn in self.old.repositories]
        changed = dict(self._changed_repositories(both))
        fresh = dict.fromkeys(
            arn
            for arn, each in self.new.repositories.items()
            if arn not in self.old.repositories
            and each.properties.get("RepositoryPolicyText") is not None
        )
        for arn in fresh:
            self.new.read(arn)
        for side in (self.new, self.old):
            for outsider in side.outsiders():
                if not self._is_inside(outsider):
                    self.outsiders.setdefault(outsider.text, outsider)
        for arn in (*changed, *fresh):
            statements = changed.get(arn, ())
            if arn in fresh:
                # Whom its own policy does not name, it does not let in.
                named = dict.fromkeys(self._named_by(self._own_statements(arn)))
                self._add((each for each in named if each in self.outsiders), arn)
            elif statements is None:
                self._add((*self.outsiders, *self._identities()), arn)
            else:
                self._add(self._named_by(statements), arn)
        self._add_apart()
        for principal, repositories in self._changed_identities(both):
            self.pairs.setdefault(principal, {}).update(dict.fromkeys(repositories))

    def _own_statements(self, arn: str) -> Iterator[Statement]:
        for attached in self.new.read(arn).policies:
            for statement in attached.policy.statements:
                if statement.kind is PolicyKind.REPOSITORY:
                    yield statement

    def _add_apart(self) -> None:
        for arn, apart in self._apart.items():
            self._add(apart, arn)
            for text, outsider in apart.items():
                self.outsiders.setdefault(text, outsider)

    def _add(self, principals: Iterable[str], repository: str) -> None:
        for principal in principals:
            self.pairs.setdefault(principal, {})[repository] = None

    def _is_inside(self, outsider: Outsider) -> bool:
        return any(outsider.text in each.identities for each in (self.new, self.old))

    def _identities(self) -> Iterator[str]:
        """The roles, users and groups that are there still, or of which nobody says they go."""
        yield from self.new.identities
        for arn, identity in self.old.identities.items():
            if arn not in self.new.identities and identity.resource is None:
                yield arn

    def _changed_repositories(
        self, arns: Iterable[str]
    ) -> Iterator[tuple[str, tuple[Statement, ...] | None]]:
        """The repositories with statements that differ; None where any principal may be meant."""
        for arn in arns:
            old, new = self.old.repositories[arn], self.new.repositories[arn]
            if self.old.inputs(old) == self.new.inputs(new):
                continue
            if self.old.tags(old) != self.new.tags(new) and self._asks(_RESOURCE_TAG):
                for side in (self.old, self.new):
                    side.read(arn)
                yield arn, None
                continue
            policies = self.old.read(arn).policies, self.new.read(arn).policies
            statements = changed_statements(*policies)
            about = tuple(each for each in statements if concerns(each, arn))
            if about:
                self._apart[arn] = {
                    each.text: each
                    for written in changed_writing(*policies)
                    for each in excepted_principals(written, new.stack.account)
                    if not self._is_inside(each)
                }
                yield arn, about

    def _named_by(self, statements: Iterable[Statement]) -> Iterator[str]:
        for statement in statements:
            element = statement.principals
            if element is None:
                yield from (*self.outsiders, *self._identities())
            else:
                yield from self._named.by(element)

    @cached_property
    def _named(self) -> Named:
        principals = {text: each.subject.principal for text, each in self.outsiders.items()}
        for arn in self._identities():
            subject = self.new.subject(arn) or self.old.subject(arn)
            if subject is not None:
                principals[arn] = subject.principal
        return Named(principals)

    def _changed_identities(self, repositories: list[str]) -> Iterator[tuple[str, list[str]]]:
        for arn in self._identities():
            old, new = self.old.identities.get(arn), self.new.identities.get(arn)
            (policies, limits), (policies_now, limits_now) = attached_to(old), attached_to(new)
            if bool(limits) != bool(limits_now):
                yield arn, repositories
                continue
            if tags_of(old) != tags_of(new) and self._asks(_PRINCIPAL_TAG):
                yield arn, repositories
                continue
            statements = (
                *changed_statements(policies, policies_now),
                *changed_statements(limits, limits_now),
            )
            about = [
                repository
                for repository in (repositories if statements else ())
                if any(concerns(each, repository) for each in statements)
            ]
            if about:
                yield arn, about

    def _asks(self, key: str) -> bool:
        """Whether a policy asks about tags at all."""
        if not self._asked:
            text = json.dumps([*self._documents()], default=repr).lower()
            self._asked.update({each: each in text for each in (_RESOURCE_TAG, _PRINCIPAL_TAG)})
        return self._asked[key]

    def _documents(self) -> Iterator[object]:
        for side in (self.old, self.new):
            yield from (side.inputs(each) for each in side.repositories.values())
            for identity in side.identities.values():
                for policies in attached_to(identity):
                    yield from (each.document for each in policies)


def amount(pairs: Mapping[str, Mapping[str, None]]) -> int:
    """How many pairs there are."""
    return sum(map(len, pairs.values()))
