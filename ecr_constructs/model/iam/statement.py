"""Policy statements as values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Conditions", "Statement"]

Conditions = Mapping[str, Mapping[str, object]]
"""Condition operator to condition key to value, as a policy has it."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One Allow: actions for principals (in a repository policy) or on resources (in a role's)."""

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    principal: Mapping[str, str] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The statement as IAM reads it."""
        document: dict[str, object] = {"Effect": "Allow"}
        if self.principal:
            document["Principal"] = "*" if "*" in self.principal else dict(self.principal)
        document["Action"] = _one_or_many(self.actions)
        if self.resources:
            document["Resource"] = _one_or_many(self.resources)
        if self.conditions:
            document["Condition"] = {key: dict(value) for key, value in self.conditions.items()}
        return document

    def __str__(self) -> str:
        """The statement in one line of JSON."""
        return json.dumps(self.to_json())


def _one_or_many(values: tuple[str, ...]) -> object:
    return values[0] if len(values) == 1 else list(values)
