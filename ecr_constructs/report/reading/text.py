"""Bytes from a file or standard input, bounded, as text."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .faults import UnusableInputError, unusable

__all__ = ["STANDARD_INPUT", "SourceText", "read_text"]

STANDARD_INPUT: Final = "-"
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True)
class SourceText:
    """A text and the name that messages use for where it came from."""

    name: str
    text: str
    path: Path | None = None


def read_text(place: str | os.PathLike[str], *, megabytes: int = 20) -> SourceText:
    """The text of a file, or of standard input where ``place`` is ``-``.

    Nothing beyond ``megabytes`` is read, so that no file takes all memory.
    """
    if os.fspath(place) == STANDARD_INPUT:
        return _decoded("standard input", sys.stdin.buffer.read(megabytes * _MEGABYTE + 1), None,
                        megabytes)  # fmt: skip
    path = Path(place)
    name = str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise unusable(name, "is a directory", "give a file")
        if stat.S_ISREG(status.st_mode) and status.st_size > megabytes * _MEGABYTE:
            raise _too_large(name, megabytes)
        with path.open("rb") as file:
            content = file.read(megabytes * _MEGABYTE + 1)
    except UnusableInputError:
        raise
    except OSError as error:
        raise _unreadable(name, error) from error
    except ValueError as error:  # a path with a null character
        raise unusable(repr(name), "is no path", "give the path of a file") from error
    return _decoded(name, content, path, megabytes)


def _decoded(name: str, content: bytes, path: Path | None, megabytes: int) -> SourceText:
    if len(content) > megabytes * _MEGABYTE:
        raise _too_large(name, megabytes)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unusable(
            name, f"is no UTF-8 text (byte {error.start})", "save it as UTF-8"
        ) from error
    if not text.strip():
        raise unusable(name, "is empty", "give a file with content")
    return SourceText(name, text, path)


def _too_large(name: str, megabytes: int) -> UnusableInputError:
    return unusable(
        name, f"is larger than {megabytes} MB, which is the limit", "give the part that matters"
    )


def _unreadable(name: str, error: OSError) -> UnusableInputError:
    if isinstance(error, FileNotFoundError):
        return unusable(name, "does not exist", "check the path")
    if isinstance(error, PermissionError):
        return unusable(name, "cannot be read: permission denied", "let yourself read it")
    return unusable(name, f"cannot be read: {error.strerror or error}", "check the path")
