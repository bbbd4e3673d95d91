"""`python -m embedded_aws --directory DIR`: serve the embedded AWS until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from .hooks import HookBroken
from .runtime import run
from .settings import TOKEN_SECONDS, Settings


def settings_from(arguments: list[str] | None = None) -> Settings:
    parser = argparse.ArgumentParser(prog="embedded_aws", description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="the run's own folder")
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument(
        "--token-seconds",
        type=float,
        default=TOKEN_SECONDS,
        help="how long an ECR authorization token holds",
    )
    parser.add_argument(
        "--without-registry-gate",
        action="store_true",
        help="for tests that must notice it: /v2/ asks neither for a token nor IAM",
    )
    parser.add_argument("--stop-on-eof", action="store_true", help="stop when standard input ends")
    given = parser.parse_args(arguments)
    return Settings(
        directory=given.directory.resolve(),
        port=given.port,
        registry_gate=not given.without_registry_gate,
        token_seconds=given.token_seconds,
        stop_on_eof=given.stop_on_eof,
    )


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        run(settings_from())
    except HookBroken as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
