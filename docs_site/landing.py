"""The first page: its words stand beside this file, its code and figures in the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from .reference.reading import ROOT

__all__ = ["landing_page"]

_SHOWN: Final = (
    "Python L2",
    "TypeScript L2",
    "TypeScript L1",
    "**ours, fast**",
    "empty CDK app",
)
_COUNTS: Final = ("30", "2,000", "5,000", "20,000")


def landing_page() -> str:
    """The page with what others have said already."""
    from .staging import toctrees  # noqa: PLC0415 - it writes this page

    text = (Path(__file__).parent / "landing.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    fleet = (ROOT / "docs" / "fleet.md").read_text(encoding="utf-8")
    code = _only(r"```python\n(.*?)```", readme)
    refusal = _only(r"```text\n(InvalidInputError.*?)```", readme)
    told = {
        "@@code@@": f"```python\n{code}```",
        "@@refusal@@": f"```text\n{refusal}```",
        "@@measured@@": _measured(fleet),
        "@@when@@": _only(r"^(Measured on .*?)\n\n", fleet).replace("\n", " "),
        "@@toctrees@@": toctrees(),
    }
    for mark, value in told.items():
        if mark not in text:
            raise ValueError(f"landing.md has no {mark}")
        text = text.replace(mark, value)
    return text


def _measured(page: str) -> str:
    """Some rows and columns of the table of seconds on the clock."""
    table = _only(r"^(\| seconds on the clock \|.*?)\n\n", page)
    head, _, *rows = (
        [cell.strip() for cell in line.split("|")[1:-1]] for line in table.split("\n")
    )
    columns = [0, *(head.index(count) for count in _COUNTS)]
    found = {row[0]: row for row in rows}
    written = [
        [head[0], *(f"{count} repositories" for count in _COUNTS)],
        ["---", *("---:" for _ in _COUNTS)],
        *([found[name][column] for column in columns] for name in _SHOWN),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in written)


def _only(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"the landing page shows what is not there any more: {pattern}")
    return found[1]
