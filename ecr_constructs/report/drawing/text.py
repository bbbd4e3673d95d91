"""Text in a picture or a page: never markup, and never wider than its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

__all__ = ["counted", "fitted", "listed", "markup", "plain", "width_of"]

_NARROW: Final = frozenset("fijlrtI .,:;'|!()[]{}/\\-`\"*")
_BROAD: Final = frozenset("mwMW@%&—…")
_ELLIPSIS: Final = "…"
# In parts of the size of the font, for any sans-serif that a viewer may have.
_NARROW_WIDTH: Final = 0.4
_PLAIN_WIDTH: Final = 0.62
_CAPITAL_WIDTH: Final = 0.72
_BROAD_WIDTH: Final = 0.95
_WHOLE_WIDTH: Final = 1.1


def plain(text: str) -> str:
    """The text with a mark for each character that no file of XML or HTML may have, or shows.

    Characters that turn the direction of what follows are among them: a name changes nothing
    beside itself.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def markup(text: str) -> str:
    """The text for XML and HTML, in ASCII: it survives every terminal and every encoding."""
    escaped = escape(plain(text))
    return escaped if escaped.isascii() else escaped.encode("ascii", "xmlcharrefreplace").decode()


def width_of(text: str, size: float) -> float:
    """About how wide the text is, in the unit of ``size``, rather too much than too little."""
    return sum(map(_character_width, text)) * size


def _character_width(character: str) -> float:
    if character in _NARROW:
        return _NARROW_WIDTH
    if character in _BROAD:
        return _BROAD_WIDTH
    if character.isascii():
        return _CAPITAL_WIDTH if character.isupper() else _PLAIN_WIDTH
    if unicodedata.combining(character):
        return 0.0
    return _WHOLE_WIDTH


def fitted(text: str, width: float, size: float, *, to_end: bool = True) -> str:
    """The text, its middle left out where it is wider than ``width``; else its end."""
    shown = plain(text)
    if width_of(shown, size) <= width:
        return shown
    room = width - width_of(_ELLIPSIS, size)
    if not to_end:
        return _beginning(shown, room, size) + _ELLIPSIS
    head = _beginning(shown, room / 2, size)
    tail = _beginning(shown[::-1], room - width_of(head, size), size)[::-1]
    return f"{head}{_ELLIPSIS}{tail}"


def _beginning(text: str, width: float, size: float) -> str:
    used = 0.0
    for place, character in enumerate(text):
        used += _character_width(character) * size
        if used > width:
            return text[:place]
    return text


def listed(names: Sequence[str], width: float, size: float, *, of: int | None = None) -> str:
    """As many names as have room, and how many more there are.

    :param of: how many there are, where ``names`` are only the first of them.
    """
    amount = len(names) if of is None else of
    if amount == 1:
        return fitted(names[0], width, size)
    for shown in range(len(names), 1, -1):
        text = _with_rest(map(plain, names[:shown]), amount - shown)
        if width_of(text, size) <= width:
            return text
    rest = _with_rest((), amount - 1)
    return fitted(names[0], width - width_of(rest, size), size) + rest


def _with_rest(names: Iterable[str], rest: int) -> str:
    return ", ".join(names) + (f" and {rest:,} more" if rest else "")


def counted(amount: int, one: str, several: str) -> str:
    """The amount with its noun: ``1 image``, ``2,000 images``."""
    return f"{amount:,} {one if amount == 1 else several}"
