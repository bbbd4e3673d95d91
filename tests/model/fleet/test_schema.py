"""The schema takes what the reader takes, knows the same keys, and explains each of them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from ecr_constructs.cli import main
from ecr_constructs.model.fleet.reading import access, manifest, options, rules
from ecr_constructs.model.fleet.schema.manifest import manifest_schema
from tests.model.fleet.fleets import HEAD, entries
from tests.model.fleet.mutations import MUTATIONS

SCHEMA = manifest_schema()
DEFS = SCHEMA["$defs"]
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
# What no schema can say: names that must exist, what rules do together, what a text holds.
BEYOND_A_SCHEMA = {
    "encryption-key-invalid",
    "fleet-group-missing",
    "fleet-group-unknown",
    "fleet-kind-unknown",
    "fleet-principal-or-role-unknown",
    "lifecycle-several-untagged",
    "manifest-deferred",
    "mutable-tags-invalid",
    "removal-reason-missing",
    "resource-tags-invalid",
}


def test_it_is_a_schema_of_the_draft_that_it_names() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("piece", "keys"),
    [
        (SCHEMA, manifest.MANIFEST_KEYS),
        (DEFS["repository"], manifest.ENTRY_KEYS),
        (DEFS["kind"], manifest.KIND_KEYS),
        (DEFS["group"], manifest.GROUP_KEYS),
        (DEFS["role"], manifest.ROLE_KEYS),
        (DEFS["environment"], manifest.ENVIRONMENT_KEYS),
        (DEFS["environment"]["properties"]["overrides"], options.OPTION_KEYS),
        (DEFS["principal"], access.PRINCIPAL_KEYS),
        (DEFS["role"]["properties"]["trust"], access.TRUST_KEYS),
        (DEFS["role"]["properties"]["trust"]["properties"]["github"], access.token_keys("github")),
        (DEFS["role"]["properties"]["trust"]["properties"]["gitlab"], access.token_keys("gitlab")),
    ],
)
def test_it_knows_the_keys_of_the_reader_and_no_other(piece, keys):
    assert list(piece["properties"]) == list(keys)
    assert piece["additionalProperties"] is False


def test_it_knows_each_form_of_a_lifecycle_rule() -> None:
    forms = [form["required"][0] for form in DEFS["lifecycle_rule"]["anyOf"]]
    assert forms == [*rules.COUNTED, rules.PROTECT, "selection"]


def test_every_key_is_explained() -> None:
    assert _unexplained(SCHEMA, "manifest") == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: f"{each.code}-{each.points_at}")
def test_it_refuses_what_the_reader_refuses_by_its_shape(mutation):
    listed = entries(3)
    assert list(VALIDATOR.iter_errors({**HEAD, "repositories": listed})) == []
    listed[1] = mutation.of(listed[1])
    errors = list(VALIDATOR.iter_errors({**HEAD, "repositories": listed}))
    assert bool(errors) is (mutation.code not in BEYOND_A_SCHEMA)


def test_the_command_prints_it(capsys):
    assert main(["schema"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == SCHEMA
    assert printed.err == ""


def test_the_command_writes_it_to_a_file(tmp_path):
    assert main(["schema", "--format", "json", "--out", str(tmp_path / "fleet.schema.json")]) == 0
    assert json.loads((tmp_path / "fleet.schema.json").read_text()) == SCHEMA


def _unexplained(piece, where):
    """The keys of an object that have no description, at any depth."""
    if isinstance(piece, list):
        return [each for number, entry in enumerate(piece)
                for each in _unexplained(entry, f"{where}[{number}]")]  # fmt: skip
    if not isinstance(piece, dict):
        return []
    found = []
    for key, entry in piece.get("properties", {}).items():
        said = "description" in entry or "$ref" in entry or {"enum", "const"} & set(entry)
        found += [] if said else [f"{where}.{key}"]
    for key, entry in piece.items():
        found += _unexplained(entry, f"{where}.{key}")
    return found
