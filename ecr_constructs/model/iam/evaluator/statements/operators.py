"""The condition operators by name: their comparison, negation, set qualifier and IfExists.

Page of the IAM user guide: "IAM JSON policy elements: Condition operators". Operator names are
taken without regard to case; the pages write them one way only.
"""

from __future__ import annotations

import enum
import operator as comparison
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from ..values.dates import moment
from ..values.numbers import decimal
from .comparators import (
    ArnValue,
    BinaryValue,
    BoolValue,
    Comparator,
    DateValue,
    IpValue,
    LikeValue,
    NumberValue,
    TextValue,
    network,
)

__all__ = ["Operator", "OperatorName", "Quantifier"]


class Quantifier(enum.Enum):
    """How several values of a request count."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


class _Build(Protocol):
    def __call__(self, text: str, *, variables: bool) -> Comparator: ...


Check = Callable[[str], bool]


@dataclass(frozen=True)
class OperatorName:
    """What the bare name of an operator means."""

    name: str
    build: _Build
    negated: bool = False
    takes_variables: bool = False
    valid: Check | None = None
    """Whether a policy's value is of the operator's type; None where any text is."""
    sort: str = "text"


@dataclass(frozen=True)
class Operator:
    """An operator as a policy writes it; ``base`` is None for ``Null``."""

    base: OperatorName | None
    quantifier: Quantifier
    if_exists: bool
    exact: bool
    """Written the way the page writes it, upper and lower case included."""

    @classmethod
    def parse(cls, text: str) -> Operator | None:
        """The operator that a policy's text names; None where there is none of that name."""
        rest = text
        quantifier = Quantifier.NONE
        for candidate in (Quantifier.ALL, Quantifier.ANY):
            if rest.lower().startswith(candidate.value.lower()):
                quantifier = candidate
                rest = rest[len(candidate.value) :]
        if rest.lower() == "null":
            written = quantifier.value + "Null"
            return cls(base=None, quantifier=quantifier, if_exists=False, exact=text == written)
        if_exists = rest.lower().endswith("ifexists")
        if if_exists:
            rest = rest[: -len("ifexists")]
        base = _BY_NAME.get(rest.lower())
        if base is None:
            return None
        written = quantifier.value + base.name + ("IfExists" if if_exists else "")
        return cls(base=base, quantifier=quantifier, if_exists=if_exists, exact=text == written)

    @property
    def negated(self) -> bool:
        """Whether it holds when nothing matches."""
        return self.base is not None and self.base.negated


def _number(holds: Callable[..., bool], text: str, *, variables: bool) -> Comparator:  # noqa: ARG001
    return NumberValue(text, holds)


def _date(holds: Callable[..., bool], text: str, *, variables: bool) -> Comparator:  # noqa: ARG001
    return DateValue(text, holds)


def _binary(text: str, *, variables: bool) -> Comparator:  # noqa: ARG001
    return BinaryValue(text)


def _address(text: str, *, variables: bool) -> Comparator:  # noqa: ARG001
    return IpValue(text)


def _text(text: str, *, variables: bool) -> Comparator:
    return TextValue(text, variables=variables)


def _ignoring_case(text: str, *, variables: bool) -> Comparator:
    return TextValue(text, variables=variables, ignore_case=True)


def _like(text: str, *, variables: bool) -> Comparator:
    return LikeValue(text, variables=variables)


def _arn(text: str, *, variables: bool) -> Comparator:
    return ArnValue(text, variables=variables)


def _bool(text: str, *, variables: bool) -> Comparator:
    return BoolValue(text, variables=variables)


def _is_number(text: str) -> bool:
    return decimal(text) is not None


def _is_date(text: str) -> bool:
    return moment(text) is not None


def _is_network(text: str) -> bool:
    return network(text) is not None


def _is_bool(text: str) -> bool:
    return text.lower() in ("true", "false") or "${" in text


_ORDERS = (
    ("Equals", comparison.eq, False),
    ("NotEquals", comparison.eq, True),
    ("LessThan", comparison.lt, False),
    ("LessThanEquals", comparison.le, False),
    ("GreaterThan", comparison.gt, False),
    ("GreaterThanEquals", comparison.ge, False),
)
_NAMES: Final = (
    OperatorName("StringEquals", _text, takes_variables=True),
    OperatorName("StringNotEquals", _text, negated=True, takes_variables=True),
    OperatorName("StringEqualsIgnoreCase", _ignoring_case, takes_variables=True),
    OperatorName("StringNotEqualsIgnoreCase", _ignoring_case, negated=True, takes_variables=True),
    OperatorName("StringLike", _like, takes_variables=True),
    OperatorName("StringNotLike", _like, negated=True, takes_variables=True),
    OperatorName("ArnEquals", _arn, takes_variables=True),
    OperatorName("ArnLike", _arn, takes_variables=True),
    OperatorName("ArnNotEquals", _arn, negated=True, takes_variables=True),
    OperatorName("ArnNotLike", _arn, negated=True, takes_variables=True),
    OperatorName("Bool", _bool, takes_variables=True, valid=_is_bool, sort="true or false"),
    OperatorName("BinaryEquals", _binary),
    OperatorName("IpAddress", _address, valid=_is_network, sort="an IP address or CIDR range"),
    OperatorName(
        "NotIpAddress", _address, negated=True, valid=_is_network, sort="an IP address or range"
    ),
    *(
        OperatorName(
            f"Numeric{name}", partial(_number, holds), negated, valid=_is_number, sort="a number"
        )
        for name, holds, negated in _ORDERS
    ),
    *(
        OperatorName(
            f"Date{name}", partial(_date, holds), negated, valid=_is_date, sort="a date or epoch"
        )
        for name, holds, negated in _ORDERS
    ),
)
_BY_NAME: Final = {entry.name.lower(): entry for entry in _NAMES}
