"""Python's cycle collector, out of the way of what makes many objects and no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_at_rest"]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Do without the collector: it looks through a hundred thousand values again and again.

    What is made is as large as the input, which has a bound; what has no cycle is freed as ever.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
