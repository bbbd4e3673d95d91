"""JSON, strictly: a key that stands twice is refused with the lines of both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Final

from .faults import UnusableInputError, unusable
from .text import SourceText

__all__ = ["parse_json", "repeated_key"]

_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|\n', re.DOTALL)


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError
    return found


def _no_constant(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text[:30]} is beyond every number")
    return number


def parse_json(source: SourceText) -> object:
    """The value of a JSON text."""
    fix = "correct the text there"
    try:
        return json.loads(
            source.text,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except _TwiceError as error:
        raise repeated_key(source.name, *_first_repeated(source.text)) from error
    except json.JSONDecodeError as error:
        where = f"{source.name}, line {error.lineno}, column {error.colno}"
        raise unusable(where, f"is no JSON ({error.msg})", fix) from error
    except RecursionError as error:
        raise unusable(source.name, "is nested too deep", "check that it is a template") from error
    except ValueError as error:
        raise unusable(source.name, f"is no JSON ({str(error)[:100]})", fix) from error


def repeated_key(name: str, key: str, first: int, second: int) -> UnusableInputError:
    """The error about a key that stands twice in one object."""
    shown = key if len(key) <= len("x" * 80) else key[:80] + "..."
    return unusable(
        name,
        f"the key {shown} stands twice in one object, in lines {first} and {second}",
        "remove one of them",
        code="input-repeated-key",
    )


def _first_repeated(text: str) -> tuple[str, int, int]:
    """Key and lines of the first repetition. Only asked of a text that has one."""
    open_objects: list[dict[str, int] | None] = []
    for kind, key, line in _keys(text):
        if kind in "{[":
            open_objects.append({} if kind == "{" else None)
        elif kind in "}]":
            open_objects.pop()
        elif open_objects and (seen := open_objects[-1]) is not None:
            name = str(json.loads(key))
            if name in seen:
                return name, seen[name], line
            seen[name] = line
    return "?", 1, 1


def _keys(text: str) -> Iterator[tuple[str, str, int]]:
    """Brackets, and each text before a colon, with their lines."""
    line = 1
    last, last_line = "", 1
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece == "\n":
            line += 1
        elif piece == ":":
            yield ":", last, last_line
        elif piece.startswith('"'):
            last, last_line = piece, line
        elif piece != ",":
            yield piece, "", line
