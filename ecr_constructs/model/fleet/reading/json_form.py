"""JSON: read by the fast parser of the standard library, and once more by hand for places.

Only a manifest in which something is wrong pays for the second reading.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Collection
from typing import Final

from ..faults import Path
from .document import NESTED_TOO_DEEP, Document, Positions, Repeated, Spot, unreadable

__all__ = ["Lines", "parse_json"]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def parse_json(text: str, source: str) -> Document:
    """The value of a JSON text; keys that stand twice are kept in sight."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise unreadable(
            source, f"is no JSON ({error.msg})", spot=(error.lineno, error.colno)
        ) from error
    except RecursionError as error:
        raise unreadable(source, NESTED_TOO_DEEP) from error
    except ValueError as error:
        raise unreadable(source, f"is no JSON ({str(error)[:100]})") from error
    return Document(source=source, value=value, locate=_JsonPlaces(text))


class Lines:
    """Lines and columns of offsets in a text."""

    def __init__(self, text: str) -> None:
        """Looks for the ends of lines once.

        :param text: the whole text.
        """
        self._starts = [0]
        for match in re.finditer("\n", text):
            self._starts.append(match.end())

    def spot(self, offset: int) -> Spot:
        """Line and column of an offset, from 1.

        :param offset: from the beginning of the text, in characters.
        """
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeated(pairs)


def _no_constant(constant: str) -> object:
    raise ValueError(f"{constant} is no number")


class _Open:
    """An object or list that is being read, with its next step in a path."""

    def __init__(self, *, is_object: bool) -> None:
        self.is_object = is_object
        self.expects_key = is_object
        self.step: str | int = "" if is_object else 0

    def step_on(self) -> None:
        """A comma was read."""
        if isinstance(self.step, int):
            self.step += 1
        self.expects_key = self.is_object


class _JsonPlaces:
    """Walks the tokens of a text that is known to be JSON."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, wanted: Collection[Path]) -> Positions:
        """The places of these paths.

        :param wanted: paths from the top.
        """
        looked_for = frozenset(wanted)
        lines = Lines(self._text)
        keys: dict[Path, tuple[Spot, ...]] = {}
        values: dict[Path, Spot] = {}
        opened: list[_Open] = []
        for match in _TOKEN.finditer(self._text):
            piece = match.group()
            if piece in "]}":
                opened.pop()
            elif piece == ",":
                opened[-1].step_on()
            elif piece == ":":
                continue
            elif opened and opened[-1].expects_key:
                opened[-1].step = json.loads(piece)
                opened[-1].expects_key = False
                path = tuple(each.step for each in opened)
                if path in looked_for:
                    keys[path] = (*keys.get(path, ()), lines.spot(match.start()))
            else:
                path = tuple(each.step for each in opened)
                if path in looked_for:
                    values[path] = lines.spot(match.start())
                if piece == "{":
                    opened.append(_Open(is_object=True))
                elif piece == "[":
                    opened.append(_Open(is_object=False))
        return Positions(keys=keys, values=values)
