"""The server as a child process: started, waited for, stopped by its own process id."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .environment import kept

START_SECONDS = 60.0
LOG_LINES = 40


class EmbeddedAwsFailed(RuntimeError):
    """The server did not start, or stopped."""


@contextlib.contextmanager
def running_server(directory: Path, options: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Run a server whose files are in *directory*; yields what its ready file says."""
    directory.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", __package__, "--directory", str(directory)]
    log_path = directory / "server.log"
    (directory / "ready.json").unlink(missing_ok=True)
    with log_path.open("wb") as log:
        # The pipe is the server's lifeline: it closes with us, even when we are killed.
        process = subprocess.Popen(
            [*command, "--stop-on-eof", *options],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_server_environment(directory),
        )
    try:
        yield _wait_until_ready(process, directory, log_path)
    finally:
        _stop(process)


def _server_environment(directory: Path) -> dict[str, str]:
    home = directory / "home"
    home.mkdir(exist_ok=True)
    package_parent = str(Path(__file__).resolve().parent.parent)
    environment = kept()
    search_path = [package_parent, *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "HOME": str(home), "PYTHONPATH": os.pathsep.join(search_path)}


def _wait_until_ready(
    process: subprocess.Popen[bytes], directory: Path, log_path: Path
) -> dict[str, Any]:
    deadline = time.monotonic() + START_SECONDS
    ready = directory / "ready.json"
    while not ready.exists():
        if process.poll() is not None:
            raise EmbeddedAwsFailed(
                f"the embedded AWS ended with code {process.returncode}:\n{_tail(log_path)}"
            )
        if time.monotonic() > deadline:
            raise EmbeddedAwsFailed(
                f"the embedded AWS did not start in {START_SECONDS:.0f} s:\n{_tail(log_path)}"
            )
        time.sleep(0.02)
    facts: dict[str, Any] = json.loads(ready.read_text())
    return facts


def _tail(log_path: Path) -> str:
    return "\n".join(log_path.read_text(errors="replace").splitlines()[-LOG_LINES:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
