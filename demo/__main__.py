"""`python -m demo`: what `scripts/demo` runs once everything is set up."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from demo.driver import Plan, play
from demo.screen import Screen

ROOT = Path(__file__).resolve().parent.parent


def main(words: list[str] | None = None) -> int:
    """Runs the demo; 0 when every promise was observed as it was made."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Deploys app.py to an embedded AWS with the real cdk; shows what came of it.",
    )
    parser.add_argument(
        "--screen", type=Path, metavar="FILE.svg", help="also draw the last table as a picture"
    )
    options = parser.parse_args(words)
    forget_aws_settings()
    with tempfile.TemporaryDirectory(prefix="ecr-constructs-demo-") as directory:
        plan = Plan(app_directory=ROOT, directory=Path(directory))
        return play(plan, Screen(), picture=options.screen)


def forget_aws_settings() -> None:
    """Removes the user's AWS settings from this process: no profile or key of theirs is read."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


if __name__ == "__main__":
    sys.exit(main())
