"""Random draws from pools of words."""

from __future__ import annotations

import random
from typing import Any

from tests.reference.questions.values import VALUES_OF_VARIABLES


class Draws:
    """What is drawn; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of all cases happens now."""
        return self.random.random() < share

    def some_of(self, pool: tuple[Any, ...], most: int = 3) -> Any:
        """One entry of a pool, or a list of some."""
        count = self.random.choice((1, 1, 1, *range(1, most + 1)))
        chosen = [self.random.choice(pool) for _ in range(count)]
        return chosen[0] if count == 1 and self.happens(0.6) else chosen

    def pattern_of(self, text: str) -> str:
        """A pattern that may match a text: some of its letters are replaced by wildcards."""
        if set(text) <= {"a", "b"}:
            return "".join(self.random.choices("aab**?", k=self.random.randrange(1, 7)))
        letters = list(text)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            start = self.random.randrange(len(letters) + 1)
            length = self.random.choice((0, 1, 1, 2, 4, 12))
            letters[start : start + length] = [self.random.choice("**?")]
        return "".join(letters)

    def text_of(self, pattern: str) -> str:
        """A text that a pattern may match: letters for its wildcards, values for its variables."""
        for variable, values in VALUES_OF_VARIABLES.items():
            pattern = pattern.replace(variable, self.random.choice(values))
        letters = {"*": ("", "", "a", "ab", ":"), "?": ("b", "a")}
        return "".join(self.random.choice(letters.get(sign, (sign,))) for sign in pattern)

    def patterns(self, pool: tuple[Any, ...], texts: tuple[str, ...]) -> Any:
        """Some entries of a pool of patterns, now and then with one made from a text."""
        chosen = self.some_of(pool)
        if not self.happens(0.2):
            return chosen
        made = self.pattern_of(self.random.choice(texts))
        return [made, *chosen] if isinstance(chosen, list) else made
