"""Points in time as the AWS CLI prints them.

Version 2 prints ISO 8601 in the zone of the machine, version 1 and the ``wire`` format print
seconds since 1970; a program that prints what an SDK returned writes a space for the T.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

__all__ = ["parse_time"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ISO: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d(?::?\d\d)?)",
    re.IGNORECASE | re.ASCII,
)
_SECONDS: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?", re.ASCII)


def parse_time(given: object) -> datetime:
    """The moment, with its zone.

    :raises ValueError: when it is none, or says not in which zone.
    """
    if isinstance(given, str):
        return _from_text(given)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return _since_epoch(given)
    raise ValueError("is no time")


def _from_text(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if _SECONDS.fullmatch(text):
            return _since_epoch(float(text))
        # Python 3.10 reads neither Z nor a fraction of other than three or six digits.
        return _from_iso(text)
    if moment.tzinfo is None:
        raise ValueError("says not in which time zone it is")
    return moment


def _since_epoch(seconds: float) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError) as error:
        raise ValueError("is no time") from error


def _from_iso(text: str) -> datetime:
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError("is no time")
    date, clock, fraction, zone = match.groups()
    seconds = clock if len(clock) == len("00:00:00") else clock + ":00"
    micros = (fraction or "0").ljust(6, "0")[:6]
    offset = "+00:00" if zone in "Zz" else _offset(zone)
    try:
        return datetime.fromisoformat(f"{date}T{seconds}.{micros}{offset}")
    except ValueError as error:
        raise ValueError("is no time") from error


def _offset(zone: str) -> str:
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
