"""How much of each of several lists has room, where all of them together have not."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["shares"]


def shares(amounts: Sequence[int], room: int) -> tuple[int, ...]:
    """A share for each amount: whole where it is small, and else as even as can be.

    Together they are at most ``room``, or the sum of the amounts where that is less.
    """
    given = [0] * len(amounts)
    left, open_ = room, sorted(range(len(amounts)), key=lambda place: amounts[place])
    while open_:
        place = open_.pop(0)
        given[place] = min(amounts[place], left // (len(open_) + 1))
        left -= given[place]
    return tuple(given)
