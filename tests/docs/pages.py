"""Pages of the documentation as a reader follows them: files, commands and Python, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(
    r"(?:^(?P<before>[^\n]*)\n\n?)?^```(?P<language>[a-z]+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_FILE = re.compile(r"`(?P<name>[\w.-]+)`:$")


@dataclass(frozen=True)
class Block:
    """A fenced block: a file to write, commands with their output, or Python."""

    language: str
    body: str
    file: str | None
    line: int


@dataclass(frozen=True)
class Command:
    """A line after a dollar sign, and what it prints."""

    line: str
    output: str


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        named = _FILE.search(match["before"] or "")
        line = text.count("\n", 0, match.start("language")) + 1
        yield Block(match["language"], match["body"], named["name"] if named else None, line)


def commands(body: str) -> Iterator[Command]:
    """The commands of a console block."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield Command(line, output)
