"""All programs in turns, so that a busy machine is busy for each of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.fleet.manifest import write_manifest
from bench.fleet.measure import Figures, measured
from bench.fleet.programs import PROGRAMS, PYTHON_L2, Program
from bench.fleet.templates import same

__all__ = ["Run", "compare", "run"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """The figures of each program at each size, round by round."""

    validation: bool
    figures: Mapping[tuple[str, int], list[Figures]] = field(default_factory=dict)

    @property
    def sizes(self) -> list[int]:
        """The numbers of repositories, in order."""
        return sorted({size for _, size in self.figures})

    def seconds(self, program: str, size: int) -> float | None:
        """The median of the time on the clock."""
        found = self.figures.get((program, size))
        return median(each.seconds for each in found) if found else None

    def cpu_seconds(self, program: str, size: int) -> float | None:
        """The median of the time of the processors."""
        found = self.figures.get((program, size))
        return median(each.cpu_seconds for each in found) if found else None

    def mebibytes(self, program: str, size: int) -> float | None:
        """The median of the memory."""
        found = self.figures.get((program, size))
        return median(each.mebibytes for each in found) if found else None

    def ratio(self, program: str, base: str, size: int, *, cpu: bool = False) -> float | None:
        """The median of the ratios of each round."""
        ours, theirs = self.figures.get((program, size)), self.figures.get((base, size))
        if not ours or not theirs:
            return None
        name = "cpu_seconds" if cpu else "seconds"
        return median(
            getattr(one, name) / getattr(two, name) for one, two in zip(ours, theirs, strict=True)
        )


def compare(place: Path, count: int) -> None:
    """Every program must write what CDK's L2 classes write; else nothing is measured."""
    manifest = place / "manifest.json"
    write_manifest(count, manifest)
    outs = {}
    for program in PROGRAMS:
        if program.writes:
            outs[program.name] = place / f"out-{len(outs)}"
            command = program.command(count=count, manifest=manifest, out=outs[program.name])
            measured(command, program.environment(validation=False))
    for name, out in outs.items():
        difference = same(outs[PYTHON_L2], out)
        if difference is not None:
            raise SystemExit(f"{name} writes something else: {difference}")


def run(place: Path, rounds: Mapping[int, int], *, validation: bool) -> Run:
    """Measure every program at every size, so many times."""
    found: dict[tuple[str, int], list[Figures]] = {}
    for size, turns in rounds.items():
        manifest = place / f"manifest-{size}.json"
        write_manifest(size, manifest)
        for turn in range(turns):
            for program in _in_turn(turn):
                out = place / "out"
                shutil.rmtree(out, ignore_errors=True)
                command = program.command(count=size, manifest=manifest, out=out)
                figures = measured(command, program.environment(validation=validation))
                found.setdefault((program.name, size), []).append(figures)
                print(f"{size:>6}  {program.name:<16} {figures.seconds:8.2f} s", flush=True)
    return Run(validation=validation, figures=found)


def _in_turn(turn: int) -> Iterator[Program]:
    """Another one goes first in each round."""
    for number in range(len(PROGRAMS)):
        yield PROGRAMS[(number + turn) % len(PROGRAMS)]
