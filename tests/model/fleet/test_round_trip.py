"""Values, JSON, YAML and TOML say the same."""

from __future__ import annotations

import json
import sys

import jsonschema
import pytest
import yaml
from hypothesis import given, settings

from ecr_constructs import Fleet
from ecr_constructs.model.fleet.schema.manifest import manifest_schema
from ecr_constructs.model.fleet.writing import manifest_value
from tests.model.fleet.fleets import fleets

VALIDATOR = jsonschema.Draft202012Validator(manifest_schema())


@settings(max_examples=60)
@given(fleets())
def test_json_is_read_to_the_fleet_that_wrote_it(fleet):
    assert Fleet.from_json(fleet.to_json()) == fleet


@settings(max_examples=40)
@given(fleets())
def test_what_is_written_has_the_shape_of_the_schema(fleet):
    assert list(VALIDATOR.iter_errors(json.loads(fleet.to_json()))) == []


@settings(max_examples=40)
@given(fleets(most=3))
def test_yaml_says_the_same(fleet):
    for flow in (True, False):
        text = yaml.safe_dump(manifest_value(fleet), default_flow_style=flow, sort_keys=False)
        assert Fleet.from_yaml(text) == fleet


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib came with Python 3.11")
@settings(max_examples=40)
@given(fleets(most=3))
def test_toml_says_the_same(fleet):
    assert Fleet.from_toml(toml_text(manifest_value(fleet))) == fleet


def toml_text(manifest):
    """The manifest with a table for each name and for each repository."""
    lines = [f"version = {manifest['version']}"]
    for section in ("groups", "kinds", "principals", "roles", "environments"):
        for name, value in manifest.get(section, {}).items():
            lines.append(f"[{section}.{_toml(name)}]")
            lines.extend(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items())
    for entry in manifest["repositories"]:
        lines.append("[[repositories]]")
        lines.extend(f"{_toml(key)} = {_toml(value)}" for key, value in entry.items())
    if not manifest["repositories"]:
        lines.insert(1, "repositories = []")
    return "\n".join(lines) + "\n"


def _toml(value):
    if isinstance(value, dict):
        inside = ", ".join(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items())
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
