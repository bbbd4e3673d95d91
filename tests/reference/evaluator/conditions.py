"""IAM/reference_policies_elements_condition: whether a condition block is true."""

from __future__ import annotations

from typing import Any

from tests.reference.evaluator import variables
from tests.reference.evaluator.certainty import NO, OPEN, YES, every, opposite, some, sure
from tests.reference.evaluator.elements import as_list
from tests.reference.evaluator.operators import (
    KNOWS_VARIABLES,
    NEGATED,
    POSITIVE,
    Comparison,
    request_values,
)
from tests.reference.evaluator.request import Request
from tests.reference.evaluator.wildcards import Letter, letters_of


def keys_of(statement: dict[str, Any], policy: dict[str, Any]) -> list[str]:
    """The keys that a condition block asks for, those of its variables included."""
    keys = []
    for operator, block in (statement.get("Condition") or {}).items():
        for key, wanted in block.items():
            keys.append(key)
            if takes_variables(bare(operator)):
                for one in as_list(wanted):
                    keys += variables.keys_in(variables.as_text(one), policy)
    return keys


def bare(operator: str) -> str:
    """An operator's name without its set operator and IfExists."""
    return operator.lower().rpartition(":")[2].removesuffix("ifexists")


def is_operator(operator: str) -> bool:
    """IAM/reference_policies_elements_condition_operators: whether there is one of this name.

    "You can add IfExists to the end of any condition operator name except the Null condition".
    ForAllValues and ForAnyValue stand before others.
    """
    name = operator.lower()
    for set_operator in ("forallvalues:", "foranyvalue:"):
        name = name.removeprefix(set_operator)
    if name == "null":
        return True
    return name.removesuffix("ifexists") in {*POSITIVE, *NEGATED}


def takes_variables(name: str) -> bool:
    """Whether a bare operator's page says "Policy variables - Supported"."""
    return NEGATED.get(name, name).startswith(KNOWS_VARIABLES)


def conditions_hold(statement: dict[str, Any], policy: dict[str, Any], request: Request) -> str:
    """IAM/reference_policies_condition-logic-multiple-context-keys-or-values.

    "multiple condition operators or multiple keys attached to a single condition operator ... are
    evaluated using a logical AND".
    """
    return every(
        condition_holds(
            operator, request_values(request.context.get(key.lower())), wanted, policy, request
        )
        for operator, block in (statement.get("Condition") or {}).items()
        for key, wanted in block.items()
    )


def condition_holds(
    operator: str, given: list[str], wanted: Any, policy: dict[str, Any], request: Request
) -> str:
    """One operator, one key."""
    name = bare(operator)
    if name == "null":
        return null_holds(given, wanted)
    patterns = policy_values(name, wanted, policy, request)
    return every([compared(operator, given, patterns), validity(name, wanted, policy, request)])


def validity(name: str, wanted: Any, policy: dict[str, Any], request: Request) -> str:
    """Whether a variable without a value may make the statement invalid."""
    valueless = [
        key
        for one in as_list(wanted)
        for key in variables.without_value(variables.as_text(one), policy, request.context)
    ]
    return variables.may_invalidate(valueless) if takes_variables(name) else YES


def compared(operator: str, given: list[str], patterns: list[list[Letter]]) -> str:
    """The request's values against the policy's, as the operator's qualifiers say."""
    name = bare(operator)
    # "...IfExists": "If the key is not present, evaluate the condition element as true."
    if operator.lower().endswith("ifexists") and not given:
        return YES
    negated = name in NEGATED
    comparison = POSITIVE[NEGATED.get(name, name)]
    answers = [
        opposite(fits_any(value, patterns, comparison))
        if negated
        else fits_any(value, patterns, comparison)
        for value in given
    ]
    if operator.lower().startswith("forallvalues:"):
        return for_all_values(given, answers)
    if operator.lower().startswith("foranyvalue:"):
        return for_any_value(given, answers)
    return without_set_operator(answers, negated=negated)


def null_holds(given: list[str], wanted: Any) -> str:
    """ "Null": "true (the key doesn't exist - it is null) or false (the key exists and its value is
    not null)"; an empty string is null (IAM/reference_policies_elements_condition, "The request
    context").
    """
    return sure(
        any(
            is_null(given) == (variables.as_text(value).lower() == "true")
            for value in as_list(wanted)
        )
    )


def is_null(given: list[str]) -> bool:
    """ "no context keys in the request or ... a null dataset, such as an empty string"."""
    return not any(given)


def policy_values(
    name: str, wanted: Any, policy: dict[str, Any], request: Request
) -> list[list[Letter]]:
    """The policy's values; one whose variable has no value is equal to and like nothing."""
    values: list[list[Letter]] = []
    for one in as_list(wanted):
        text = variables.as_text(one)
        if takes_variables(name):
            replaced = variables.replace_variables(text, policy, request.context)
            if replaced is not None:
                values.append(replaced)
        else:
            values.append(letters_of(text))
    return values


def fits_any(given: str, patterns: list[list[Letter]], comparison: Comparison) -> str:
    """ "If a single condition operator includes multiple values for one key, that condition
    operator is evaluated using a logical OR"; under a negated one they "work like a logical" NOR.
    """
    return some(comparison(given, pattern) for pattern in patterns)


def without_set_operator(answers: list[str], *, negated: bool) -> str:
    """Without ForAllValues or ForAnyValue.

    "If the key ... is not present in the request context, the values do not match and the
    condition is false. If the policy condition requires that the key is not matched ... and the
    right key is not present, the condition is true."

    Open: several values in the request of which not all say the same ("multivalued context keys
    require a condition set operator").
    """
    if not answers:
        return sure(negated)
    return answers[0] if len(set(answers)) == 1 else OPEN


def for_all_values(given: list[str], answers: list[str]) -> str:
    """ForAllValues: "All of the values for the condition key in the request must match at least
    one of the values in your policy"; negated: none "can match any". It "returns true if there
    are no context keys in the request or if the context key value resolves to a null dataset,
    such as an empty string".
    """
    return YES if is_null(given) else every(answers)


def for_any_value(given: list[str], answers: list[str]) -> str:
    """ForAnyValue: "At least one condition key value in the request must match one of the values
    in your policy"; negated: "must NOT match any". "For no matching context key or a null
    dataset, the condition returns false."
    """
    return NO if is_null(given) else some(answers)
