"""Matching ``*`` and ``?`` in time bounded by pattern length times text length.

A policy is foreign input: a pattern such as ``*a*a*a*b`` must not cost exponential time, so
nothing here backtracks and no regular expression with a repetition is built.

Pages of the IAM user guide: "IAM JSON policy elements: Resource" (wildcards in resource ARNs),
"IAM JSON policy elements: Action", "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ANY_CHARACTER", "ANY_RUN", "Pattern", "SegmentPattern", "Wildcard", "tokens_of"]


@dataclass(frozen=True)
class Wildcard:
    """One of the two wildcards, apart from the same character meant literally."""

    sign: str


ANY_RUN = Wildcard("*")
ANY_CHARACTER = Wildcard("?")

Token = str | Wildcard
"""A literal run of characters, or a wildcard."""


def tokens_of(text: str) -> tuple[Token, ...]:
    """The text cut into literal runs and wildcards."""
    tokens: list[Token] = []
    start = 0
    for position, sign in enumerate(text):
        if sign not in "*?":
            continue
        if start < position:
            tokens.append(text[start:position])
        tokens.append(ANY_RUN if sign == "*" else ANY_CHARACTER)
        start = position + 1
    if start < len(text):
        tokens.append(text[start:])
    return tuple(tokens)


@dataclass(frozen=True)
class _Chunk:
    """What stands between two ``*``: a fixed length, each place a character or any."""

    text: str
    holes: tuple[int, ...]
    # The longest literal run, and where it stands: the place to look for first.
    anchor: str
    offset: int

    def fits(self, candidate: str, start: int) -> bool:
        """Whether it fits there; the candidate is known to be long enough."""
        if not self.holes:
            return candidate.startswith(self.text, start)
        piece = candidate[start : start + len(self.text)]
        begin = 0
        for hole in self.holes:
            if piece[begin:hole] != self.text[begin:hole]:
                return False
            begin = hole + 1
        return piece[begin:] == self.text[begin:]

    def find(self, candidate: str, start: int, stop: int) -> int:
        """The first place at or after ``start`` where the chunk fits and ends by ``stop``."""
        last = stop - len(self.text)
        while start <= last:
            found = candidate.find(self.anchor, start + self.offset, stop)
            if found < 0:
                return -1
            start = found - self.offset
            if start > last:
                return -1
            if self.fits(candidate, start):
                return start
            start += 1
        return -1


def _chunk(tokens: Sequence[Token]) -> _Chunk:
    text = ""
    holes: list[int] = []
    anchor = ""
    offset = 0
    for token in tokens:
        if isinstance(token, Wildcard):
            holes.append(len(text))
            text += "?"
            continue
        if len(token) > len(anchor):
            anchor, offset = token, len(text)
        text += token
    return _Chunk(text, tuple(holes), anchor, offset)


class Pattern:
    """A whole text against literals and wildcards; ``*`` stands for any run, colons included."""

    __slots__ = ("_chunks", "_exact")

    def __init__(self, tokens: Sequence[Token]) -> None:
        chunks: list[_Chunk] = []
        pending: list[Token] = []
        for token in tokens:
            if token is ANY_RUN:
                chunks.append(_chunk(pending))
                pending = []
            else:
                pending.append(token)
        chunks.append(_chunk(pending))
        self._chunks = tuple(chunks)
        self._exact = len(chunks) == 1

    @classmethod
    def of(cls, text: str) -> Pattern:
        """The pattern that a policy's text says."""
        return cls(tokens_of(text))

    def matches(self, text: str) -> bool:
        """Whether the whole text fits."""
        head, tail = self._chunks[0], self._chunks[-1]
        if self._exact:
            return len(text) == len(head.text) and head.fits(text, 0)
        stop = len(text) - len(tail.text)
        position = len(head.text)
        if position > stop or not head.fits(text, 0) or not tail.fits(text, stop):
            return False
        # Greedy from the left is right: an earlier place leaves more room for what follows.
        for chunk in self._chunks[1:-1]:
            found = chunk.find(text, position, stop)
            if found < 0:
                return False
            position = found + len(chunk.text)
        return True


class SegmentPattern:
    """The narrow reading of a resource ARN pattern: wildcards stay inside their segment.

    "You can use wildcard characters within the individual segments of an ARN (the parts
    separated by colons). If the * wildcard is the last character of a resource ARN segment, it
    can expand to match beyond the colon boundaries" (IAM JSON policy elements: Resource). So a
    ``*`` that something other than a colon follows, and every ``?``, take no colon here.
    """

    __slots__ = ("_end", "_literal", "_runs", "_runs_over_colons", "_single")

    def __init__(self, tokens: Sequence[Token]) -> None:
        # Each character or wildcard is a place, and each place a bit of these masks.
        self._literal: dict[str, int] = {}
        self._runs = 0
        self._runs_over_colons = 0
        self._single = 0
        place = 0
        for number, token in enumerate(tokens):
            following = tokens[number + 1] if number + 1 < len(tokens) else ":"
            if token is ANY_RUN:
                if following is ANY_RUN:
                    continue
                self._runs |= 1 << place
                if isinstance(following, str) and following.startswith(":"):
                    self._runs_over_colons |= 1 << place
                place += 1
            elif isinstance(token, str):
                for character in token:
                    self._literal[character] = self._literal.get(character, 0) | 1 << place
                    place += 1
            else:
                self._single |= 1 << place
                place += 1
        self._end = place

    @property
    def narrower(self) -> bool:
        """Whether this reading can differ from the one where ``*`` is any run."""
        return bool(self._single or self._runs != self._runs_over_colons)

    def matches(self, text: str) -> bool:
        """Whether the whole text fits; all places are tried at once, so nothing backtracks."""
        state = self._reach(1)
        for character in text:
            colon = character == ":"
            step = state & (self._literal.get(character, 0) | (0 if colon else self._single))
            stay = state & (self._runs_over_colons if colon else self._runs)
            state = self._reach(step << 1 | stay)
            if not state:
                return False
        return bool(state >> self._end & 1)

    def _reach(self, state: int) -> int:
        # A run may be empty; two never stand side by side, so one step is enough.
        return state | (state & self._runs) << 1
