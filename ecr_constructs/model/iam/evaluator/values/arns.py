"""ARNs: six fields with colons between, of which only the last may hold colons itself."""

from __future__ import annotations

from typing import Final

__all__ = ["ARN_FIELDS", "arn_fields", "without_path"]

ARN_FIELDS: Final = 6


def arn_fields(text: str) -> tuple[str, str, str, str, str, str] | None:
    """Prefix, partition, service, Region, account and resource; None for what is no ARN."""
    fields = text.split(":", ARN_FIELDS - 1)
    if len(fields) < ARN_FIELDS:
        return None
    prefix, partition, service, region, account, resource = fields
    return prefix, partition, service, region, account, resource


def without_path(arn: str) -> str:
    """The ARN of a user or role with only the name behind its kind."""
    kind, slash, name = arn.partition("/")
    return f"{kind}/{name.rpartition('/')[2]}" if slash else arn
