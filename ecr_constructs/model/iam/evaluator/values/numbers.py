"""Numbers as condition values write them: "an integer or decimal value".

Page of the IAM user guide: "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

from decimal import Decimal

__all__ = ["decimal"]


def decimal(text: str) -> Decimal | None:
    """A plain decimal number; no exponent, so no text is short and its number endless."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    whole, _, fraction = digits.partition(".")
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        return None
    return Decimal(text)
