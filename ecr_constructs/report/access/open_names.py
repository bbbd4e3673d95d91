"""Statements that reach a repository which they do not name.

Some reach whatever repository there is, or will be. Others may reach a repository whose name the
template does not say.

A name that CloudFormation makes up is that of the stack, the logical id and some random characters,
in lower case: ``repository/shop-*`` may reach an unnamed repository of the stack Shop, and
``repository/shop/*`` cannot. A name that depends on a condition is one of two, and a name that is
a parameter may be any that no other repository has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from ...model.iam.evaluator import LEVELS, Effect, Subject
from ...model.iam.evaluator.values.context import Context
from ...model.iam.evaluator.values.truth import Truth
from ..template.alternatives import Alternatives, branches
from ..template.app import App
from ..template.marks import is_open, marked, opened
from ..template.stack import Resource

__all__ = ["OpenName", "open_names", "perhaps_reached", "reaches_every_repository"]

_RANDOM: Final = "xxxxxxxxxxxx"
_REPOSITORY: Final = re.compile(r"(arn:[^:]*:ecr:[^:]*:[^:]*:repository/)(.*)", re.DOTALL)
_STACK_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
_WILDCARD: Final = re.compile(r"[*?]")
_ACTIONS: Final = tuple(action.lower() for level in LEVELS for action in level.actions)
_NOTHING_KNOWN: Final = Context(settled=False)


@dataclass(frozen=True, kw_only=True)
class OpenName:
    """A repository of which nobody can say the name."""

    mark: str
    """What stands for its name."""
    label: str
    taken: frozenset[str]
    """The names of other repositories."""
    candidates: tuple[str, ...] = ()
    """The names of which it is one, where they are known."""
    made_up_for: tuple[str | None, str] | None = None
    """Stack and logical id of a name that is made up; the stack's name may not be known."""

    def may_be(self, pattern: str) -> bool:
        """Whether a pattern for names, or a name, may be about the repository."""
        if marked(pattern) or _matches(self.mark, pattern):
            return False
        if self.candidates:
            return any(_matches(candidate, pattern) for candidate in self.candidates)
        wildcard = _WILDCARD.search(pattern) is not None
        if self.made_up_for is not None:
            return wildcard and _may_be_made_up(pattern, *self.made_up_for)
        if not wildcard:
            return pattern not in self.taken and _matches(pattern, opened(self.mark))
        # Two patterns: they may meet unless they already begin differently.
        heads = (_WILDCARD.split(text, maxsplit=1)[0] for text in (pattern, opened(self.mark)))
        first, second = sorted(heads, key=len)
        return second.startswith(first)


def open_names(app: App) -> tuple[OpenName, ...]:
    """The repositories of an app whose names are open."""
    repositories = tuple(app.of_kind("AWS::ECR::Repository"))
    taken = frozenset(resource.name for resource in repositories if not marked(resource.name))
    found = (_open_name(resource, taken) for resource in repositories)
    return tuple(name for name in found if name is not None)


def _open_name(resource: Resource, taken: frozenset[str]) -> OpenName | None:
    written: Any = resource.properties.get("RepositoryName")
    label = f"{resource.logical_id}.RepositoryName"
    name = resource.name
    if written is None:
        made_up_for = (resource.stack.source.stack_name, resource.logical_id)
        return OpenName(mark=name, label=label, taken=taken, made_up_for=made_up_for)
    if isinstance(written, Alternatives):
        candidates = tuple(str(each) for _, each in branches(written))
        return OpenName(mark=name, label=label, taken=taken, candidates=candidates)
    return OpenName(mark=name, label=label, taken=taken) if is_open(name) else None


def perhaps_reached(arn: str, names: Iterable[OpenName]) -> Iterator[tuple[str, OpenName]]:
    """The repositories that an ARN in a policy may be about, each with its own ARN."""
    match = _REPOSITORY.fullmatch(arn)
    if match is None:
        return
    place, pattern = match.groups()
    for name in names:
        if name.may_be(pattern):
            yield place + name.mark, name


def reaches_every_repository(subject: Subject, places: Iterable[str]) -> bool:
    """Whether a statement of the principal's own policies allows something on any repository.

    ``places`` are ARNs of repositories without their names.
    """
    # No repository may be called so: what reaches it reaches every one.
    arns = [f"{place}-" for place in places]
    return any(
        statement.effect is Effect.ALLOW
        and statement.resources is not None
        and any(statement.resources.covers(arn, _NOTHING_KNOWN) is Truth.YES for arn in arns)
        and any(statement.actions.covers(action) for action in _ACTIONS)
        for policy in subject.identity
        for statement in policy.statements
    )


def _may_be_made_up(pattern: str, stack: str | None, logical_id: str) -> bool:
    if stack is None:
        # The stack may be called as the pattern begins.
        stack = _WILDCARD.split(pattern, maxsplit=1)[0].rstrip("-") or "x"
        if _STACK_NAME.fullmatch(stack) is None:
            return False
    return _matches(f"{stack}-{logical_id}-{_RANDOM}".lower(), pattern)


def _matches(text: str, pattern: str) -> bool:
    # In a policy a bracket is a bracket.
    return fnmatchcase(text, pattern.replace("[", "[[]"))
