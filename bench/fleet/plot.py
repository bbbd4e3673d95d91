"""The figures as a drawing: seconds over repositories, both axes by powers of ten.

Seconds of the processors: those on the clock depend on who else uses the machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bench.fleet.programs import EMPTY, FAST, FULL_TREE, PROGRAMS
from bench.fleet.rounds import Run

__all__ = ["drawing"]

WIDTH, HEIGHT = 900, 560
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 56, 64
COLOURS = {
    "Python L2": "#9a3412",
    "Python L1": "#ea580c",
    "TypeScript L2": "#1d4ed8",
    "TypeScript L1": "#60a5fa",
    FULL_TREE: "#0f766e",
    FAST: "#0d9488",
    EMPTY: "#64748b",
    "troposphere": "#a16207",
    "json.dumps": "#94a3b8",
}
SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300)
BETWEEN_LABELS = 17
_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    f'width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, sans-serif" font-size="13">'
)
_TITLE = (
    f'<text x="{LEFT}" y="30" font-size="16" font-weight="600" fill="#0f172a">'
    "Seconds of CPU to write the same templates: whole process, validation off</text>"
)


@dataclass(frozen=True, kw_only=True)
class _Axes:
    sizes: list[int]
    lowest: float
    highest: float

    def x(self, size: float) -> float:
        first, last = math.log10(self.sizes[0]), math.log10(self.sizes[-1])
        return LEFT + (math.log10(size) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        low, high = math.log10(self.lowest), math.log10(self.highest)
        share = (math.log10(seconds) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def drawing(run: Run) -> str:
    """An SVG that stands on any background."""
    every = [run.cpu_seconds(*key) or 0.0 for key in run.figures]
    axes = _Axes(sizes=run.sizes, lowest=min(every) * 0.8, highest=max(every) * 1.25)
    lines = [
        _HEAD,
        "<title>Seconds of CPU to write the templates of N repositories</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#ffffff"/>',
        _TITLE,
        *_grid(axes),
        *_curves(run, axes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _grid(axes: _Axes) -> Iterator[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for seconds in SECONDS:
        if axes.lowest <= seconds <= axes.highest:
            y = axes.y(seconds)
            yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#e2e8f0"/>'
            yield (
                f'<text x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end" fill="#475569">'
                f"{seconds:g} s</text>"
            )
    for size in axes.sizes:
        x = axes.x(size)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#f1f5f9"/>'
        yield (
            f'<text x="{x:.1f}" y="{bottom + 22}" text-anchor="middle" fill="#475569">'
            f"{size:,}</text>"
        )
    yield (
        f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 16}" text-anchor="middle" '
        'fill="#475569">repositories</text>'
    )


def _curves(run: Run, axes: _Axes) -> Iterator[str]:
    ends: list[tuple[float, str, float]] = []
    for program in PROGRAMS:
        points = [
            (size, seconds)
            for size in axes.sizes
            if (seconds := run.cpu_seconds(program.name, size)) is not None
        ]
        if not points:
            continue
        ours = program.name in (FAST, FULL_TREE)
        width = "3.5" if program.name == FAST else "2.5" if ours else "1.8"
        dash = ' stroke-dasharray="5 4"' if program.name == EMPTY else ""
        colour = COLOURS[program.name]
        path = "L".join(f"{axes.x(size):.1f} {axes.y(seconds):.1f}" for size, seconds in points)
        yield (
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
            f'stroke-linejoin="round"{dash}/>'
        )
        for size, seconds in points:
            yield (
                f'<circle cx="{axes.x(size):.1f}" cy="{axes.y(seconds):.1f}" r="3" '
                f'fill="{colour}"/>'
            )
        ends.append((axes.y(points[-1][1]), program.name, points[-1][1]))
    yield from _labels(ends)


def _labels(ends: list[tuple[float, str, float]]) -> Iterator[str]:
    """At the end of each curve, pushed apart where curves end close to each other."""
    last = -math.inf
    for y, name, seconds in sorted(ends):
        last = max(y, last + BETWEEN_LABELS)
        weight = ' font-weight="700"' if name in (FAST, FULL_TREE) else ""
        yield (
            f'<text x="{WIDTH - RIGHT + 12}" y="{last + 4:.1f}" fill="{COLOURS[name]}"{weight}>'
            f"{name}: {seconds:.1f} s</text>"
        )
