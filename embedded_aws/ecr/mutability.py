"""Which tags of a repository can be moved to another image."""

from __future__ import annotations

import re
from dataclasses import dataclass

MUTABLE = "MUTABLE"
IMMUTABLE = "IMMUTABLE"
IMMUTABLE_WITH_EXCLUSION = "IMMUTABLE_WITH_EXCLUSION"
MUTABLE_WITH_EXCLUSION = "MUTABLE_WITH_EXCLUSION"


@dataclass(frozen=True)
class TagMutability:
    """A mode, and for the two modes that have exceptions the tags that are excepted."""

    mode: str = MUTABLE
    filters: tuple[str, ...] = ()

    def allows_overwriting(self, tag: str) -> bool:
        excepted = any(_matches(pattern, tag) for pattern in self.filters)
        if self.mode == IMMUTABLE_WITH_EXCLUSION:
            return excepted
        if self.mode == MUTABLE_WITH_EXCLUSION:
            return not excepted
        return self.mode == MUTABLE

    def described(self) -> dict[str, object]:
        """The members of API answers that carry this."""
        members: dict[str, object] = {"imageTagMutability": self.mode}
        if self.filters:
            members["imageTagMutabilityExclusionFilters"] = [
                {"filterType": "WILDCARD", "filter": pattern} for pattern in self.filters
            ]
        return members


def _matches(pattern: str, tag: str) -> bool:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(expression, tag) is not None
