"""One process measured: time on the clock, time of the processors, memory of Python and Node."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Figures", "measured"]

# Memory is read this often; the peak that the kernel keeps makes it exact up to a process's end.
EVERY = 0.01


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one process cost, the processes that it started included."""

    seconds: float
    cpu_seconds: float
    mebibytes: float


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Figures:
    """Run a command; it must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    peaks: dict[int, int] = {}
    while process.poll() is None:
        for pid in _family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
        time.sleep(EVERY)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = process.stderr.read() if process.stderr is not None else ""
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{said[-2000:]}")
    used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return Figures(seconds=seconds, cpu_seconds=used, mebibytes=sum(peaks.values()) / 1024)


def _family(pid: int) -> Iterator[int]:
    """A process and what it started; empty where there is no /proc."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _peak(pid: int) -> int:
    """The most memory that a process ever had, in KiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    line = next((each for each in status.splitlines() if each.startswith("VmHWM:")), "VmHWM: 0")
    return int(line.split()[1])
