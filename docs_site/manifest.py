"""The page of a fleet's manifest, from the JSON Schema that the command prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecr_constructs.report.verbs.schema import run_schema

__all__ = ["manifest_page"]

_Schema = Mapping[str, Any]
_ENDS: Final = {"minimum": "from {}", "maximum": "to {}", "minItems": "at least {}"}


def manifest_page() -> dict[str, str]:
    """The tables, the schema itself, and the file of it that an editor can be given."""
    text = run_schema().text
    schema = json.loads(text)
    parts = [
        "Manifest of a fleet\n===================",
        (
            "Guide: :doc:`fleet`. The schema is what :doc:`commands/schema` prints, for editors: "
            ":download:`fleet.schema.json <fleet.schema.json>`."
        ),
        *_table("The manifest", schema),
    ]
    for name, definition in schema["$defs"].items():
        parts.extend(_table(name, definition))
    body = "\n".join(f"   {line}".rstrip() for line in text.splitlines())
    parts.append(
        ".. dropdown:: The whole schema\n   :class-container: template\n\n"
        "   .. code-block:: json\n\n"
        + "\n".join(f"   {line}".rstrip() for line in body.splitlines())
    )
    return {"manifest.rst": "\n\n".join(parts) + "\n", "fleet.schema.json": text}


def _table(name: str, schema: _Schema) -> Iterator[str]:
    title = name.replace("_", " ")
    title = title[0].upper() + title[1:]
    yield f".. _manifest-{name.replace('_', '-').lower().replace(' ', '-')}:"
    yield f"{title}\n{'-' * len(title)}"
    yield _plain(schema["description"])
    if "properties" in schema:
        rows = list(_rows(schema, ""))
    else:
        rows = [("", each) for each in schema["anyOf"]]
    lines = [".. list-table::", "   :class: wide", "   :header-rows: 1", "   :widths: auto", ""]
    named = any(name for name, _ in rows)
    lines += ["   * - name", "     - takes"] if named else ["   * - takes"]
    lines += ["     - "]
    for row, each in rows:
        if named:
            lines += [f"   * - {row}", f"     - {_takes(each)}"]
        else:
            lines += [f"   * - {_takes(each)}"]
        lines += [f"     - {_plain(each.get('description', ''))}"]
    yield "\n".join(lines)


def _rows(schema: _Schema, above: str) -> Iterator[tuple[str, _Schema]]:
    """Each property, and those below it: `trust.github.owner`."""
    needed = schema.get("required", ())
    for name, each in schema["properties"].items():
        mark = " (required)" if name in needed else ""
        yield f"``{above}{name}``{mark}", each
        if "properties" in each:
            yield from _rows(each, f"{above}{name}.")


def _takes(schema: _Schema) -> str:
    """What a property takes, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f":ref:`{name.replace('_', ' ')} <manifest-{name.replace('_', '-')}>`"
    if "anyOf" in schema:
        return " or ".join(_takes(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return ", ".join(f"``{json.dumps(value)}``" for value in values)
    return _takes_many(schema) or _takes_one(schema)


def _takes_many(schema: _Schema) -> str | None:
    if schema.get("type") == "array":
        return f"list of {_takes(schema['items'])}" if "items" in schema else "list"
    if isinstance(below := schema.get("additionalProperties"), dict):
        return f"names with {_takes(below)}"
    if "properties" in schema:
        return f"object with {', '.join(f'``{name}``' for name in schema['properties'])}"
    return None


def _takes_one(schema: _Schema) -> str:
    said = [str(schema.get("type", "anything"))]
    said += [text.format(schema[key]) for key, text in _ENDS.items() if key in schema]
    if "pattern" in schema:
        said.append(f"like ``{schema['pattern']}``")
    return " ".join(said)


def _plain(text: str) -> str:
    """Text that means nothing to reStructuredText."""
    return text.replace("\\", "\\\\").replace("*", r"\*").replace("`", r"\`").replace("_", r"\_")
