"""Which conditions of an app can hold together, as far as what they say tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from .alternatives import World
from .marks import is_open, marked

if TYPE_CHECKING:
    from .app import App
    from .stack import Stack

__all__ = ["Possible"]

_DEEPEST: Final = 20
_TWO: Final = 2


class _ContradictionError(Exception):
    """Two conditions cannot be so at once."""


class Possible:
    """The worlds that may come to be.

    ``Fn::Not`` of a condition is never as the condition is, and a parameter has one value.
    """

    def __init__(self, versions: Iterable[App]) -> None:
        """``versions``: the app, or what it was and what it will be."""
        self._defined: dict[str, tuple[Stack, Any]] = {}
        for stack in (stack for app in versions for stack in app.stacks):
            written = stack.source.template.get("Conditions")
            for name, definition in written.items() if isinstance(written, Mapping) else ():
                self._defined[stack.conditions.label(str(name))] = (stack, definition)

    def __contains__(self, world: World) -> bool:
        facts = _Facts(self._defined, dict(world))
        try:
            for label, holds in world:
                facts.settle_condition(label, holds=holds)
            return all(facts.agrees(label, holds=holds) for label, holds in world)
        except _ContradictionError:
            return False


class _Facts:
    """What is known in one world."""

    def __init__(self, defined: Mapping[str, tuple[Stack, Any]], truths: dict[str, bool]) -> None:
        self._defined = defined
        self._truths = truths
        self._settled: set[str] = set()
        self._values: dict[str, str] = {}
        self._others: dict[str, set[str]] = {}

    def settle_condition(self, label: str, *, holds: bool, depth: int = 0) -> None:
        """Note what follows from a condition that holds, or does not."""
        if self._truths.setdefault(label, holds) is not holds:
            raise _ContradictionError
        if label in self._defined and label not in self._settled and depth < _DEEPEST:
            self._settled.add(label)
            stack, definition = self._defined[label]
            self._settle(stack, definition, holds=holds, depth=depth + 1)

    def agrees(self, label: str, *, holds: bool) -> bool:
        """Whether a condition may be so, by what its parts are known to be."""
        if label not in self._defined:
            return True
        return self._decide(*self._defined[label], depth=0) in (None, holds)

    def _settle(self, stack: Stack, definition: Any, *, holds: bool, depth: int) -> None:
        function, argument = _call(definition)
        operands = argument if isinstance(argument, list) else [argument]
        if depth > _DEEPEST:
            return
        if function == "Condition" and isinstance(argument, str):
            label = stack.conditions.label(argument)
            self.settle_condition(label, holds=holds, depth=depth)
        elif function == "Fn::Not" and operands:
            self._settle(stack, operands[0], holds=not holds, depth=depth + 1)
        elif function == ("Fn::And" if holds else "Fn::Or"):
            for each in operands:
                self._settle(stack, each, holds=holds, depth=depth + 1)
        elif function == "Fn::Equals":
            self._settle_equal(_compared(stack, operands), holds=holds)

    def _settle_equal(self, compared: tuple[str, str] | None, *, holds: bool) -> None:
        if compared is None:
            return
        thing, value = compared
        others = self._others.setdefault(thing, set())
        if holds:
            if self._values.setdefault(thing, value) != value or value in others:
                raise _ContradictionError
        elif self._values.get(thing) == value:
            raise _ContradictionError
        else:
            others.add(value)

    def _decide(self, stack: Stack, definition: Any, depth: int) -> bool | None:
        function, argument = _call(definition)
        operands = argument if isinstance(argument, list) else [argument]
        if depth > _DEEPEST:
            return None
        if function == "Condition" and isinstance(argument, str):
            known = stack.conditions.holds(argument)
            return self._truths.get(stack.conditions.label(argument), known)
        if function == "Fn::Not" and operands:
            inner = self._decide(stack, operands[0], depth + 1)
            return None if inner is None else not inner
        if function in ("Fn::And", "Fn::Or"):
            settling = function == "Fn::Or"
            found = [self._decide(stack, each, depth + 1) for each in operands]
            return settling if settling in found else None if None in found else not settling
        if function == "Fn::Equals":
            return self._equal(_compared(stack, operands))
        return None

    def _equal(self, compared: tuple[str, str] | None) -> bool | None:
        if compared is None:
            return None
        thing, value = compared
        if value in self._others.get(thing, ()):
            return False
        return self._values[thing] == value if thing in self._values else None


def _call(definition: Any) -> tuple[str, Any]:
    if isinstance(definition, Mapping) and len(definition) == 1:
        ((function, argument),) = definition.items()
        return str(function), argument
    return "", None


def _compared(stack: Stack, operands: list[Any]) -> tuple[str, str] | None:
    """Something that may be any text, and the text that it is compared with."""
    if len(operands) != _TWO:
        return None
    one, other = (_text(stack.resolve(each)) for each in operands)
    if one is None or other is None or marked(one) is marked(other):
        return None
    thing, value = (one, other) if marked(one) else (other, one)
    return (thing, value) if is_open(thing) else None


def _text(value: Any) -> str | None:
    """A number or a boolean is compared as the text that it is written as."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else None
