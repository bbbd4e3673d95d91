"""What a verb answers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Outcome"]


@dataclass(frozen=True)
class Outcome:
    """The text for standard output, messages for standard error, and the exit code."""

    text: str
    code: int = 0
    messages: tuple[str, ...] = ()
