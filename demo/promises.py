"""What is promised, as values, and the ledger that holds what was observed of it.

A promise is kept only by an answer: `Ledger` takes actions, runs them, and writes down what came
back. A promise that nobody observed counts as broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from demo.answers import Granted, Refused, ask


@dataclass(frozen=True)
class Promise:
    """One line of the last table.

    `refused_with` holds, for a promise that something is refused, a part of the error's code and
    parts of its message: refused for another reason is not as promised.
    """

    key: str
    text: str
    refused_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """Promises that are observed together."""

    title: str
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class Row:
    """A promise beside what was observed of it."""

    chapter: str
    promise: Promise
    observed: str
    kept: bool


NEVER = "never observed"


class Ledger:
    """Takes observations of the promises of some chapters, one each, and tells the verdict."""

    def __init__(self, chapters: Sequence[Chapter], announce: Callable[[Row], None]) -> None:
        self._chapters = tuple(chapters)
        self._announce = announce
        self._places = {
            promise.key: (chapter, promise)
            for chapter in self._chapters
            for promise in chapter.promises
        }
        self._rows: dict[str, Row] = {}

    def same(self, key: str, action: Callable[[], object], expected: object) -> bool:
        """Observes that an action is granted and answers exactly what was expected."""
        answer = ask(action)
        if isinstance(answer, Refused):
            return self._write(key, f"refused: {_shown(str(answer))}", kept=False)
        if answer.value != expected:
            observed = f"{_shown(answer.value)}, expected {_shown(expected)}"
            return self._write(key, observed, kept=False)
        return self._write(key, _shown(answer.value), kept=True)

    def refused(self, key: str, action: Callable[[], object]) -> bool:
        """Observes that an action is refused, and for the reason that was promised."""
        wanted = self._places[key][1].refused_with
        if not wanted:
            raise ValueError(f"{key!r} does not promise a refusal")
        answer = ask(action)
        if isinstance(answer, Granted):
            return self._write(key, f"granted: {_shown(answer.value)}", kept=False)
        kept = all(part in str(answer) for part in wanted)
        return self._write(key, str(answer), kept=kept)

    def rows(self) -> list[Row]:
        """All promises in their order, the unobserved ones as broken."""
        return [
            self._rows.get(promise.key, Row(chapter.title, promise, NEVER, kept=False))
            for chapter, promise in self._places.values()
        ]

    @property
    def all_kept(self) -> bool:
        """Whether every promise was observed as it was made."""
        return all(row.kept for row in self.rows())

    def _write(self, key: str, observed: str, *, kept: bool) -> bool:
        chapter, promise = self._places[key]
        if key in self._rows:
            raise ValueError(f"{key!r} was observed already")
        row = Row(chapter.title, promise, observed, kept)
        self._rows[key] = row
        self._announce(row)
        return kept


_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")


def _shown(value: object) -> str:
    """A value as one line for the reader; digests are compared whole and shown short."""
    if isinstance(value, str):
        return _DIGEST.sub(r"\1", value)
    if isinstance(value, dict):
        names: dict[str, list[str]] = {}
        for name, held in value.items():
            names.setdefault(_shown(held), []).append(str(name))
        return (
            "; ".join(f"{', '.join(those)}: {held}" for held, those in names.items()) or "nothing"
        )
    if isinstance(value, Iterable):
        return ", ".join(_shown(held) for held in value) or "nothing"
    return _shown(str(value))
