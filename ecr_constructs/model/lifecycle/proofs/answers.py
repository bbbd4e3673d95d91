"""What a proof answers: yes, no, or that it does not know; each with its certificate."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ..images.image import Image

__all__ = ["Answer", "Proof"]


class Answer(enum.Enum):
    """The answer to a question about all possible images."""

    TRUE = "true"
    """Shown by an example that the simulator confirms."""
    FALSE = "false"
    """Proven for every repository."""
    UNDECIDED = "undecided"
    """Neither shown nor proven."""

    def to_json(self) -> object:
        """``true``, ``false`` or the text ``undecided``."""
        return self.value if self is Answer.UNDECIDED else self is Answer.TRUE


@dataclass(frozen=True, kw_only=True)
class Proof:
    """An answer and its certificate."""

    answer: Answer
    because: str
    covering: tuple[int, ...] = ()
    """The rules, by priority, that take every image before the rule in question."""
    example: tuple[Image, ...] = ()
    """A repository in which it happens, confirmed by the simulator at :data:`LOOKED_AT`."""
    witness: Image | None = None
    """The image of the example to which it happens."""
