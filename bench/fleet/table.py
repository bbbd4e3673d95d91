"""The figures as tables of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bench.fleet.programs import FAST, FULL_TREE, PROGRAMS, PYTHON_L2
from bench.fleet.rounds import Run

__all__ = ["goals", "times"]

Lookup = Callable[[str, int], "float | None"]


def times(run: Run) -> Iterator[str]:
    """CPU seconds of each program at each size, and the memory at the largest."""
    sizes = run.sizes
    largest = sizes[-1]
    yield _row(["seconds of CPU", *(f"{size:,}" for size in sizes), f"MiB at {largest:,}"])
    yield _row(["---"] + ["---:"] * (len(sizes) + 1))
    for program in PROGRAMS:
        cells = [_seconds(run.cpu_seconds(program.name, size)) for size in sizes]
        memory = run.mebibytes(program.name, largest)
        name = f"**{program.name}**" if program.name in (FAST, FULL_TREE) else program.name
        yield _row([name, *cells, "" if memory is None else f"{memory:.0f}"])


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


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
