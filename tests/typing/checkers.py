"""The four type checkers that users have, each at its strictest, run as a user runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

Problem = tuple[str, int, str]
"""File, line and message."""
Command = Callable[[Path, Sequence[str]], list[str]]


@dataclass(frozen=True)
class Checker:
    """A type checker: how it is asked, and how it prints an error."""

    name: str
    command: Command
    error: re.Pattern[str]

    def problems(self, folder: Path, files: Sequence[str]) -> list[Problem]:
        """What it finds in these files of the folder, in the order of its output."""
        # The environment of a user who has not activated ours: no checker may follow it.
        environment = {
            name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"
        } | {"MYPYPATH": str(ROOT), "NO_COLOR": "1"}
        done = subprocess.run(
            self.command(folder, files),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        # 0 and 1 are "clean" and "errors found"; anything else is a checker that did not check.
        assert done.returncode in (0, 1), f"{self.name}: {done.stdout}{done.stderr}"
        found = [
            (Path(match["file"]).name, int(match["line"]), match["message"])
            for match in self.error.finditer(done.stdout)
        ]
        assert bool(found) is bool(done.returncode), f"{self.name}: {done.stdout}{done.stderr}"
        return [problem for problem in found if problem[0] in files]


def _program(name: str) -> str:
    found = (
        shutil.which(name, path=str(Path(sys.executable).parent))
        or shutil.which(name)
        or shutil.which(name, path=str(ROOT / "node_modules" / ".bin"))
    )
    assert found is not None, f"{name} is not installed: scripts/test installs it"
    return found


def _mypy(_: Path, files: Sequence[str]) -> list[str]:
    # The project's cache holds aws_cdk read for this version: without it a run takes minutes.
    return [
        *(sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10"),
        *("--config-file", os.devnull, "--cache-dir", str(ROOT / ".mypy_cache")),
        *("--no-error-summary", "--hide-error-context", *files),
    ]


def _pyright(folder: Path, files: Sequence[str]) -> list[str]:
    settings = {
        "include": list(files),
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
        "extraPaths": [str(ROOT)],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    return [_program("pyright"), "--project", str(folder), "--pythonpath", sys.executable]


def _ty(_: Path, files: Sequence[str]) -> list[str]:
    return [
        *(_program("ty"), "check", "--output-format", "concise", "--python-version", "3.10"),
        # A matter of taste: `if text:` where the text may be None or empty.
        *("--error", "all", "--ignore", "truthiness-test-of-none-union"),
        *("--python", sys.executable, "--extra-search-path", str(ROOT), *files),
    ]


def _pyrefly(folder: Path, files: Sequence[str]) -> list[str]:
    settings = folder / "pyrefly.toml"
    settings.write_text(
        f'preset = "strict"\npython-version = "3.10"\nsearch-path = [{json.dumps(str(ROOT))}]\n'
    )
    return [
        *(_program("pyrefly"), "check", "--config", str(settings), "--output-format", "min-text"),
        *("--summary=none", "--python-interpreter-path", sys.executable, *files),
    ]


CHECKERS = (
    Checker(
        "mypy",
        _mypy,
        re.compile(r"^(?P<file>\S+?):(?P<line>\d+): error: (?P<message>.*)$", re.MULTILINE),
    ),
    Checker(
        "pyright",
        _pyright,
        re.compile(r"^ *(?P<file>\S+?):(?P<line>\d+):\d+ - error: (?P<message>.*)$", re.MULTILINE),
    ),
    Checker(
        "ty",
        _ty,
        re.compile(
            r"^(?P<file>\S+?):(?P<line>\d+):\d+: (?:error|warning)(?P<message>.*)$", re.MULTILINE
        ),
    ),
    Checker(
        "pyrefly",
        _pyrefly,
        re.compile(r"^ERROR (?P<file>\S+?):(?P<line>\d+):\S+ (?P<message>.*)$", re.MULTILINE),
    ),
)
