"""The public surface, as a reader of the package finds it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any

import ecr_constructs

PACKAGE = Path(ecr_constructs.__file__).parent


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A public callable: where it is said, and what is called."""

    name: str
    target: Callable[..., Any]
    docstring: str
    overrides: bool = False
    """Whether CDK decided on its signature."""

    @property
    def parameters(self) -> list[inspect.Parameter]:
        """Its parameters, without those that mean the same in every construct."""
        return [
            parameter
            for parameter in inspect.signature(self.target).parameters.values()
            if parameter.name not in ("self", "cls", "scope", "id")
        ]

    def __str__(self) -> str:
        return self.name


def entries() -> Iterator[Entry]:
    """Every public function, and every public method that we define."""
    for name in ecr_constructs.__all__:
        value = getattr(ecr_constructs, name)
        if inspect.isclass(value):
            yield from _methods(value)
        elif callable(value):
            yield Entry(name=name, target=value, docstring=inspect.getdoc(value) or "")


def ours(kind: type) -> list[type]:
    """The classes of its line that this package defines, down to the first of somebody else."""
    return [base for base in kind.__mro__ if base.__module__.startswith("ecr_constructs.")]


def foreign(kind: type) -> list[type]:
    """The rest of its line, without ``object``."""
    return [base for base in kind.__mro__ if base not in ours(kind) and base is not object]


def _methods(kind: type) -> Iterator[Entry]:
    seen: set[str] = set()
    for base in ours(kind):
        for name, member in vars(base).items():
            target = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
            if name in seen or not inspect.isfunction(target):
                continue
            if name.startswith("_") and not (name == "__init__" and _is_called_by_users(kind)):
                continue
            seen.add(name)
            yield Entry(
                name=f"{kind.__name__}.{name}",
                target=target,
                docstring=inspect.getdoc(target) or "",
                overrides=name != "__init__" and any(name in vars(one) for one in foreign(kind)),
            )


def _is_called_by_users(kind: type) -> bool:
    """Whether users make one: an error is ours to raise, and a dataclass documents its fields."""
    return not (issubclass(kind, BaseException) or is_dataclass(kind))
