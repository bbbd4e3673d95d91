"""What is wrong in a manifest, and where: all of it in one error.

A place is a path from the top of the manifest (``repositories[3].tags.team``) and, where the
manifest was read from a file or text, a line and a column of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, Union

from ..errors import InvalidInputError
from ..findings import Finding, Severity

__all__ = ["Fault", "ManifestError", "Path", "Place", "nothing_wrong", "path_text"]

Path: TypeAlias = tuple[Union[str, int], ...]
"""Keys and indices from the top down."""

_PLAIN: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")
# More lines than anybody reads at once; ``problems`` has all of them.
_MOST_LINES: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something stands in a text."""

    source: str
    """The file, or what the text is called."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""

    def __str__(self) -> str:
        """``fleet.json:12:7``, which terminals and editors make a link of."""
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong, and where."""

    path: Path
    """Where it is, from the top of the manifest; of a missing key the object that lacks it."""
    finding: Finding
    """What is wrong; its ``property`` is the path in words."""
    at_key: bool = False
    """Whether the key is wrong, not its value."""
    place: Place | None = None
    """Line and column; None for a manifest made in Python."""

    @classmethod
    def of(cls, path: Path, finding: Finding, *, at_key: bool = False) -> Fault:
        """A finding at its place.

        :param path: where it is.
        :param finding: what is wrong; its ``property`` is replaced by the path in words.
        :param at_key: whether the key is wrong, not its value. Default: the value.
        """
        return cls(path=path, finding=replace(finding, property=path_text(path)), at_key=at_key)

    def below(self, path: Path) -> Fault:
        """The same fault, seen from further up.

        :param path: where the value that has the fault stands.
        """
        whole = (*path, *self.path)
        return replace(self, path=whole, finding=replace(self.finding, property=path_text(whole)))

    def __str__(self) -> str:
        """Place, what is wrong, the value, what is allowed and the fix in one line."""
        sentence = self.finding.sentence()
        return f"{self.place}: {sentence}" if self.place else sentence


class ManifestError(InvalidInputError):
    """A manifest that cannot be used: everything that is wrong with it, in the order written.

    ``problems`` holds a :class:`Fault` for each, with its line and column; ``str()`` has a line
    for each of the first hundred.
    """

    problems: tuple[Fault, ...]
    """Everything that is wrong, with its line and column, in the order written."""

    def __init__(self, problems: Iterable[Fault]) -> None:
        self.problems = tuple(problems)
        super().__init__([problem.finding for problem in self.problems])
        self.message = _message(self.problems)
        self.args = (self.message,)


def nothing_wrong(faults: Iterable[Fault]) -> None:
    """Raise one error that carries every danger among the faults, or return."""
    found = [fault for fault in faults if fault.finding.severity is Severity.DANGER]
    if found:
        raise ManifestError(found)


def path_text(path: Path) -> str:
    """A path in words: ``repositories[3].tags.team``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{part!r}]"
    return text or "manifest"


def _message(problems: tuple[Fault, ...]) -> str:
    lines = [str(problem) for problem in problems[:_MOST_LINES]]
    if len(problems) > _MOST_LINES:
        lines.append(f"and {len(problems) - _MOST_LINES} more")
    if len(lines) == 1:
        return lines[0]
    return "\n".join([f"{len(problems)} errors in the manifest", *lines])
