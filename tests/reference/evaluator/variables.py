"""IAM/reference_policies_variables: `${...}` in resources and condition values."""

from __future__ import annotations

from typing import Any

from tests.reference.evaluator.wildcards import Letter, letters_of, literal_letters


def are_known_to(policy: dict[str, Any]) -> bool:
    """IAM/reference_policies_elements_version: "2012-10-17".

    "If you don't include the Version element and set it to an appropriate version date, variables
    like ${aws:username} are treated as literal strings in the policy."
    """
    return policy.get("Version") == "2012-10-17"


def replace_variables(text: str, context: dict[str, Any]) -> list[Letter] | None:
    """The text with its variables replaced, or None where one of them has no value.

    "When policy variables reference a condition context key that has no value or is not present
    ..., the value is effectively null. There is no equal or like value."

    Open: whether a wildcard in the value of a key is a wildcard. "Special characters" speaks only
    of those in the policy; what a key holds is taken literally.
    """
    replaced: list[Letter] = []
    rest = text
    while "${" in rest:
        before, _, after = rest.partition("${")
        if "}" not in after:
            break
        name, _, rest = after.partition("}")
        replaced += letters_of(before)
        value = value_of_variable(name, context)
        if value is None:
            return None
        replaced += literal_letters(value)
    return replaced + letters_of(rest)


def value_of_variable(name: str, context: dict[str, Any]) -> str | None:
    """One variable's value: a special character, a single-valued key, or the default."""
    # "Special characters": ${*}, ${?} and ${$} "have fixed values".
    if name in ("*", "?", "$"):
        return name
    # "Specifying default values": "surround the default value with single quotes, and separate
    # the variable text and the default value with a comma and space".
    key, comma, default = name.partition(", ")
    value = context.get(key.strip().lower())
    # IAM/reference_policies_condition-single-vs-multi-valued-context-keys: "you cannot use a
    # multivalued context key as a policy variable".
    if isinstance(value, list):
        value = None
    if value is None or value == "":
        return default[1:-1] if comma else None
    return as_text(value)


def as_text(value: Any) -> str:
    """A JSON scalar as the text that IAM compares."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
