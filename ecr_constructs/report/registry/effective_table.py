"""What holds for a repository name, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..terminal import Style, wrapped
from .effective import EffectiveReport
from .words import PARTS, in_words

__all__ = ["render_effective"]

_WIDTH: Final = max(len(part) for part in PARTS) + 2


def render_effective(report: EffectiveReport, style: Style) -> str:
    """The answer in 100 columns, and what is left open."""
    answer = report.answer
    lines = [style.bold(f"{answer.repository} in {report.account}/{report.region}"), ""]
    for part, text in in_words(answer).items():
        lines += wrapped(text, indent=f"  {part:<{_WIDTH}}", hanging=" " * (_WIDTH + 2))
        if part == "scan":
            lines += (style.dim(line) for line in _below(answer.scan.because))
    if answer.notes:
        lines += ["", style.bold("Notes")]
        for case in answer.notes:
            lines += (style.warning(line) for line in wrapped(case, indent="  ", hanging="    "))
    return "\n".join(lines) + "\n"


def _below(text: str) -> Iterator[str]:
    yield from wrapped(text, indent=" " * (_WIDTH + 2))
