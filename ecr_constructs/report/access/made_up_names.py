"""Patterns that may match a repository whose name CloudFormation makes up.

Such a name is that of the stack, the logical id and some random characters, in lower case. So
``repository/shop-*`` may reach an unnamed repository of the stack Shop, and ``repository/shop/*``
cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from ..template.app import App

__all__ = ["MadeUpName", "made_up_names", "perhaps_reached"]

_RANDOM: Final = "xxxxxxxxxxxx"
_REPOSITORY: Final = re.compile(r"(arn:[^:]*:ecr:[^:]*:[^:]*:repository/)(.*)", re.DOTALL)
_STACK_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
_WILDCARD: Final = re.compile(r"[*?]")


@dataclass(frozen=True)
class MadeUpName:
    """A repository without a name."""

    mark: str
    """What stands for its name."""
    label: str
    stack: str | None
    """The stack's name; None where nobody says it."""
    logical_id: str


def made_up_names(app: App) -> tuple[MadeUpName, ...]:
    """The repositories of an app whose names are made up."""
    return tuple(
        MadeUpName(
            resource.name,
            f"{resource.logical_id}.RepositoryName",
            resource.stack.source.stack_name,
            resource.logical_id,
        )
        for resource in app.of_kind("AWS::ECR::Repository")
        if "RepositoryName" not in resource.properties
    )


def perhaps_reached(arn: str, names: Iterable[MadeUpName]) -> Iterator[tuple[str, MadeUpName]]:
    """The repositories that a pattern may match, each with its ARN."""
    match = _REPOSITORY.fullmatch(arn)
    if match is None or _WILDCARD.search(match[2]) is None:
        return
    place, pattern = match.groups()
    for name in names:
        if not _matches(name.mark, pattern) and _may_match(pattern, name):
            yield place + name.mark, name


def _may_match(pattern: str, name: MadeUpName) -> bool:
    stack = name.stack
    if stack is None:
        # The stack may be called as the pattern begins.
        stack = _WILDCARD.split(pattern, maxsplit=1)[0].rstrip("-") or "x"
        if _STACK_NAME.fullmatch(stack) is None:
            return False
    return _matches(f"{stack}-{name.logical_id}-{_RANDOM}".lower(), pattern)


def _matches(text: str, pattern: str) -> bool:
    # In a policy a bracket is a bracket.
    return fnmatchcase(text, pattern.replace("[", "[[]"))
