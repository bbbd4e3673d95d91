"""Templates in every form that people have them in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from .faults import unusable
from .json_text import parse_json
from .text import SourceText, read_text
from .yaml_text import parse_yaml

__all__ = ["parse_document", "read_document", "read_json_document", "template_in"]

# CloudFormation takes a million bytes; a template that was written out with spaces has more.
MOST_MEGABYTES: Final = 10
_DEEPEST: Final = 100
_MOST_VALUES: Final = 500_000
_YAML_ENDINGS: Final = (".yaml", ".yml")


def read_document(place: str | os.PathLike[str]) -> tuple[SourceText, object]:
    """What a JSON or YAML file holds, with its text."""
    source = read_text(place, megabytes=MOST_MEGABYTES)
    return source, parse_document(source)


def read_json_document(place: str | os.PathLike[str]) -> tuple[SourceText, object]:
    """What a JSON file holds, with its text."""
    source = read_text(place, megabytes=MOST_MEGABYTES)
    value = parse_json(source)
    _refuse_bombs(source.name, value)
    return source, value


def parse_document(source: SourceText) -> object:
    """The value of a text: YAML by its file's name, or where it does not begin as JSON."""
    named_yaml = source.path is not None and source.path.suffix.lower() in _YAML_ENDINGS
    begins_as_json = source.text.lstrip()[:1] in ("{", "[")
    value = parse_json(source) if begins_as_json and not named_yaml else parse_yaml(source)
    _refuse_bombs(source.name, value)
    return value


def template_in(source: SourceText, value: object) -> dict[str, Any]:
    """The template in a document: itself, or inside what ``get-template`` prints."""
    if isinstance(value, dict) and "TemplateBody" in value and "Resources" not in value:
        value = value["TemplateBody"]
        if isinstance(value, str):
            value = parse_document(SourceText(f"{source.name}, TemplateBody", value))
    if not isinstance(value, dict) or not isinstance(value.get("Resources"), dict):
        raise unusable(
            source.name,
            "is no CloudFormation template: it has no Resources",
            "give a template, or the directory that cdk synth wrote",
        )
    return value


def _refuse_bombs(name: str, value: object) -> None:
    """Refuse what is nested so deep, or by YAML's aliases so large, that no template is."""
    ahead: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while ahead:
        current, depth = ahead.pop()
        seen += 1
        if depth > _DEEPEST:
            raise unusable(
                name, f"is nested deeper than {_DEEPEST} levels", "check that it is a template"
            )
        if seen + len(ahead) > _MOST_VALUES:
            raise unusable(
                name, f"has more than {_MOST_VALUES} values", "check that it is a template"
            )
        if isinstance(current, Mapping):
            ahead.extend((entry, depth + 1) for entry in current.values())
        elif isinstance(current, list):
            ahead.extend((entry, depth + 1) for entry in current)
