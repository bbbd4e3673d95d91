"""Which tags a pattern stands for, and whether one fits these patterns and not those.

A pattern is read as a finite automaton and several are walked side by side, so an answer holds
for all tags, not for tried ones: either the shortest tag of the wanted kind, or the proof that
there is none, or - where the walk grows beyond its bound - no answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from .globs import Glob
from .tag_checks import TAG_FIRST, TAG_REST

__all__ = ["UNDECIDED", "Comparison", "Undecided"]

LONGEST_TAG: Final = 128
_MOST_STEPS: Final = 2_000_000
_SPARE_LETTERS: Final = "x0zqkjyw123456789abcdefghilmnoprstuvABCDEFGHIJKLMNOPQRSTUVWXYZ_.-"


class Undecided:
    """The answer where neither an example nor a proof was found within bounds."""

    def __repr__(self) -> str:
        return "undecided"


UNDECIDED: Final = Undecided()


class Comparison:
    """Compares patterns, remembers what it found, and stops when it has done enough.

    Patterns can be made for which a comparison takes for ever. After so many steps every further
    question is answered with ``UNDECIDED``.
    """

    def __init__(self, steps: int = _MOST_STEPS) -> None:
        self._steps_left = steps
        self._automata: dict[str, _Automaton] = {}
        self._found: dict[tuple[frozenset[str], frozenset[str]], str | Undecided | None] = {}

    @property
    def is_exhausted(self) -> bool:
        """Whether it has done all the steps that it may."""
        return self._steps_left <= 0

    def find_tag(self, inside: frozenset[str], outside: frozenset[str]) -> str | Undecided | None:
        """The shortest tag that all of ``inside`` and none of ``outside`` match.

        ``None`` is a proof: no tag of the OCI grammar, however long, is of that kind.
        """
        if self.is_exhausted:
            return UNDECIDED
        self._steps_left -= 1 + len(outside)
        if (inside, outside) in self._found:
            return self._found[inside, outside]
        found = self._found[inside, outside] = self._compared(inside, outside)
        return found

    def is_within(self, pattern: str, other: str) -> bool | Undecided:
        """Whether every tag that matches ``pattern`` matches ``other`` too."""
        found = self.find_tag(frozenset([pattern]), frozenset([other]))
        return found if isinstance(found, Undecided) else found is None

    def overlap(self, patterns: Iterable[str]) -> bool | Undecided:
        """Whether one tag can match all of these patterns."""
        found = self.find_tag(frozenset(patterns), frozenset())
        return found if isinstance(found, Undecided) else found is not None

    def _compared(self, inside: frozenset[str], outside: frozenset[str]) -> str | Undecided | None:
        whole = next((each for each in inside if "*" not in each), None)
        if whole is not None:
            return _of_one(whole, inside, outside)
        # What begins or ends otherwise than every tag inside excludes none of them.
        near = frozenset(
            other for other in outside if all(_may_meet(other, each) for each in inside)
        )
        if (inside, near) not in self._found:
            walk = _Walk(self._read(inside), self._read(near), _letters_of(inside | near))
            self._found[inside, near] = walk.shortest(self._steps_left)
            self._steps_left -= walk.steps
        return self._found[inside, near]

    def _read(self, patterns: frozenset[str]) -> list[_Automaton]:
        for pattern in patterns:
            if pattern not in self._automata:
                self._automata[pattern] = _Automaton(pattern)
        return [self._automata[pattern] for pattern in sorted(patterns)]


def _of_one(tag: str, inside: frozenset[str], outside: frozenset[str]) -> str | Undecided | None:
    """The answer where a pattern without ``*`` leaves one tag to look at."""
    if tag[:1] not in TAG_FIRST or not set(tag) <= TAG_REST:
        return None
    if not all(Glob.of(each).matches(tag) for each in inside):
        return None
    if any(Glob.of(each).matches(tag) for each in outside):
        return None
    return tag if len(tag) <= LONGEST_TAG else UNDECIDED


def _may_meet(pattern: str, other: str) -> bool:
    """Whether beginning and end of two patterns leave room for a tag that matches both."""
    mine, theirs = pattern.split("*"), other.split("*")
    head, other_head = mine[0], theirs[0]
    tail, other_tail = mine[-1], theirs[-1]
    return (head.startswith(other_head) or other_head.startswith(head)) and (
        tail.endswith(other_tail) or other_tail.endswith(tail)
    )


def _letters_of(patterns: Iterable[str]) -> list[str]:
    """The letters that make a difference; those that no pattern names behave alike."""
    used = {letter for pattern in patterns for letter in pattern} & TAG_REST
    spare = [letter for letter in _SPARE_LETTERS if letter not in used][:1]
    spare_first = [
        letter for letter in _SPARE_LETTERS if letter in TAG_FIRST and letter not in used
    ][:1]
    return spare_first + sorted(used.union(spare).difference(spare_first))


class _Automaton:
    """A pattern as the set of places in it that a beginning of a tag can have reached."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._end = 1 << len(pattern)
        self.start = self._closed(1)
        self._steps: dict[tuple[int, str], int] = {}
        # Once a final * is reached, whatever follows matches.
        self._sink = 1 << (len(pattern) - 1) if pattern.endswith("*") else 0

    def step(self, places: int, letter: str) -> int:
        key = (places, letter)
        if key not in self._steps:
            self._steps[key] = self._walked(places, letter)
        return self._steps[key]

    def accepts(self, places: int) -> bool:
        return bool(places & self._end)

    def accepts_all_that_follows(self, places: int) -> bool:
        return bool(places & self._sink)

    def _walked(self, places: int, letter: str) -> int:
        reached = 0
        for place, expected in enumerate(self._pattern):
            if places >> place & 1:
                if expected == "*":
                    reached |= 1 << place
                elif expected == letter:
                    reached |= 1 << (place + 1)
        return self._sunk(self._closed(reached))

    def _closed(self, places: int) -> int:
        for place, expected in enumerate(self._pattern):
            if expected == "*" and places >> place & 1:
                places |= 1 << (place + 1)
        return places

    def _sunk(self, places: int) -> int:
        # All places that accept whatever follows are one: it keeps the walk small.
        return self._sink | self._end if self._sink and places & self._sink else places


class _Walk:
    """Walks the automata of all patterns side by side, shortest tags first."""

    def __init__(
        self, inside: list[_Automaton], outside: list[_Automaton], letters: list[str]
    ) -> None:
        self._inside = inside
        self._outside = outside
        self._letters = letters
        self._first_letters = [letter for letter in letters if letter in TAG_FIRST]
        self.steps = 0

    def shortest(self, most_steps: int) -> str | Undecided | None:
        start = tuple(each.start for each in (*self._inside, *self._outside))
        # Not the start itself: no tag is empty, and a tag may lead back to where it began.
        seen: set[tuple[int, ...]] = set()
        waiting = deque([(start, "")])
        while waiting:
            places, tag = waiting.popleft()
            if tag and self._wanted(places):
                return tag if len(tag) <= LONGEST_TAG else UNDECIDED
            for letter in self._letters if tag else self._first_letters:
                self.steps += len(places)
                if self.steps > most_steps:
                    return UNDECIDED
                following = self._next(places, letter)
                if following is not None and following not in seen:
                    seen.add(following)
                    waiting.append((following, tag + letter))
        return None

    def _wanted(self, places: tuple[int, ...]) -> bool:
        amount = len(self._inside)
        return all(
            each.accepts(place) for each, place in zip(self._inside, places[:amount], strict=True)
        ) and not any(
            each.accepts(place) for each, place in zip(self._outside, places[amount:], strict=True)
        )

    def _next(self, places: tuple[int, ...], letter: str) -> tuple[int, ...] | None:
        amount = len(self._inside)
        following = []
        for index, automaton in enumerate(self._inside):
            place = automaton.step(places[index], letter)
            if not place:
                return None
            following.append(place)
        for index, automaton in enumerate(self._outside, start=amount):
            place = automaton.step(places[index], letter)
            if automaton.accepts_all_that_follows(place):
                return None
            following.append(place)
        return tuple(following)
