"""IAM/reference_policies_elements_condition: whether a condition block is true."""

from __future__ import annotations

from typing import Any

from tests.reference.evaluator import variables
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


def keys_of(statement: dict[str, Any]) -> set[str]:
    """The keys that a condition block asks for."""
    return {key for block in (statement.get("Condition") or {}).values() for key in block}


def conditions_hold(statement: dict[str, Any], policy: dict[str, Any], request: Request) -> bool:
    """IAM/reference_policies_condition-logic-multiple-context-keys-or-values.

    "multiple condition operators or multiple keys attached to a single condition operator ... are
    evaluated using a logical AND".
    """
    return all(
        condition_holds(
            operator, request_values(request.context.get(key.lower())), wanted, policy, request
        )
        for operator, block in (statement.get("Condition") or {}).items()
        for key, wanted in block.items()
    )


def condition_holds(
    operator: str, given: list[str], wanted: Any, policy: dict[str, Any], request: Request
) -> bool:
    """One operator, one key."""
    name = operator.lower()
    qualifier = ""
    if ":" in name:
        qualifier, _, name = name.partition(":")
    if name == "null":
        return null_holds(given, wanted)
    if name.endswith("ifexists"):
        name = name[: -len("ifexists")]
        # "...IfExists": "If the key is not present, evaluate the condition element as true."
        if not given:
            return True
    negated = name in NEGATED
    comparison = POSITIVE[NEGATED.get(name, name)]
    patterns = policy_values(name, wanted, policy, request)
    if qualifier == "forallvalues":
        return for_all_values(given, patterns, comparison, negated=negated)
    if qualifier == "foranyvalue":
        return for_any_value(given, patterns, comparison, negated=negated)
    return single(given, patterns, comparison, negated=negated)


def null_holds(given: list[str], wanted: Any) -> bool:
    """ "Null": "true (the key doesn't exist - it is null) or false (the key exists and its value is
    not null)"; an empty string is null (IAM/reference_policies_elements_condition, "The request
    context").
    """
    is_null = given in ([], [""])
    return any(is_null == (variables.as_text(value).lower() == "true") for value in as_list(wanted))


def policy_values(
    operator: str, wanted: Any, policy: dict[str, Any], request: Request
) -> list[list[Letter]]:
    """The policy's values; one whose variable has no value is equal to and like nothing."""
    values: list[list[Letter]] = []
    for one in as_list(wanted):
        text = variables.as_text(one)
        base = NEGATED.get(operator, operator)
        if variables.are_known_to(policy) and base.startswith(KNOWS_VARIABLES):
            replaced = variables.replace_variables(text, request.context)
            if replaced is not None:
                values.append(replaced)
        else:
            values.append(letters_of(text))
    return values


def fits_any(given: str, patterns: list[list[Letter]], comparison: Comparison) -> bool:
    """ "If a single condition operator includes multiple values for one key, that condition
    operator is evaluated using a logical OR."
    """
    return any(comparison(given, pattern) for pattern in patterns)


def single(
    given: list[str], patterns: list[list[Letter]], comparison: Comparison, *, negated: bool
) -> bool:
    """Without a set operator.

    "If the key ... is not present in the request context, the values do not match and the
    condition is false. If the policy condition requires that the key is not matched ... and the
    right key is not present, the condition is true." Several values under a negated operator
    "work like a logical" NOR.

    Open: several values in the request ("multivalued context keys require a condition set
    operator"). One that matches is enough.
    """
    matched = any(fits_any(value, patterns, comparison) for value in given)
    return not matched if negated else matched


def for_all_values(
    given: list[str], patterns: list[list[Letter]], comparison: Comparison, *, negated: bool
) -> bool:
    """ForAllValues: "All of the values for the condition key in the request must match at least
    one of the values in your policy"; negated: none "can match any". It "returns true if there
    are no context keys in the request or if the context key value resolves to a null dataset,
    such as an empty string".
    """
    if given in ([], [""]):
        return True
    return all(fits_any(value, patterns, comparison) != negated for value in given)


def for_any_value(
    given: list[str], patterns: list[list[Letter]], comparison: Comparison, *, negated: bool
) -> bool:
    """ForAnyValue: "At least one condition key value in the request must match one of the values
    in your policy"; negated: "must NOT match any". "For no matching context key or a null
    dataset, the condition returns false."
    """
    if given in ([], [""]):
        return False
    return any(fits_any(value, patterns, comparison) != negated for value in given)
