"""Principals and reasons in words, the same in tables and in failures of tests."""

from __future__ import annotations

import re
from typing import Final

from ....model.iam.evaluator import Because
from ..model import PrincipalRow

__all__ = ["condition_text", "principal_text", "reason_text"]

# A stand-in such as ${AWS::AccountId} holds colons of its own.
_ARN: Final = re.compile(
    r"arn:[^:]*:[^:]*:[^:]*:(?P<account>\$\{[^}]*\}|[^:]*):(?P<resource>.*)", re.DOTALL
)


def principal_text(row: PrincipalRow) -> str:
    """A principal, short: where it is defined, else what its ARN says."""
    where = row.construct_path.removesuffix("/Resource") if row.construct_path else row.logical_id
    if where:
        return f"{row.kind} {where}"
    match = _ARN.fullmatch(row.arn)
    if match is None:
        beginnings = {"public": "anybody", "organization": f"anybody of {row.arn}"}
        return beginnings.get(row.kind, row.arn)
    account, resource = match.group("account"), match.group("resource")
    if row.kind == "account":
        return f"account {account}"
    return f"{resource} of {account}" if row.external else resource


def reason_text(because: Because, *, same_repository: bool = False) -> str:
    """The statement that decided, and what it depends on."""
    where = f"{because.source.value} policy"
    if not (same_repository and because.source.value == "repository"):
        where = f"{where} {because.policy}"
    sid = f" ({because.sid})" if because.sid else ""
    text = f"{because.effect.value}: {where}, statement {because.statement}{sid}"
    if because.condition:
        text += f" if {condition_text(because.condition)}"
    return text


def condition_text(condition: object) -> str:
    """A condition in words."""
    if not isinstance(condition, dict):
        return str(condition)
    parts: list[str] = []
    for operator, keys in condition.items():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            listed = values if isinstance(values, list) else [values]
            parts.append(f"{key} {operator} {' or '.join(str(value) for value in listed)}")
    return " and ".join(parts)
