"""The built distributions, and environments that hold them and nothing of this checkout."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The versions that are in the cache already, so that nothing is fetched for a test.
VERSIONS = ROOT / "requirements" / "development.lock"


@dataclass(frozen=True, kw_only=True)
class Distributions:
    """What a release uploads."""

    sdist: Path
    wheel: Path


def build(folder: Path) -> Distributions:
    """Build the sdist, and the wheel from the sdist, as a release does."""
    run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        folder,
    )
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return Distributions(sdist=sdist, wheel=wheel)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A virtual environment of somebody who installs the package."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        """An empty one."""
        uv = shutil.which("uv", path=_path())
        maker = [uv, "venv", "--quiet"] if uv else [sys.executable, "-m", "venv"]
        python = ["--python", sys.executable] if uv else []
        run([*maker, *python, str(folder / "venv")], folder)
        return cls(folder=folder / "venv")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def install(self, *requirements: str) -> None:
        """Install, from what the set-up left in the cache where uv does it."""
        uv = shutil.which("uv", path=_path())
        if uv is None:
            pip = [str(self.python), "-m", "pip", "install", "--quiet", "--no-warn-script-location"]
            run([*pip, "--constraint", str(_versions(self.folder)), *requirements], self.folder)
            return
        command = [
            *(uv, "pip", "install", "--quiet", "--python", str(self.python)),
            *("--constraint", str(VERSIONS), *requirements),
        ]
        if attempt([*command, "--offline"], self.folder).returncode:
            # The cache was cleaned: as in the set-up, pip's settings are told to uv.
            settings = f'eval "$({shlex.quote(sys.executable)} scripts/pip_settings.py)"'
            run(["bash", "-c", f"{settings} && {shlex.join(command)}"], ROOT)

    def packages(self) -> set[str]:
        """The names of what is installed."""
        program = (
            "from importlib.metadata import distributions\n"
            "print(*(one.metadata['Name'] for one in distributions()))"
        )
        return set(self.run([*self._isolated(), "-c", program]).stdout.split())

    def execute(
        self, program: str, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> str:
        """Run a program of a user; what it prints, warnings being errors."""
        command = [*self._isolated(), "-W", "error", "-c", program, *arguments]
        return self.run(command, variables=variables).stdout

    def run(
        self, command: Sequence[str], *, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder that is not the checkout."""
        return run(command, self.folder.parent, variables=variables)

    def _isolated(self) -> list[str]:
        # Neither the current folder nor PYTHONPATH: what is imported is what was installed.
        return [str(self.python), "-I"]


def attempt(
    command: Sequence[str], folder: Path, *, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command and look at how it went."""
    # Nothing of the test run may reach what is tested: its environment, plugins or path.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "PYTHON", "VIRTUAL_ENV", "COV_"))
    }
    return subprocess.run(
        command,
        cwd=folder,
        env=inherited | dict(variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def run(
    command: Sequence[str], folder: Path, *, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed."""
    done = attempt(command, folder, variables=variables)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"
    return done


def _path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _versions(folder: Path) -> Path:
    """The lock without its hashes, for pip would then ask one of the wheel under test."""
    versions = folder.parent / "versions.txt"
    lines = VERSIONS.read_text().splitlines()
    pins = [line.removesuffix("\\").strip() for line in lines if "==" in line]
    versions.write_text("\n".join(pins) + "\n")
    return versions
