"""IAM/reference_policies_elements_condition_operators: how two values compare."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.reference.evaluator.variables import as_text
from tests.reference.evaluator.wildcards import Letter, matches, split_at_colons

Comparison = Callable[[str, list[Letter]], bool]


def plain(pattern: list[Letter]) -> str:
    """A policy's value as text."""
    return "".join(letter.text for letter in pattern)


def string_equals(given: str, wanted: list[Letter]) -> bool:
    """StringEquals: "Exact matching, case sensitive"."""
    return given == plain(wanted)


def string_equals_ignore_case(given: str, wanted: list[Letter]) -> bool:
    """StringEqualsIgnoreCase: "Exact matching, ignoring case"."""
    return given.lower() == plain(wanted).lower()


def string_like(given: str, wanted: list[Letter]) -> bool:
    """StringLike: "Case-sensitive matching" with wildcards."""
    return matches(wanted, given)


def arn_like(given: str, wanted: list[Letter]) -> bool:
    """ArnEquals and ArnLike "behave identically".

    "Each of the six colon-delimited components of the ARN is checked separately and each can
    include multi-character match wildcards (*) or single-character match wildcards (?)."

    Open: a value or pattern with fewer components. It is no ARN and does not match.
    """
    parts = given.split(":", 5)
    components = split_at_colons(wanted, 6)
    if len(parts) != 6 or len(components) != 6:
        return False
    return all(matches(component, part) for component, part in zip(components, parts, strict=True))


def as_number(text: str) -> Decimal | None:
    """ "an integer or decimal value"."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d+))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d))?)?)?"
)


def as_moment(text: str) -> Decimal | None:
    """Date operators: "one of the W3C implementations of the ISO 8601 date formats or in epoch
    (UNIX) time". Four digits alone are a year of the former.
    """
    found = DATE.fullmatch(text)
    if found is None:
        return as_number(text)
    try:
        moment = dt.datetime(
            int(found["year"]),
            int(found["month"] or 1),
            int(found["day"] or 1),
            int(found["hour"] or 0),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            tzinfo=dt.timezone.utc,
        )
    except ValueError:
        return None
    seconds = Decimal(int(moment.timestamp()))
    if found["fraction"]:
        seconds += Decimal("0." + found["fraction"])
    zone = found["zone"]
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        seconds += -offset if zone[0] == "+" else offset
    return seconds


def ordered(read: Callable[[str], Decimal | None], relation: str) -> Comparison:
    """The Numeric and Date operators, by the relation of the request's value to the policy's."""

    def compare(given: str, wanted: list[Letter]) -> bool:
        left, right = read(given), read(plain(wanted))
        if left is None or right is None:
            return False
        if relation == "Equals":
            return left == right
        if relation == "LessThan":
            return left < right
        if relation == "LessThanEquals":
            return left <= right
        if relation == "GreaterThan":
            return left > right
        return left >= right

    return compare


def boolean(given: str, wanted: list[Letter]) -> bool:
    """Bool: "comparing a key to true or false"."""
    return given.lower() == plain(wanted).lower()


def binary_equals(given: str, wanted: list[Letter]) -> bool:
    """BinaryEquals compares "byte for byte against a base-64 encoded representation"; in the
    page's table the request's value is written in base-64 too.
    """
    try:
        left = base64.b64decode(given, validate=True)
        right = base64.b64decode(plain(wanted), validate=True)
    except (binascii.Error, ValueError):
        return False
    return left == right


def ip_address(given: str, wanted: list[Letter]) -> bool:
    """IpAddress: "the standard CIDR format"; without a prefix it is one address."""
    try:
        address = ipaddress.ip_address(given)
        network = ipaddress.ip_network(plain(wanted), strict=False)
    except ValueError:
        return False
    return address in network


POSITIVE: dict[str, Comparison] = {
    "stringequals": string_equals,
    "stringequalsignorecase": string_equals_ignore_case,
    "stringlike": string_like,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "bool": boolean,
    "binaryequals": binary_equals,
    "ipaddress": ip_address,
    **{
        f"{family}{relation}".lower(): ordered(read, relation)
        for family, read in (("Numeric", as_number), ("Date", as_moment))
        for relation in ("Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    },
}

# "Negated matching".
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
}

# "Policy variables - Supported": the string, Boolean and ARN operators.
KNOWS_VARIABLES = ("string", "arn", "bool")


def request_values(value: Any) -> list[str]:
    """A context key's values, none where it is absent."""
    if value is None:
        return []
    return [as_text(one) for one in (value if isinstance(value, list) else [value])]
