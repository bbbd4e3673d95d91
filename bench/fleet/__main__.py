"""``python -m bench.fleet [--sizes 1,30] [--rounds 3] [--large-rounds 1] [--svg FILE]``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.fleet.plot import drawing
from bench.fleet.programs import INSTALLED
from bench.fleet.rounds import compare, run
from bench.fleet.table import goals, times

COMPARED = 300
LARGE = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description=__doc__)
    parser.add_argument("--sizes", default="1,30,500,2000,5000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--large-rounds", type=int, help=f"from {LARGE:,} repositories on; default: as others"
    )
    parser.add_argument("--validation", action="store_true", help="CDK's own validation on")
    parser.add_argument("--svg", type=Path, help="where to draw the figures")
    asked = parser.parse_args()
    if not (INSTALLED / "l2.js").exists():
        parser.error("bench/fleet/setup/install.sh installs the peers first")
    sizes = [int(size) for size in asked.sizes.split(",")]
    with tempfile.TemporaryDirectory() as place:
        compare(Path(place), COMPARED)
        print(f"the same templates of {COMPARED} repositories from all programs\n", flush=True)
        large = asked.rounds if asked.large_rounds is None else asked.large_rounds
        rounds = {size: large if size >= LARGE else asked.rounds for size in sizes}
        found = run(Path(place), rounds, validation=asked.validation)
    print("", *times(found), "", *goals(found), sep="\n")
    if asked.svg is not None:
        asked.svg.write_text(drawing(found), encoding="utf-8")


if __name__ == "__main__":
    main()
