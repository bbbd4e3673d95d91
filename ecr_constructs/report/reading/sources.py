"""A path, whatever it is, to the templates behind it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .assembly import Assembly
from .documents import read_document, template_in
from .faults import unusable
from .source import Source, Sources
from .text import STANDARD_INPUT

__all__ = ["read_sources", "source_of_template"]


def read_sources(
    place: str | os.PathLike[str], *, account: str | None = None, region: str | None = None
) -> Sources:
    """Every stack behind a template file, an assembly directory, or ``-`` for standard input.

    ``account`` and ``region`` stand in for what the stacks leave open.
    """
    path = Path(place)
    if os.fspath(place) != STANDARD_INPUT and path.is_dir():
        assembly = Assembly(path)
        stacks = tuple(assembly.stacks())
        if not stacks:
            raise unusable(str(path), "is an assembly without stacks", "run cdk synth again")
        notes = tuple(assembly.notes)
    else:
        source, value = read_document(place)
        name = _stem(path) if source.path is not None else "template"
        file = path.name if source.path is not None else source.name
        read = source_of_template(template_in(source, value), stack=name, file=file)
        stacks = (replace(read, place=None if source.path is None else str(source.path)),)
        notes = ()
    return Sources(tuple(_placed(stack, account, region) for stack in stacks), notes)


def source_of_template(template: Mapping[str, Any], *, stack: str, file: str) -> Source:
    """The source of a template that is at hand."""
    return Source(template=template, stack=stack, file=file)


def _placed(source: Source, account: str | None, region: str | None) -> Source:
    return replace(
        source,
        account=source.account or account,
        region=source.region or region,
        nested={key: _placed(child, account, region) for key, child in source.nested.items()},
    )


def _stem(path: Path) -> str:
    name = path.name
    for ending in (".json", ".yaml", ".yml", ".template"):
        name = name.removesuffix(ending)
    return name or path.name
