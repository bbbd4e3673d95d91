"""The conditions of a template, decided where parameters and the environment decide them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .marks import marked

if TYPE_CHECKING:
    from .stack import Stack

__all__ = ["Conditions"]


class Conditions:
    """The conditions of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._known: dict[str, bool | None] = {}

    def holds(self, name: str) -> bool | None:
        """Whether a condition holds; None where the template does not decide it."""
        if name not in self._known:
            # Undecided while it is looked at, so that one which asks for itself has an end.
            self._known[name] = None
            written = self._stack.source.template.get("Conditions")
            definition = written.get(name) if isinstance(written, Mapping) else None
            self._known[name] = self._decide(definition)
        return self._known[name]

    def label(self, name: str) -> str:
        """The condition's name, with its stack where several have one of that name."""
        return self._stack.app.condition_label(self._stack.scope, name)

    def meaning(self, name: str) -> object:
        """What a condition asks for, for comparison; None where the template has none such."""
        return self._meaning_of(name, frozenset())

    def _meaning_of(self, name: str, asking: frozenset[str]) -> object:
        written = self._stack.source.template.get("Conditions")
        definition = written.get(name) if isinstance(written, Mapping) else None
        if definition is None or name in asking:
            return None
        return self._meaning(definition, asking | {name})

    def _meaning(self, definition: Any, asking: frozenset[str]) -> object:
        if not isinstance(definition, Mapping) or len(definition) != 1:
            return definition
        ((function, argument),) = definition.items()
        if function == "Condition" and isinstance(argument, str):
            return self._meaning_of(argument, asking)
        operands = argument if isinstance(argument, list) else [argument]
        if function in ("Fn::And", "Fn::Or", "Fn::Not"):
            return [function, *(self._meaning(each, asking) for each in operands)]
        return [function, *(self._stack.resolve(each) for each in operands)]

    def _decide(self, definition: Any) -> bool | None:
        if not isinstance(definition, Mapping) or len(definition) != 1:
            return None
        ((function, argument),) = definition.items()
        operands = argument if isinstance(argument, list) else [argument]
        match function:
            case "Condition" if isinstance(argument, str):
                return self.holds(argument)
            case "Fn::Equals" if isinstance(argument, list) and len(argument) == len("ab"):
                return self._equal(*argument)
            case "Fn::And" | "Fn::Or":
                # What settles it alone: one that fails, or one that holds.
                settling = function == "Fn::Or"
                found = [self._decide(entry) for entry in operands]
                return settling if settling in found else None if None in found else not settling
            case "Fn::Not" if operands:
                inner = self._decide(operands[0])
                return None if inner is None else not inner
        return None

    def _equal(self, one: Any, other: Any) -> bool | None:
        left, right = (self._stack.resolve(entry) for entry in (one, other))
        if left == right:
            return True
        return _same_text(left, right)


def _same_text(left: Any, right: Any) -> bool | None:
    """A number or a boolean is compared as the text that it is written as."""
    plain = (str, int, float, bool)
    if not isinstance(left, plain) or not isinstance(right, plain):
        return None
    texts = [
        str(entry).lower() if isinstance(entry, bool) else str(entry) for entry in (left, right)
    ]
    if any(marked(text) for text in texts):
        return None
    return texts[0] == texts[1]
