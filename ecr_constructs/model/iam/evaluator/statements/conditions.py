"""The ``Condition`` element.

Pages of the IAM user guide: "IAM JSON policy elements: Condition", "... Condition operators",
"Conditions with multiple context keys or values", "Single-valued vs. multivalued context keys".

Several operators, and several keys of one operator, are joined by AND; several values of one key
by OR, and for a negated operator by NOR.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..values.context import Context, Unknown, Values
from ..values.truth import Truth, all_of, any_of, negate
from ..values.variables import Template
from .comparators import Comparator
from .operators import Operator, Quantifier

__all__ = ["Condition", "ConditionTest"]

_RESOURCE_KEYS = (
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourcetag/",
    "ecr:resourcetag/",
)


@dataclass(frozen=True)
class ConditionTest:
    """One key under one operator, with the values that the policy lists."""

    operator: Operator
    key: str
    """As written."""
    wanted: Sequence[str]
    variables: bool
    """Whether the language version of the policy knows variables."""
    name: str = field(init=False)
    _comparators: tuple[Comparator, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.key.lower())
        base = self.operator.base
        comparators: tuple[Comparator, ...] = ()
        if base is not None:
            variables = self.variables and base.takes_variables
            comparators = tuple(base.build(text, variables=variables) for text in self.wanted)
        object.__setattr__(self, "_comparators", comparators)

    def asked_keys(self) -> Iterator[str]:
        """Every key that the test asks for, as written: its own and its variables'."""
        yield self.key
        base = self.operator.base
        if base is not None and base.takes_variables and self.variables:
            for text in self.wanted:
                template = Template(text, variables=True, wildcards=False)
                yield from (variable.key for variable in template.variables)

    def holds(self, context: Context) -> Truth:
        """Whether the request meets it."""
        values = context.value(self.name)
        if self.operator.base is None:
            return self._null(values)
        truth = self._compared(values, context)
        if truth is Truth.YES and any(entry.doubtful(context) for entry in self._comparators):
            return Truth.OPEN
        return truth

    def _null(self, values: Values | Unknown | None) -> Truth:
        """``true``: the key is absent or null; ``false``: it "exists and its value is not null".

        Null is "an empty data string" or set ("IAM JSON policy elements: Condition").
        """
        if isinstance(values, Unknown):
            return Truth.OPEN
        null = "true" if values is None or not any(values) else "false"
        return Truth.YES if any(text.lower() == null for text in self.wanted) else Truth.NO

    def _compared(self, values: Values | Unknown | None, context: Context) -> Truth:
        quantifier = self.operator.quantifier
        if isinstance(values, Unknown):
            return Truth.OPEN
        if not values:
            return self._absent()
        if quantifier is not Quantifier.NONE:
            if not any(values):
                # "a null data set, such as an empty string": true for ForAllValues, false for
                # ForAnyValue.
                return Truth.YES if quantifier is Quantifier.ALL else Truth.NO
            truths = (self._value(value, context) for value in values)
            return all_of(truths) if quantifier is Quantifier.ALL else any_of(truths)
        outcomes = {self._value(value, context) for value in values}
        if len(outcomes) == 1:
            return outcomes.pop()
        # "Multivalued context keys require a condition set operator": what happens without one
        # is not said, so it is open unless every value gives the same answer.
        return Truth.OPEN

    def _absent(self) -> Truth:
        """The request lacks the key.

        "...IfExists: if the key is not present, evaluate the condition element as true."
        ForAllValues "also returns true if there are no context keys in the request", ForAnyValue
        returns false. Else "the values do not match and the condition is false", and true where
        it "requires that the key is not matched".
        """
        if self.operator.if_exists:
            return Truth.YES
        if self.operator.quantifier is Quantifier.ALL:
            return Truth.YES
        if self.operator.quantifier is Quantifier.ANY:
            return Truth.NO
        return Truth.YES if self.operator.negated else Truth.NO

    def _value(self, value: str, context: Context) -> Truth:
        matched = any_of(entry.matches(value, context) for entry in self._comparators)
        return negate(matched) if self.operator.negated else matched


@dataclass(frozen=True)
class Condition:
    """A compiled Condition block."""

    tests: tuple[ConditionTest, ...]
    about_resource: bool = field(init=False)
    """Whether its answer can differ from repository to repository."""

    def __post_init__(self) -> None:
        about = any(key.lower().startswith(_RESOURCE_KEYS) for key in self.asked_keys())
        object.__setattr__(self, "about_resource", about)

    def asked_keys(self) -> Iterator[str]:
        """Every key that it asks for, as written."""
        for test in self.tests:
            yield from test.asked_keys()

    def holds(self, context: Context) -> Truth:
        """Whether the request meets every test."""
        truth = Truth.YES
        for test in self.tests:
            truth = min(truth, test.holds(context))
            if truth is Truth.NO:
                break
        return truth
