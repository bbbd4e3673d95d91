"""What the demo shows: its steps as they go, and the table of promises at the end."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.promises import Row

_WIDTH = 118
_FONTS = re.compile(r"@font-face {.*?}\s*", re.DOTALL)


class Screen:
    """Writes to the terminal; can draw its last table as a picture."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(
            highlight=False, width=None if sys.stdout.isatty() else _WIDTH
        )
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long this screen has been up."""
        return time.monotonic() - self._began

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Says what is done and, when it is done, how long it took."""
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._console.print(Text(f"  {name}: stopped", style="red"))
            raise
        self._console.print(f"  {name:<43} {time.monotonic() - began:6.2f} s", markup=False)

    def row(self, row: Row) -> None:
        """Shows an observation the moment it is made."""
        line = Text("    ")
        line.append_text(_word(row))
        line.append(f"  {row.promise.text}")
        self._console.print(line)

    def note(self, text: str) -> None:
        """Shows a line that is no observation."""
        self._console.print(f"    {text}", style="dim", markup=False, soft_wrap=True)

    def facts(self, title: str, facts: Mapping[str, str]) -> None:
        """Shows what stands somewhere, name by name."""
        self.note(title)
        for name, value in facts.items():
            self.note(f"  {name}: {value}")

    def finish(self, rows: Sequence[Row], picture: Path | None) -> None:
        """Shows the table of promises, and draws it where a picture is wanted."""
        self._last(self._console, rows)
        if picture is not None:
            paper = Console(record=True, width=_WIDTH, file=io.StringIO(), highlight=False)
            self._last(paper, rows)
            picture.parent.mkdir(parents=True, exist_ok=True)
            # Whoever looks at the picture asks nobody for a font.
            picture.write_text(_FONTS.sub("", paper.export_svg(title="scripts/demo")))

    def _last(self, console: Console, rows: Sequence[Row]) -> None:
        console.print()
        console.print(_table(rows))
        broken = sum(not row.kept for row in rows)
        verdict = Text(f"{len(rows) - broken} of {len(rows)} promises kept", style="bold")
        verdict.stylize("red" if broken else "green")
        verdict.append(f" in {self.seconds:.0f} s", style="dim")
        console.print(verdict)


# What an answer repeats in every row, and what is left of it in the table.
_ABRIDGED = (
    (re.compile(r"User: \S+ is not authorized"), "… not authorized"),
    (re.compile(r"arn:aws[\w-]*:\w+:[\w-]*:\d{12}:(?:repository|role|key)/"), "…/"),
    (re.compile(r"allows the \S+ action$"), "allows …"),
)


def abridged(answer: str) -> str:
    """An answer without what every row would repeat; where words are left out, a mark stands."""
    for pattern, rest in _ABRIDGED:
        answer = pattern.sub(rest, answer)
    return answer


def _word(row: Row) -> Text:
    """The verdict as a word, so that it can be read without colours."""
    return Text("kept  ", style="green") if row.kept else Text("BROKEN", style="bold red")


def _table(rows: Sequence[Row]) -> Table:
    table = Table(
        title="What was promised, and what was observed", title_justify="left", expand=True
    )
    table.add_column("promised", ratio=4)
    table.add_column("observed", ratio=7, overflow="fold")
    table.add_column("", no_wrap=True)
    chapter = ""
    for row in rows:
        if row.chapter != chapter:
            if chapter:
                table.add_section()
            chapter = row.chapter
            table.add_row(Text(chapter, style="bold"), "", "")
        table.add_row(row.promise.text, Text(abridged(row.observed)), _word(row))
    return table
