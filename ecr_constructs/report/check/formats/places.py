"""Where in the source a resource was made: the line, else the app, else the template.

CDK keeps the calls that made a construct in the assembly, if it is asked to (``cdk synth --debug``)
and, of a program in Python, with ``JSII_HOST_STACK_TRACES=1`` besides. A call counts where it is in
a file of the user's own: below the working directory or that of ``cdk.json``, and no package.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

from ...template.stack import Resource

__all__ = ["Place", "Places"]

# "name (file:line:column)" or "file:line".
_FRAME: Final = re.compile(r"(?:^|\()(?P<file>[^()]+?):(?P<line>[0-9]{1,9})(?::[0-9]+)?\)?$")
# A key that begins a line, in YAML or in JSON.
_KEY: Final = re.compile(r"""(?P<space>[ \t]*)["']?(?P<name>[A-Za-z0-9]+)["']?[ \t]*:""")
_PACKAGES: Final = frozenset({"node_modules", "site-packages", "dist-packages"})
_PROGRAMS: Final = (".py", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".go", ".java", ".cs")
_OURS: Final = Path(__file__).parents[3]
_MEGABYTES: Final = 10_000_000


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    uri: str
    line: int = 1


class Places:
    """The places of the resources of one input."""

    def __init__(self, given: str, working: Path | None = None) -> None:
        """Begin with the path that is checked, and the working directory."""
        self._working = working or Path.cwd()
        self._homes = tuple(dict.fromkeys(_homes(Path(given), self._working)))
        self._app = self._app_file()
        self._lines: dict[str, dict[str, int]] = {}
        self._frames: dict[str, Place | None] = {}

    def of(self, resource: Resource) -> Place:
        """The nearest place that is known of a resource."""
        # What has no construct path was written by hand.
        app = self._app if resource.construct_path is not None else None
        return self._line_of(resource) or app or self._in_template(resource)

    def _line_of(self, resource: Resource) -> Place | None:
        traces = resource.stack.source.traces
        path = resource.construct_path or ""
        while path:
            for frame in traces.get(path, ()):
                if frame not in self._frames:
                    self._frames[frame] = self._own(frame)
                place = self._frames[frame]
                if place is not None:
                    return place
            path = path.rpartition("/")[0]
        return None

    def _own(self, frame: str) -> Place | None:
        match = _FRAME.search(frame.strip().removeprefix("at "))
        if match is None:
            return None
        file = PurePath(match["file"].removeprefix("file://"))
        for home in self._homes:
            inside = Path(os.path.normpath(home / file))
            if not inside.is_relative_to(home):
                continue
            parts = inside.relative_to(home).parts
            foreign = any(part in _PACKAGES or part.startswith(".") for part in parts)
            foreign = foreign or inside.is_relative_to(_OURS)
            if not foreign and inside.suffix in _PROGRAMS and inside.is_file():
                return Place(self._uri(inside), int(match["line"]))
        return None

    def _app_file(self) -> Place | None:
        """The file that cdk.json runs: ``app.py`` of ``python3 app.py``."""
        for home in self._homes:
            for word in _words_of_app(home / "cdk.json"):
                file = Path(os.path.normpath(home / word))
                if word.endswith(_PROGRAMS) and file.is_relative_to(home) and file.is_file():
                    return Place(self._uri(file))
        return None

    def _in_template(self, resource: Resource) -> Place:
        source = resource.stack.source
        if source.place is None:
            return Place(quote(source.file))
        if source.place not in self._lines:
            self._lines[source.place] = _lines_of_resources(_text(Path(source.place)))
        line = self._lines[source.place].get(resource.logical_id, 1)
        return Place(self._uri(self._working / source.place), line)

    def _uri(self, path: Path) -> str:
        """The path from the working directory, which is a repository's, in CI."""
        absolute = Path(os.path.normpath(path))
        if absolute.is_relative_to(self._working):
            return quote(absolute.relative_to(self._working).as_posix())
        return absolute.as_uri()


def _homes(given: Path, working: Path) -> Iterator[Path]:
    """Where cdk.json may be: beside the input, above it, or where the command runs."""
    around = Path(os.path.normpath(working / given))
    for home in (around.parent, around.parent.parent):
        if (home / "cdk.json").is_file():
            yield home
    yield working


def _words_of_app(file: Path) -> list[str]:
    try:
        configuration = json.loads(_text(file) or "{}")
    except (ValueError, RecursionError):
        return []
    command = configuration.get("app") if isinstance(configuration, dict) else None
    try:
        return shlex.split(command) if isinstance(command, str) else []
    except ValueError:  # a quotation without end
        return []


def _lines_of_resources(text: str) -> dict[str, int]:
    """The line of each resource, else of the first key of its name."""
    anywhere: dict[str, int] = {}
    declared: dict[str, int] = {}
    outer = inner = None
    for number, line in enumerate(text.split("\n"), 1):
        match = _KEY.match(line)
        if match is None:
            continue
        depth, name = len(match["space"]), match["name"]
        anywhere.setdefault(name, number)
        if outer is None:
            outer = depth if name == "Resources" else None
        elif depth <= outer:
            # What comes after the resources: the outputs, say.
            outer = inner = -1
        elif inner is None or depth == inner:
            inner = depth
            declared.setdefault(name, number)
    return {**anywhere, **declared}


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MEGABYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
