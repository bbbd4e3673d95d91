"""TOML, from Python 3.11: read by the standard library, and once more by hand for places."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any, Final

from ..faults import Path
from .document import NESTED_TOO_DEEP, Document, Positions, Spot, unreadable
from .json_form import Lines

__all__ = ["parse_toml"]

_PLACE: Final = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)")
_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_QUOTED: Final = (
    r'"""(?:[^\\]|\\.)*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_STRING: Final = re.compile(_QUOTED, re.DOTALL)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]+|" + _QUOTED, re.DOTALL)
_SCALAR: Final = re.compile(r"[^,\]\}#\n]+")


def parse_toml(text: str, source: str) -> Document:
    """The value of a TOML text."""
    if sys.version_info < (3, 11):
        raise unreadable(
            source,
            "is TOML, and reading it needs Python 3.11",
            fix="use a newer Python, or write the manifest as JSON or YAML",
            code="python-too-old",
        )
    tomllib: Any = import_module("tomllib")

    try:
        value = tomllib.loads(text)
    except ValueError as error:  # a TOMLDecodeError, or a number of thousands of digits
        parts = _PLACE.fullmatch(str(error))
        spot = (int(parts["line"]), int(parts["column"])) if parts else None
        what = parts["what"] if parts else str(error)[:100]
        raise unreadable(source, f"is no TOML ({what})", spot=spot) from error
    except RecursionError as error:
        raise unreadable(source, NESTED_TOO_DEEP) from error
    return Document(source=source, value=value, locate=_TomlPlaces(text))


class _TomlPlaces:
    """Walks the headers and keys of a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def __call__(self, wanted: Collection[Path]) -> Positions:
        """The places of these paths.

        :param wanted: paths from the top.
        """
        looked_for = frozenset(wanted)
        lines = Lines(self._text)
        self._at = 0
        keys: dict[Path, tuple[Spot, ...]] = {}
        values: dict[Path, Spot] = {(): (1, 1)}
        for path, key_at, value_at in self._walk():
            if path in looked_for:
                if key_at is not None:
                    keys.setdefault(path, (lines.spot(key_at),))
                values.setdefault(path, lines.spot(value_at))
        return Positions(keys=keys, values=values)

    def _walk(self) -> Iterator[tuple[Path, int | None, int]]:
        """Every path with the offsets of its key and value."""
        table: Path = ()
        counts: dict[Path, int] = {}
        self._space()
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                start = self._at
                is_list = self._text.startswith("[[", start)
                self._at += 2 if is_list else 1
                steps = self._key()
                self._at = self._text.index("]]" if is_list else "]", self._at)
                self._at += 2 if is_list else 1
                table = ()
                for number, (step, at) in enumerate(steps):
                    table = (*table, step)
                    yield table, at, start
                    last = number == len(steps) - 1
                    if last and is_list:
                        counts[table] = counts.get(table, -1) + 1
                    if table in counts:
                        table = (*table, counts[table])
                        yield table, None, start
            else:
                yield from self._pair(table)
            self._space()

    def _pair(self, table: Path) -> Iterator[tuple[Path, int | None, int]]:
        path = table
        steps = self._key()
        self._space()
        self._at += 1  # the equals sign
        self._space()
        for step, at in steps:
            path = (*path, step)
            yield path, at, self._at
        yield from self._value(path)

    def _value(self, path: Path) -> Iterator[tuple[Path, int | None, int]]:
        text = self._text
        if text.startswith("[", self._at):
            self._at += 1
            index = 0
            while not self._closed("]"):
                yield (*path, index), None, self._at
                yield from self._value((*path, index))
                index += 1
        elif text.startswith("{", self._at):
            self._at += 1
            while not self._closed("}"):
                yield from self._pair(path)
        else:
            match = _STRING.match(text, self._at) or _SCALAR.match(text, self._at)
            self._at = match.end() if match else self._at + 1

    def _closed(self, bracket: str) -> bool:
        """Whether a list or inline table ends here; steps over commas."""
        self._space()
        if self._text.startswith(",", self._at):
            self._at += 1
            self._space()
        if self._text.startswith(bracket, self._at):
            self._at += 1
            return True
        return False

    def _key(self) -> list[tuple[str, int]]:
        """A dotted key: each part and its offset."""
        steps: list[tuple[str, int]] = []
        while True:
            self._space()
            match = _KEY.match(self._text, self._at)
            if match is None:
                return steps
            steps.append((_unquoted(match.group()), self._at))
            self._at = match.end()
            self._space()
            if not self._text.startswith(".", self._at):
                return steps
            self._at += 1

    def _space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        if match is not None:
            self._at = match.end()


def _unquoted(key: str) -> str:
    if not key.startswith(('"', "'")):
        return key
    tomllib: Any = import_module("tomllib")

    (name, *_) = tomllib.loads(f"{key} = 0")
    return str(name)
