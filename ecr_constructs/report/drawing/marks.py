"""The marks of a picture: each has a shape of its own, so that no colour is needed to read it."""

from __future__ import annotations

from typing import Final

__all__ = ["MARKS", "MARK_STYLE", "mark"]

# On a square of 16 by 16.
MARKS: Final = {
    "allowed": (
        '<circle cx="8" cy="8" r="7" class="blue"/>'
        '<path d="M4.6 8.3l2.4 2.4 4.4-5" class="carved"/>'
    ),
    "conditional": (
        '<path d="M8 1.2L14.8 8 8 14.8 1.2 8z" class="orange hollow"/>'
        '<path d="M8 4.6v4.2M8 10.4v1.2" class="orange hollow"/>'
    ),
    "denied": (
        '<rect x="1.5" y="1.5" width="13" height="13" rx="2" class="red"/>'
        '<path d="M5 5l6 6M11 5l-6 6" class="carved"/>'
    ),
    "none": '<circle cx="8" cy="8" r="1.6" class="faint"/>',
    "kept": '<circle cx="8" cy="8" r="6" class="blue"/>',
    "archived": '<path d="M2 3.5h12L8 14z" class="orange"/>',
    "expires": '<path d="M3 3l10 10M13 3L3 13" class="red stroked"/>',
    "tied": (
        '<circle cx="8" cy="8" r="6" class="blue hollow"/>'
        '<path d="M6 6.4a2 2 0 1 1 2.7 1.9q-.7.3-.7 1.2M8 11v1" class="blue hollow"/>'
    ),
    "everybody": (
        '<circle cx="8" cy="8" r="6.5" class="drawn"/>'
        '<path d="M1.5 8h13M8 1.5q-5.5 6.5 0 13M8 1.5q5.5 6.5 0 13" class="drawn"/>'
    ),
    "organization": (
        '<path d="M5.5 1.5h5v4h-5zM1.5 10.5h4v4h-4zM10.5 10.5h4v4h-4z'
        'M8 5.5v2.5M3.5 10.5v-2.5h9v2.5" class="drawn"/>'
    ),
    "account": (
        '<path d="M2.5 14.5v-9L8 1.5l5.5 4v9z" class="drawn"/>'
        '<path d="M6.5 14.5v-4h3v4M5.5 7.5h1.5M9 7.5h1.5" class="drawn"/>'
    ),
    "federated": (
        '<circle cx="5" cy="8" r="3.5" class="drawn"/><path d="M8.5 8h6v3M12 8v2" class="drawn"/>'
    ),
    "service": (
        '<path d="M8 1.5l5.6 3.25v6.5L8 14.5l-5.6-3.25v-6.5z" class="drawn"/>'
        '<circle cx="8" cy="8" r="2.2" class="drawn"/>'
    ),
    "wildcard": '<path d="M8 2v12M2.8 5l10.4 6M13.2 5L2.8 11" class="drawn"/>',
    "own": (
        '<circle cx="8" cy="5" r="3" class="drawn"/>'
        '<path d="M2.5 14.5q0-5 5.5-5t5.5 5" class="drawn"/>'
    ),
}
MARK_STYLE: Final = """\
.blue { fill: var(--blue); } .orange { fill: var(--orange); } .red { fill: var(--red); }
.faint { fill: var(--dim); opacity: .6; }
.carved { fill: none; stroke: var(--page); stroke-width: 2; }
.drawn { fill: none; stroke: var(--text); stroke-width: 1.3; }
.hollow, .stroked { fill: none; stroke-width: 2; }
.blue.hollow { stroke: var(--blue); } .orange.hollow { stroke: var(--orange); }
.red.stroked { stroke: var(--red); stroke-width: 3; }
"""


def mark(name: str, x: float, y: float, *, size: float = 16) -> str:
    """A mark of a picture around a point."""
    left, top = x - size / 2, y - size / 2
    return f'<use href="#{name}" x="{left:g}" y="{top:g}" width="{size:g}" height="{size:g}"/>'
