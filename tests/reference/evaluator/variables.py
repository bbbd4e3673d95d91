"""IAM/reference_policies_variables: `${...}` in resources and condition values."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from tests.reference.evaluator.certainty import OPEN, YES
from tests.reference.evaluator.wildcards import Letter, letters_of, literal_letters

# "the variable name of the value from the request": every key has a prefix and a colon. Other text
# in braces, as CloudFormation's `${AWS::Region}`, names no key and is no variable.
VARIABLE = re.compile(r"\$\{([*?$]|[^}:,]*:(?!:)[^}]*)\}")

# "Principal key values": "not present means that the value is not in the current request
# information, and any attempt to match it fails and causes the statement to be invalid".
PRINCIPAL_KEY_VALUES = ("aws:username", "aws:userid", "aws:principaltype")


def are_known_to(policy: dict[str, Any]) -> bool:
    """IAM/reference_policies_elements_version: "2012-10-17".

    "If you don't include the Version element and set it to an appropriate version date, variables
    like ${aws:username} are treated as literal strings in the policy."
    """
    return policy.get("Version") == "2012-10-17"


def replace_variables(
    text: str, policy: dict[str, Any], context: dict[str, Any]
) -> list[Letter] | None:
    """The text with its variables replaced, or None where one of them has no value.

    "When policy variables reference a condition context key that has no value or is not present
    ..., the value is effectively null. There is no equal or like value."

    Open: whether a wildcard in the value of a key is a wildcard. "Special characters" speaks only
    of those in the policy; what a key holds is taken literally.
    """
    if "${" not in text or not are_known_to(policy):
        return letters_of(text)
    replaced: list[Letter] = []
    # Every second piece is what stands between the braces.
    for number, piece in enumerate(VARIABLE.split(text)):
        if number % 2 == 0:
            replaced += letters_of(piece)
            continue
        value = value_of_variable(piece, context)
        if value is None:
            return None
        replaced += literal_letters(value)
    return replaced


def value_of_variable(name: str, context: dict[str, Any]) -> str | None:
    """One variable's value: a special character, a single-valued key, or the default."""
    # "Special characters": ${*}, ${?} and ${$} "have fixed values".
    if name in ("*", "?", "$"):
        return name
    key, default = key_and_default(name)
    value = context.get(key.lower())
    if value is None or value == []:
        return default
    if isinstance(value, list):
        # IAM/reference_policies_condition-single-vs-multi-valued-context-keys: "you cannot use a
        # multivalued context key as a policy variable"; a list of one is a single value.
        return as_text(value[0]) if len(value) == 1 else None
    return as_text(value)


def key_and_default(name: str) -> tuple[str, str | None]:
    """ "Specifying default values": "surround the default value with single quotes, and separate
    the variable text and the default value with a comma and space".

    Open: a default without its quotes. Then the whole text is taken for a key, which nothing has.
    """
    key, _, default = name.partition(", ")
    quoted = re.fullmatch(r"'(.*)'", default, re.DOTALL)
    return (key, quoted[1]) if quoted else (name, None)


def keys_in(text: str, policy: dict[str, Any]) -> list[str]:
    """The context keys that a text's variables ask for."""
    if "${" not in text or not are_known_to(policy):
        return []
    names = [name for name in VARIABLE.findall(text) if name not in ("*", "?", "$")]
    return [key_and_default(name)[0] for name in names]


def without_value(text: str, policy: dict[str, Any], context: dict[str, Any]) -> list[str]:
    """The keys of those variables in a text that have no value."""
    if "${" not in text or not are_known_to(policy):
        return []
    return [
        key_and_default(name)[0]
        for name in VARIABLE.findall(text)
        if value_of_variable(name, context) is None
    ]


def may_invalidate(valueless: Iterable[str]) -> str:
    """How surely a statement with these variables without a value is valid at all.

    "If AWS cannot resolve a variable this might cause the entire statement to be invalid." "Policy
    variables with no value" says of conditions that inverted operators match then, with a tag of
    the principal as its example. Open: the keys of whom "Principal key values" says that their
    absence "causes the statement to be invalid".
    """
    return OPEN if any(key.lower() in PRINCIPAL_KEY_VALUES for key in valueless) else YES


def as_text(value: Any) -> str:
    """A JSON scalar as the text that IAM compares.

    Bytes, which only a program can give, are "a base-64 encoded representation" as in a policy
    (IAM/reference_policies_elements_condition_operators, "Binary condition operators").
    """
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
