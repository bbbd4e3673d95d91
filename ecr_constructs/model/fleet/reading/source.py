"""Manifests from files and texts."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..faults import ManifestError
from .document import Document, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read_file"]

# A hundred thousand repositories, which is ECR's quota of an account, take 20 MB at most.
_MEGABYTES: Final = 50
_LONGEST: Final = _MEGABYTES * 1_000_000


def read_file(place: str | os.PathLike[str]) -> Document:
    """The document of a file, in the form that its name says.

    :param place: a path that ends in ``.json``, ``.yaml``, ``.yml`` or ``.toml``.
    """
    path = Path(place)
    parse = _parser(path.suffix.lower())
    if parse is None:
        raise unreadable(
            str(path), "says no form by its name", allowed="a file *.json, *.yaml, *.yml or *.toml",
            fix="name it so, or read its text by Fleet.from_json and the like",
        )  # fmt: skip
    return parse(_text(path), str(path))


def _parser(suffix: str) -> Callable[[str, str], Document] | None:
    # Imported when it is known which one is needed.
    match suffix:
        case ".json":
            from .json_form import parse_json  # noqa: PLC0415

            return parse_json
        case ".yaml" | ".yml":
            from .yaml_form import parse_yaml  # noqa: PLC0415

            return parse_yaml
        case ".toml":
            from .toml_form import parse_toml  # noqa: PLC0415

            return parse_toml
    return None


def _text(path: Path) -> str:
    name = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise unreadable(name, "is no file", fix="give the path of a file")
        if status.st_size > _LONGEST:
            raise _too_large(name)
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
    except OSError as error:
        raise unreadable(
            name, f"cannot be read ({error.strerror})", fix="check the path"
        ) from error
    except ManifestError:
        raise
    except ValueError as error:  # a path with a null character
        raise unreadable(repr(name), "is no path", fix="check the path") from error
    if len(content) > _LONGEST:
        raise _too_large(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable(
            name, f"is no UTF-8 text (byte {error.start})", fix="save it as UTF-8"
        ) from error


def _too_large(name: str) -> ManifestError:
    return unreadable(
        name, f"is larger than {_MEGABYTES} MB", fix="split the fleet into several manifests"
    )
