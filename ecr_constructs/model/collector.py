"""Python's cycle collector, out of the way of what makes many objects and no cycles."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

__all__ = ["collector_at_rest", "rest_at_exit"]


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


@cache
def rest_at_exit() -> None:
    """Let the process end without looking for cycles in what is alive then.

    As it ends, Python looks several times through all that ``aws_cdk`` and a large fleet have
    made, which takes longer than to write the templates. Memory is freed as ever, with the process.
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    atexit.register(gc.freeze)
