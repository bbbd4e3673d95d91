"""One build of the site, the same whenever and wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .staging import stage

__all__ = ["build"]


def build(work: Path, site: Path, *, processes: str = "auto") -> list[str]:
    """Make the site of what is in the repository; say what Sphinx says against it.

    `work` keeps what Sphinx has read, so that the next build reads what has changed.
    """
    source = work / "source"
    stage(source)
    done = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "sphinx", "--builder", "html", "--fail-on-warning"),
            *("--quiet", "--jobs", processes, "--conf-dir", str(Path(__file__).parent)),
            *("--doctree-dir", str(work / "read"), str(source), str(site)),
        ],
        env={**os.environ, "SOURCE_DATE_EPOCH": "0", "NO_COLOR": "1", "LANGUAGE": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = [line for line in done.stdout.splitlines() if line.strip()]
    return said or ([f"Sphinx ended with {done.returncode}"] if done.returncode else [])
