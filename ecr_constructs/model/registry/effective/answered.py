"""An answer, with what AWS leaves open about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Answered"]

Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True)
class Answered(Generic[Value_co]):
    """A value, and a sentence for each case that AWS does not decide."""

    value: Value_co
    notes: tuple[str, ...] = ()
