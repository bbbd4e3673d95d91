"""Builds the site: `python -m docs_site` into build/site, `--serve` shows it on this machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .building import build
from .checking import pages_of, problems_of
from .reference.reading import ROOT


def main() -> int:
    """Build, say where, and serve it if asked to."""
    parser = argparse.ArgumentParser(prog="scripts/docs", description="Builds the site.")
    parser.add_argument(
        "--serve", action="store_true", help="show it at a loopback address until Ctrl-C"
    )
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    options = parser.parse_args()
    site = ROOT / "build" / "site"
    problems = build(ROOT / "build" / "site-work", site) or problems_of(site, pages_of(site))
    if problems:
        sys.stderr.write("".join(f"{line}\n" for line in problems))
        return 1
    pages = len(list(site.rglob("*.html")))
    sys.stdout.write(f"{pages} pages: {Path(site, 'index.html').as_uri()}\n")
    if options.serve:
        from .serving import serve  # noqa: PLC0415

        serve(site, options.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
