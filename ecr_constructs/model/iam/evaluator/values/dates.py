"""Dates as condition values write them.

"You must specify date/time values with one of the W3C implementations of the ISO 8601 date
formats or in epoch (UNIX) time" (IAM JSON policy elements: Condition operators). The W3C note has
six forms: YYYY, YYYY-MM, YYYY-MM-DD, and these with a time to the minute, the second or a
fraction of it, each with its zone. Four digits are a year; any other number is an epoch.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timezone
from decimal import Decimal

from .numbers import decimal

__all__ = ["moment"]

# Fixed widths throughout; the one repetition (the fraction) is bounded, so matching is linear.
_FORM = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})"
    r"(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?(?:Z|([+-])(\d{2}):(\d{2})))?)?)?",
    re.ASCII,
)


def moment(text: str) -> Decimal | None:
    """Seconds since 1970 in UTC; None for what is no date."""
    found = _FORM.fullmatch(text)
    if found is None:
        return decimal(text)
    year, month, day, hour, minute, second, fraction, sign, zone_hour, zone_minute = found.groups()
    try:
        point = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=timezone.utc,
        )
    except ValueError:
        return None
    # Not datetime.timestamp(): a float would blur the fraction.
    elapsed = point - datetime(1970, 1, 1, tzinfo=timezone.utc)
    seconds = Decimal(elapsed.days * 86_400 + elapsed.seconds)
    if fraction:
        seconds += Decimal(f"0.{fraction}")
    if sign:
        offset = _offset(int(zone_hour), int(zone_minute))
        if offset is None:
            return None
        seconds += -offset if sign == "+" else offset
    return seconds


def _offset(hours: int, minutes: int) -> int | None:
    try:
        at = time(hours, minutes)
    except ValueError:
        return None
    return at.hour * 3_600 + at.minute * 60
