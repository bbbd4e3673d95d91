"""The examples are synthesized once for all tests here, by several processes at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import synthesis

FLOOR = synthesis.ROOT / ".tools" / "floor" / "bin" / "python"


class Another:
    """A process that synthesizes the examples, in a working directory of its own."""

    def __init__(self, python: Path, place: Path) -> None:
        self._place = place
        self.said: str | None = None
        """What it printed, when it has finished."""
        elsewhere = place / "elsewhere"
        elsewhere.mkdir(parents=True)
        self._process = subprocess.Popen(
            [str(python), "-m", "tests.examples.synthesis", str(place)],
            cwd=elsewhere,
            env={
                **os.environ,
                "PYTHONPATH": str(synthesis.ROOT),
                "PYTHONHASHSEED": "1",
                # Versions before the newest know fewer versions of Node.
                "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finished(self) -> Path:
        if self.said is None:
            self.said, _ = self._process.communicate(timeout=400)
        assert self._process.returncode == 0, self.said
        return self._place

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        if self.said is None:
            self._process.communicate()


@pytest.fixture(scope="session")
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Another]:
    process = Another(Path(sys.executable), tmp_path_factory.mktemp("another"))
    yield process
    process.end()


@pytest.fixture(scope="session")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Another]:
    if not FLOOR.exists():
        pytest.skip(f"scripts/test makes {FLOOR}, the oldest CDK supported")
    process = Another(FLOOR, tmp_path_factory.mktemp("floor"))
    yield process
    process.end()


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory, another: Another) -> Path:
    """This process makes them too, while the other one does."""
    place = tmp_path_factory.mktemp("here")
    synthesis.write_goldens(place / "assemblies", place / "golden")
    return place
