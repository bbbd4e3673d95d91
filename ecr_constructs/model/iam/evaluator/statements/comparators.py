"""How one value of a request compares with one value of a policy, by type.

Page of the IAM user guide: "IAM JSON policy elements: Condition operators". A value that is not
of the operator's type matches nothing, so its negated operator holds.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Callable
from decimal import Decimal
from typing import Protocol, Union

from ..values.arns import ARN_FIELDS, arn_fields
from ..values.context import Context, Unknown
from ..values.dates import moment
from ..values.numbers import decimal
from ..values.truth import Truth
from ..values.variables import Template

__all__ = [
    "ArnValue",
    "BinaryValue",
    "BoolValue",
    "Comparator",
    "DateValue",
    "IpValue",
    "LikeValue",
    "NumberValue",
    "TextValue",
    "network",
]

_NO_CONTEXT = Context(settled=False)
Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


class Comparator(Protocol):
    """One value of a condition, ready to be compared."""

    def matches(self, value: str, context: Context) -> Truth:
        """Whether a value of the request matches."""

    def doubtful(self, context: Context) -> bool:
        """Whether a policy variable without a value may make the statement invalid."""


class _Certain:
    """Values of the types that know no policy variables."""

    def doubtful(self, context: Context) -> bool:  # noqa: ARG002  the protocol's signature
        """Whether a policy variable without a value may make the statement invalid."""
        return False


class TextValue:
    """StringEquals and StringEqualsIgnoreCase: the whole text, no wildcards."""

    def __init__(self, text: str, *, variables: bool, ignore_case: bool = False) -> None:
        self._template = Template(text, variables=variables, wildcards=False)
        self._ignore_case = ignore_case

    def matches(self, value: str, context: Context) -> Truth:
        """Whether a value of the request is the text."""
        if not self._ignore_case:
            return self._template.fits(value, context)
        literal = self._template.literal(context)
        if isinstance(literal, Unknown):
            # Whatever the rest of the text is: leaving it open errs towards "may match".
            return Truth.OPEN
        same = literal is not None and literal.lower() == value.lower()
        return Truth.YES if same else Truth.NO

    def doubtful(self, context: Context) -> bool:
        """Whether a policy variable without a value may make the statement invalid."""
        return self._template.doubtful(context)


class LikeValue:
    """StringLike: ``*`` and ``?`` "anywhere in the string", case-sensitive."""

    def __init__(self, text: str, *, variables: bool) -> None:
        self._template = Template(text, variables=variables, wildcards=True)

    def matches(self, value: str, context: Context) -> Truth:
        """Whether a value of the request matches."""
        return self._template.fits(value, context)

    def doubtful(self, context: Context) -> bool:
        """Whether a policy variable without a value may make the statement invalid."""
        return self._template.doubtful(context)


class ArnValue:
    """ArnEquals and ArnLike, which "behave identically".

    "Each of the six colon-delimited components of the ARN is checked separately and each can
    include" wildcards. Whether a pattern of fewer components, such as ``*``, matches anything is
    not said: open where the text as a whole fits.
    """

    def __init__(self, text: str, *, variables: bool) -> None:
        self._whole = Template(text, variables=variables, wildcards=True)
        self._fixed = None if self._whole.variables else self._whole.components(_NO_CONTEXT)

    def matches(self, value: str, context: Context) -> Truth:
        """Whether a value of the request matches."""
        given = arn_fields(value)
        if given is None:
            return Truth.NO
        fields = self._fixed or self._whole.components(context)
        if fields is None or len(fields) < ARN_FIELDS:
            return min(self._whole.fits(value, context), Truth.OPEN)
        same = all(field.matches(part) for field, part in zip(fields, given, strict=True))
        return Truth.YES if same else Truth.NO

    def doubtful(self, context: Context) -> bool:
        """Whether a policy variable without a value may make the statement invalid."""
        return self._whole.doubtful(context)


class NumberValue(_Certain):
    """The Numeric operators: "an integer or decimal value"."""

    def __init__(self, text: str, holds: Callable[[Decimal, Decimal], bool]) -> None:
        self._number = decimal(text)
        self._holds = holds

    def matches(self, value: str, context: Context) -> Truth:  # noqa: ARG002
        """Whether a value of the request matches."""
        given = decimal(value)
        if given is None or self._number is None:
            return Truth.NO
        return Truth.YES if self._holds(given, self._number) else Truth.NO


class DateValue(_Certain):
    """The Date operators: ISO 8601 as the W3C has it, or epoch seconds."""

    def __init__(self, text: str, holds: Callable[[Decimal, Decimal], bool]) -> None:
        self._moment = moment(text)
        self._holds = holds

    def matches(self, value: str, context: Context) -> Truth:  # noqa: ARG002
        """Whether a value of the request matches."""
        given = moment(value)
        if given is None or self._moment is None:
            return Truth.NO
        return Truth.YES if self._holds(given, self._moment) else Truth.NO


class BoolValue:
    """Bool. One page lets policy variables stand here, another does not: they are replaced."""

    def __init__(self, text: str, *, variables: bool) -> None:
        self._template = Template(text, variables=variables, wildcards=False)

    def matches(self, value: str, context: Context) -> Truth:
        """Whether a value of the request matches."""
        literal = self._template.literal(context)
        if isinstance(literal, Unknown):
            return Truth.OPEN
        if literal is None or literal.lower() not in ("true", "false"):
            return Truth.NO
        return Truth.YES if value.lower() == literal.lower() else Truth.NO

    def doubtful(self, context: Context) -> bool:
        """Whether a policy variable without a value may make the statement invalid."""
        return self._template.doubtful(context)


class BinaryValue(_Certain):
    """BinaryEquals: byte for byte against base64."""

    def __init__(self, text: str) -> None:
        self._bytes = _decoded(text)

    def matches(self, value: str, context: Context) -> Truth:  # noqa: ARG002
        """Whether a value of the request matches."""
        given = _decoded(value)
        if given is None:
            given = value.encode()
        return Truth.YES if self._bytes is not None and given == self._bytes else Truth.NO


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None


class IpValue(_Certain):
    """IpAddress: an address or a range in CIDR form, IPv4 or IPv6."""

    def __init__(self, text: str) -> None:
        self._network = network(text)

    def matches(self, value: str, context: Context) -> Truth:  # noqa: ARG002
        """Whether a value of the request matches."""
        # "aws:SourceIp: the requester's IP address": a request comes from no range.
        given = None if "/" in value else network(value)
        if given is None or self._network is None:
            return Truth.NO
        return Truth.YES if given.network_address in self._network else Truth.NO


def network(text: str) -> Network | None:
    """The range of a CIDR text; one address without a prefix length.

    The page says that a missing prefix is "/32", which for IPv6 would be a range that nobody
    meant: an IPv6 address without a prefix is taken as that address.
    """
    # The prefix as a netmask ("/255.0.0.0") is not CIDR, though ipaddress reads it.
    address, slash, prefix = text.partition("/")
    if (slash and not prefix.isdigit()) or "%" in address:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
