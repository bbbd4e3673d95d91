"""Which conditions of a statement say who may call, or for whom a service may act.

A condition does so when it holds for callers that its author knew, and for nobody else: it compares
positively, it fails where the key is missing, and each of its values is one account, organization,
network or ARN of an account.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..deferred import masked

__all__ = ["CALLER_KEYS", "SOURCE_KEYS", "condition_entries", "condition_values", "names_caller"]

SOURCE_KEYS: Final = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
)
"""For whom a service acts."""
# aws:VpcSourceIp is not among them: everybody's VPC may have the same private addresses.
CALLER_KEYS: Final = SOURCE_KEYS | {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
}
"""Who calls, or from where."""
_PATH_KEYS = frozenset({"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"})
# The account or organization of the repository, which is known, is that of who calls.
_SAME_AS_CALLER: Final = {
    "aws:resourceaccount": "${aws:principalaccount}",
    "aws:resourceorgid": "${aws:principalorgid}",
}
_OPERATOR = re.compile(
    r"(?:(?P<each>ForAnyValue|ForAllValues):)?(?P<name>\w+?)(?P<maybe>IfExists)?"
)
_EXACT = frozenset({"StringEquals", "StringEqualsIgnoreCase"})
_ARN_PARTS = frozenset({"ArnEquals", "ArnLike"})
# What is true of the repository itself cannot be chosen by the caller; any other variable can.
_CALLERS_VARIABLE = re.compile(r"\$\{!?(?!aws:resource)[a-z0-9-]+:(?!:)", re.IGNORECASE)
_ARN_LENGTH = 6
# Wider networks are as good as public, as S3 has it for its bucket policies:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
_NARROW = {4: 8, 6: 32}


def names_caller(conditions: object, keys: frozenset[str] = CALLER_KEYS) -> bool:
    """Whether a condition on one of the keys (lower case) lets only known callers through."""
    entries = tuple(condition_entries(conditions))
    present = frozenset(
        key
        for operator, key, value in entries
        if operator == "Null" and set(condition_values(value)) == {"false"}
    )
    asked = keys | _SAME_AS_CALLER.keys() if keys == CALLER_KEYS else keys
    return any(
        key in asked and _selects(operator, key, condition_values(value), present=key in present)
        for operator, key, value in entries
    )


def condition_entries(conditions: object) -> Iterator[tuple[str, str, object]]:
    """Each operator, key in lower case (IAM ignores its case) and value."""
    if not isinstance(conditions, Mapping):
        return
    for operator, block in conditions.items():
        if isinstance(block, Mapping):
            for key, value in block.items():
                yield str(operator), str(key).lower(), value


def condition_values(value: object) -> tuple[str, ...]:
    """The values as IAM compares them: a number or a boolean is text to it."""
    listed = value if isinstance(value, (list, tuple)) else [value]
    return tuple(
        str(entry).lower() if isinstance(entry, bool) else str(entry)
        for entry in listed
        if entry is not None
    )


def _selects(operator: str, key: str, values: tuple[str, ...], *, present: bool) -> bool:
    parts = _OPERATOR.fullmatch(operator)
    if parts is None or not values:
        return False
    # ForAllValues and IfExists hold where the key is missing, as it is for strangers.
    if (parts["each"] == "ForAllValues" or parts["maybe"]) and not present:
        return False
    return all(_is_known(parts["name"], key, value) for value in values)


def _is_known(operator: str, key: str, value: str) -> bool:
    if key in _SAME_AS_CALLER:
        # IAM puts the caller's own in place of the variable: no wildcard is read in it.
        same = value.replace("${!", "${").lower() == _SAME_AS_CALLER[key]
        return same and (operator in _EXACT or operator == "StringLike")
    if _CALLERS_VARIABLE.search(value):
        return False
    text = masked(value)
    if operator == "IpAddress":
        return key == "aws:sourceip" and (text != value or _is_narrow(text))
    if operator in _ARN_PARTS:
        return key.endswith("arn") and _has_account(text, literal=())
    return operator in _EXACT or (operator == "StringLike" and _is_like_one(key, text))


def _is_like_one(key: str, text: str) -> bool:
    if key.endswith("arn"):
        # In a text '*' runs over colons, and the path of a role may hold some. So no wildcard may
        # stand before the account, but for the Region, which only ARNs of resources have.
        return _has_account(text, literal=(0, 1, 2) if key == "aws:sourcearn" else (0, 1, 2, 3))
    if key in _PATH_KEYS:
        organization, slash, _ = text.partition("/")
        return bool(slash) and _is_literal(organization)
    if key == "aws:userid":
        # The unique id of a role, and the name of the session: "AROA...:*".
        return _is_literal(text.partition(":")[0])
    return _is_literal(text)


def _has_account(arn: str, *, literal: tuple[int, ...]) -> bool:
    parts = arn.split(":", _ARN_LENGTH - 1)
    if len(parts) < _ARN_LENGTH:
        return False
    if not parts[4]:
        # A bucket's ARN has no account, and its name is the only one of its kind.
        return _is_literal(arn)
    return all(_is_literal(parts[index]) for index in (*literal, 4))


def _is_literal(text: str) -> bool:
    return "*" not in text and "?" not in text


def _is_narrow(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= _NARROW[network.version]
