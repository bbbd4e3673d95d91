"""The colours: two sets, for light and dark, that people who see few colours tell apart.

They follow the set of Okabe and Ito, darker or lighter where text and marks need the contrast.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["DARK", "LIGHT", "PALETTE_STYLE"]

LIGHT: Final[Mapping[str, str]] = {
    "page": "#ffffff",
    "text": "#1c1f23",
    "dim": "#5c636b",
    "line": "#d5d9de",
    "box": "#f6f7f9",
    "blue": "#0072b2",
    "orange": "#9a5b00",
    "red": "#b83200",
    "danger": "#b3261e",
    "warning": "#8a5a00",
    "note": "#33658a",
}
DARK: Final[Mapping[str, str]] = {
    "page": "#16181b",
    "text": "#e6e8ea",
    "dim": "#9aa2ab",
    "line": "#3a3f45",
    "box": "#1f2226",
    "blue": "#56b4e9",
    "orange": "#f0b030",
    "red": "#ff8f66",
    "danger": "#ff8a80",
    "warning": "#f0b95a",
    "note": "#8ec5ee",
}


def _declared(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


# "light-dark" and the like are not everywhere: two sets of colours do.
PALETTE_STYLE: Final = (
    f":root {{ color-scheme: light dark; {_declared(LIGHT)} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ {_declared(DARK)} }} }}\n"
)
