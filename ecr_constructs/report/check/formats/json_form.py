"""The findings as JSON, one in a line."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import Any

from ..collector import Checked, Reported

__all__ = ["plain", "render_json"]


def render_json(checked: Checked) -> str:
    """The whole document: many findings are read by programs and grep, so each has its line."""
    lines = ",\n".join(f"    {json.dumps(_row(each))}" for each in checked.findings)
    findings = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": 1,\n  "findings": {findings}\n}}\n'


def plain(value: object) -> Any:
    """A value as JSON has it."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return str(value)


def _row(reported: Reported) -> dict[str, Any]:
    finding, resource = reported.finding, reported.resource
    reason = reported.acknowledged
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "stack": reported.stack.source.stack,
        "template": reported.stack.source.file,
        "environment": reported.environment,
        "logical_id": resource.logical_id,
        "construct_path": resource.construct_path,
        "property": finding.property,
        "message": finding.message,
        "given": plain(finding.given),
        "allowed": finding.allowed,
        "fix": finding.fix,
        "docs": finding.docs,
        "acknowledged": None if reason is None else {"reason": reason},
    }
