"""IAM/reference_policies_elements_condition_operators: how two values compare."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.reference.evaluator.certainty import NO, OPEN, every, sure
from tests.reference.evaluator.variables import as_text
from tests.reference.evaluator.wildcards import Letter, matches, split_at_colons

Comparison = Callable[[str, list[Letter]], str]


def plain(pattern: list[Letter]) -> str:
    """A policy's value as text."""
    return "".join(letter.text for letter in pattern)


def string_equals(given: str, wanted: list[Letter]) -> str:
    """StringEquals: "Exact matching, case sensitive"."""
    return sure(given == plain(wanted))


def string_equals_ignore_case(given: str, wanted: list[Letter]) -> str:
    """StringEqualsIgnoreCase: "Exact matching, ignoring case"."""
    return sure(given.lower() == plain(wanted).lower())


def string_like(given: str, wanted: list[Letter]) -> str:
    """StringLike: "Case-sensitive matching" with wildcards."""
    return sure(matches(wanted, given))


def arn_like(given: str, wanted: list[Letter]) -> str:
    """ArnEquals and ArnLike "behave identically".

    "Each of the six colon-delimited components of the ARN is checked separately and each can
    include multi-character match wildcards (*) or single-character match wildcards (?)."

    Open: a pattern with fewer components that would match as text. A value with fewer is no ARN.
    """
    parts = given.split(":", 5)
    components = split_at_colons(wanted, 6)
    if len(parts) != 6:
        return NO
    if len(components) != 6:
        return OPEN if matches(wanted, given) else NO
    return every(
        sure(matches(component, part)) for component, part in zip(components, parts, strict=True)
    )


NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


def as_number(text: str) -> Decimal | None:
    """ "an integer or decimal value"."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


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
        # The W3C's note: hours are "00 through 23", minutes "00 through 59", a zone's as well.
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 23 or minutes > 59:
            return None
        offset = hours * 3600 + minutes * 60
        seconds += -offset if zone[0] == "+" else offset
    return seconds


def ordered(read: Callable[[str], Decimal | None], relation: str) -> Comparison:
    """The Numeric and Date operators, by the relation of the request's value to the policy's."""

    def compare(given: str, wanted: list[Letter]) -> str:
        left, right = read(given), read(plain(wanted))
        if left is None or right is None:
            return NO
        if relation == "Equals":
            return sure(left == right)
        if relation == "LessThan":
            return sure(left < right)
        if relation == "LessThanEquals":
            return sure(left <= right)
        if relation == "GreaterThan":
            return sure(left > right)
        return sure(left >= right)

    return compare


def boolean(given: str, wanted: list[Letter]) -> str:
    """Bool: "comparing a key to true or false"."""
    return sure(given.lower() == plain(wanted).lower() and given.lower() in ("true", "false"))


def as_bytes(text: str) -> bytes | None:
    """Binary data in base-64; None for what is not."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None


def binary_equals(given: str, wanted: list[Letter]) -> str:
    """BinaryEquals compares "the value of the specified key byte for byte against a base-64
    encoded representation"; in the page's table the request's value is in base-64 too.
    """
    expected = as_bytes(plain(wanted))
    found = as_bytes(given)
    return sure(expected is not None and (given.encode() if found is None else found) == expected)


def ip_address(given: str, wanted: list[Letter]) -> str:
    """IpAddress: "the standard CIDR format"; without a prefix it is one address.

    A netmask behind the slash is no CIDR, and neither is the zone of an IPv6 address ("%eth0").
    """
    prefix = plain(wanted).partition("/")[2]
    if (prefix and not prefix.isdigit()) or "%" in given + plain(wanted):
        return NO
    try:
        address = ipaddress.ip_address(given)
        network = ipaddress.ip_network(plain(wanted), strict=False)
    except ValueError:
        return NO
    return sure(address in network)


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
