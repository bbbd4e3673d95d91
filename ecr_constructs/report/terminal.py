"""Text for a terminal: 100 columns, and colours only where somebody sees them."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TextIO

__all__ = ["WIDTH", "Style", "clipped", "columns", "wrapped"]

WIDTH: Final = 100
_BOLD: Final = "1"
_DIM: Final = "2"
_RED: Final = "31"
_YELLOW: Final = "33"
_GREEN: Final = "32"


@dataclass(frozen=True)
class Style:
    """How emphasis is written; without colours it is not."""

    colours: bool = False

    @classmethod
    def for_stream(cls, stream: TextIO, environment: Mapping[str, str] | None = None) -> Style:
        """Colours on a terminal, unless ``NO_COLOR`` is set (https://no-color.org)."""
        known = os.environ if environment is None else environment
        dumb = known.get("TERM") == "dumb"
        return cls(stream.isatty() and not known.get("NO_COLOR") and not dumb)

    def bold(self, text: str) -> str:
        """A heading."""
        return self._wrap(_BOLD, text)

    def dim(self, text: str) -> str:
        """What is said besides."""
        return self._wrap(_DIM, text)

    def danger(self, text: str) -> str:
        """What is lost, or let in."""
        return self._wrap(_RED, text)

    def warning(self, text: str) -> str:
        """What depends."""
        return self._wrap(_YELLOW, text)

    def good(self, text: str) -> str:
        """What is as it should be."""
        return self._wrap(_GREEN, text)

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and text else text


def clipped(text: str, width: int) -> str:
    """The text in at most so many columns, its middle left out where it is longer."""
    if len(text) <= width:
        return text
    head = (width - len("...")) // 2
    tail = width - len("...") - head
    return f"{text[:head]}...{text[len(text) - tail :]}"


def columns(cells: Iterable[str], widths: Iterable[int]) -> str:
    """The cells side by side, each in its width."""
    padded = [clipped(cell, width).ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return " ".join(padded).rstrip()


def wrapped(text: str, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most :data:`WIDTH` columns."""
    return textwrap.wrap(
        _visible(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_on_hyphens=False,
    )


def _visible(text: str) -> str:
    """Control characters of a hostile input do not reach the terminal."""
    return "".join(
        character if character.isprintable() or character in " \n" else "?" for character in text
    )
