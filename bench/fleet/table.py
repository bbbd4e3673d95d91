"""The figures as tables of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bench.fleet.programs import FAST, FULL_TREE, PROGRAMS, PYTHON_L2
from bench.fleet.rounds import Run

__all__ = ["goals", "times"]

Lookup = Callable[[str, int], "float | None"]


def times(run: Run) -> Iterator[str]:
    """Seconds of each program at each size, on the clock and of the processors, and the memory."""
    yield from _table(run, "seconds on the clock", run.seconds, "{:.2f}")
    yield ""
    yield from _table(run, "seconds of CPU", run.cpu_seconds, "{:.2f}")
    yield ""
    yield from _table(run, "MiB", run.mebibytes, "{:.0f}")


def _table(run: Run, title: str, lookup: Lookup, form: str) -> Iterator[str]:
    yield _row([title, *(f"{size:,}" for size in run.sizes)])
    yield _row(["---"] + ["---:"] * len(run.sizes))
    for program in PROGRAMS:
        values = [lookup(program.name, size) for size in run.sizes]
        name = f"**{program.name}**" if program.name in (FAST, FULL_TREE) else program.name
        yield _row([name, *("" if value is None else form.format(value) for value in values)])


def goals(run: Run) -> Iterator[str]:
    """What was aimed at, and what came of it."""
    yield _row(["ours", "beside", "repositories", "goal", "clock", "CPU"])
    yield _row(["---", "---", "---:", "---:", "---:", "---:"])
    for program, base, size, goal in (
        (FAST, PYTHON_L2, 30, 0.80),
        (FAST, PYTHON_L2, 2_000, 0.10),
        (FAST, PYTHON_L2, 5_000, 0.06),
        (FAST, "TypeScript L2", 5_000, 0.28),
        (FAST, "TypeScript L1", 5_000, 0.75),
        (FULL_TREE, PYTHON_L2, 5_000, 0.22),
    ):
        clock = run.ratio(program, base, size)
        cpu = run.ratio(program, base, size, cpu=True)
        if clock is not None and cpu is not None:
            cells = [f"{clock:.3f} x", f"{cpu:.3f} x"]
            yield _row([program, base, f"{size:,}", f"{goal:.2f} x", *cells])
    grown = [
        _growth(lookup, 2_000, 5_000) for lookup in (run.seconds, run.cpu_seconds, run.mebibytes)
    ]
    if None not in grown:
        clock, cpu, memory = (each or 0.0 for each in grown)
        yield _row([FAST, "a repository more", "2,000 to 5,000", "0.20 ms", *_ms((clock, cpu))])
        kib = f"{memory * 1024:.1f} KiB"
        yield _row([FAST, "a repository more", "2,000 to 5,000", "8 KiB", kib, ""])


def _growth(lookup: Lookup, small: int, large: int) -> float | None:
    before, after = lookup(FAST, small), lookup(FAST, large)
    return None if before is None or after is None else (after - before) / (large - small)


def _ms(values: Iterable[float]) -> list[str]:
    return [f"{value * 1000:.2f} ms" for value in values]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
