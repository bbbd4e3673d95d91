"""Prints, as shell exports, what pip is configured to use, in the words of uv.

A mirror, a proxy or a certificate that a machine's owner gave pip must hold for uv too, which does
not read pip's configuration. What the environment says to uv already stays as it is.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping

# pip's option, then the variable by which uv takes the same.
VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "no-index": "UV_NO_INDEX",
}

# Later ones win, as they do for pip.
SECTIONS = ("global", "install", ":env:")


def parse(listing: str) -> dict[str, str]:
    """Reads the answer of `pip config list`: one `section.option='value'` a line."""
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listing.splitlines():
        name, separator, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if separator and section in found:
            found[section][option] = " ".join(str(ast.literal_eval(value)).split())
    return {option: value for section in SECTIONS for option, value in found[section].items()}


def for_uv(options: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Says in uv's variables what pip's options say, but for those that are set already."""
    wanted = {
        VARIABLES[option]: value
        for option, value in options.items()
        if option in VARIABLES and value
    }
    if "UV_INDEX" in wanted:
        # pip takes the best version of all indexes, uv that of the first index that has any; the
        # lock's hashes make sure that it is the right file either way.
        wanted["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if wanted.get("UV_NO_INDEX", "").lower() in {"0", "false", "no", "off"}:
        del wanted["UV_NO_INDEX"]
    return {name: value for name, value in wanted.items() if not environment.get(name)}


def main() -> None:
    """Prints the exports; nothing when pip has no configuration or is too old to tell."""
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    for name, value in for_uv(parse(answer.stdout), os.environ).items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")


if __name__ == "__main__":
    main()
