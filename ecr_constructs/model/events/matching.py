"""Whether an event pattern selects an event, as EventBridge decides it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ..errors import InvalidInputError
from ..findings import Finding

__all__ = ["matches"]

_COMPARE: Final = MappingProxyType(
    {
        "=": operator.eq,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


def matches(pattern: Mapping[str, Any], event: object) -> bool:
    """Whether the pattern selects the event.

    Fields are "and", the values of a field are "or". A list in the event matches where one of its
    entries does. Knows values, ``prefix``, ``suffix``, ``anything-but`` with values, ``numeric``,
    ``exists`` and ``$or``: what the patterns of this library need, and what is near to it.

    :param pattern: the event pattern, as a template has it.
    :param event: the event, as a target gets it.
    :raises InvalidInputError: for any other operator.
    """
    if isinstance(event, list):
        # Fields of a pattern must meet in one entry, as EventBridge keeps the entries apart.
        return any(matches(pattern, entry) for entry in event)
    fields: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    return all(_field(name, wanted, fields) for name, wanted in pattern.items())


def _field(name: str, wanted: Any, fields: Mapping[str, Any]) -> bool:
    if name == "$or":
        return any(matches(alternative, fields) for alternative in wanted)
    if isinstance(wanted, Mapping):
        return matches(wanted, fields.get(name))
    there = name in fields and not isinstance(fields[name], Mapping)
    values = _leaves(fields[name]) if there else ()
    return any(_admits(rule, values) for rule in wanted)


def _leaves(value: Any) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(leaf for entry in value for leaf in _leaves(entry))
    return () if isinstance(value, Mapping) else (value,)


def _admits(rule: Any, values: Sequence[Any]) -> bool:
    if isinstance(rule, Mapping) and "exists" in rule:
        return bool(values) is rule["exists"]
    return any(_value(rule, value) for value in values)


def _value(rule: Any, value: Any) -> bool:
    if not isinstance(rule, Mapping):
        return _equal(rule, value)
    ((name, operand),) = rule.items()
    match name:
        case "prefix":
            return isinstance(value, str) and value.startswith(operand)
        case "suffix":
            return isinstance(value, str) and value.endswith(operand)
        case "numeric":
            return _number(value) and all(
                _COMPARE[comparison](value, bound)
                for comparison, bound in zip(operand[::2], operand[1::2], strict=True)
            )
        case "anything-but" if not isinstance(operand, Mapping):
            others = operand if isinstance(operand, list) else [operand]
            return not any(_equal(other, value) for other in others)
        case _:
            raise InvalidInputError([_unknown(name, rule)])


def _unknown(name: str, rule: Any) -> Finding:
    return Finding(
        code="event-operator-unknown",
        property="pattern",
        message=f"has the operator {name}, which is not known here",
        given=rule,
        allowed="values, prefix, suffix, anything-but with values, numeric, exists and $or",
        fix="write the pattern with these",
        docs="https://docs.aws.amazon.com/eventbridge/latest/userguide/"
        "eb-create-pattern-operators.html",
    )


def _equal(left: Any, right: Any) -> bool:
    # True is no number to JSON, and 1 == 1.0 is one.
    return left == right and isinstance(left, bool) is isinstance(right, bool)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
