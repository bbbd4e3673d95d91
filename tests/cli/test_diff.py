"""The verb diff: its gate, its outputs, and what it refuses."""

from __future__ import annotations

import io
import json
import sys

import pytest

from ecr_constructs.cli import main
from tests.report.check.apps import assembly, repository

KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
IMMUTABLE = {"RepositoryName": "shop/api", "ImageTagMutability": "IMMUTABLE"}
OLD = {"Api": {**repository(**IMMUTABLE), **KEPT}}
DANGER = {"Api": repository(**IMMUTABLE)}
WARNING = {"Api": {**repository(RepositoryName="shop/api"), **KEPT}}
KNOWN = {"aws:cdk:acknowledged-rules": {"retention-removed": "a preview, rebuilt nightly"}}
ACKNOWLEDGED = {"Api": {**DANGER["Api"], "Metadata": KNOWN}}
FORMS = ["table", "json", "sarif", "markdown", "html"]


def written(folder, resources, name):
    file = folder / name
    file.write_text(json.dumps({"Resources": resources}))
    return str(file)


@pytest.fixture
def old(tmp_path):
    return written(tmp_path, OLD, "deployed.json")


@pytest.mark.parametrize(
    ("resources", "trips"),
    [
        (DANGER, ["danger", "warning", "note"]),
        (WARNING, ["warning", "note"]),
        (ACKNOWLEDGED, []),
        (OLD, []),
    ],
    ids=["danger", "warning", "acknowledged", "nothing"],
)
def test_the_gate(tmp_path, capsys, old, resources, trips):
    new = written(tmp_path, resources, "new.json")
    for gate in ("danger", "warning", "note"):
        assert main(["diff", old, new, "--fail-on", gate]) == int(gate in trips)
    assert main(["diff", old, new]) == int("danger" in trips)
    assert ("a preview, rebuilt nightly" in capsys.readouterr().out) is (resources is ACKNOWLEDGED)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_goes_to_a_file_as_well(tmp_path, capsys, old, form):
    new, out = written(tmp_path, DANGER, "new.json"), tmp_path / "out"
    assert main(["diff", old, new, "--format", form]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "retention-removed" in printed.out
    assert main(["diff", old, new, "--format", form, "--out", str(out)]) == 1
    assert capsys.readouterr() == ("", "")
    assert out.read_text() == printed.out


@pytest.mark.parametrize("form", FORMS)
def test_the_same_thing_has_changed_nothing(capsys, old, form):
    assert main(["diff", old, old, "--fail-on", "note", "--format", form]) == 0
    assert "retention-removed" not in capsys.readouterr().out


def test_the_contract_of_json(tmp_path, capsys, old):
    new = written(tmp_path, DANGER, "new.json")
    assert main(["diff", old, new, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert list(document["findings"][0]) == [
        "code", "severity", "stack", "template", "environment", "logical_id", "construct_path",
        "property", "message", "given", "allowed", "fix", "docs", "acknowledged",
    ]  # fmt: skip
    first = document["findings"][0]
    assert (first["template"], first["logical_id"]) == ("new.json", "Api")


def test_every_kind_of_input_can_be_either_side(tmp_path, capsys, monkeypatch, old):
    template = json.dumps({"Resources": DANGER})
    got = tmp_path / "got.json"
    got.write_text(json.dumps({"TemplateBody": json.loads(template)}))
    places = [
        written(tmp_path, DANGER, "new.json"),
        str(got),
        str(assembly(tmp_path, {"Shop": DANGER})),
        "-",
    ]
    for place in places:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(template.encode())))
        assert main(["diff", old, place]) == 1
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(template.encode())))
        assert main(["diff", place, old]) == 0
    capsys.readouterr()


def test_stacks_of_assemblies_have_names(tmp_path, capsys):
    before = assembly(tmp_path / "a", {"Shop": OLD, "Other": {"Topic": {"Type": "T::T::T"}}})
    renamed = assembly(tmp_path / "b", {"Store": OLD, "Other": {"Topic": {"Type": "T::T::T"}}})
    assert main(["diff", str(before), str(before)]) == 0
    assert main(["diff", str(before), str(renamed), "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out.partition("acknowledged\n")[2])["findings"]
    assert [each["code"] for each in findings] == ["repository-moved"]


@pytest.mark.parametrize(("path", "acknowledged"), [("/", True), ("/Shop", True), ("/B", False)])
def test_a_stack_that_is_gone_is_acknowledged_above_it(tmp_path, capsys, path, acknowledged):
    topic = {"Topic": {"Type": "T::T::T"}}
    said = {"aws:cdk:acknowledged-rules": {"repository-deleted": "moved to another registry"}}
    deleted = {**DANGER["Api"], "Metadata": {"aws:cdk:path": "Shop/Prod/Api"}}
    old = assembly(tmp_path / "a", {"Prod": {"Api": deleted}, "B": topic})
    # What another stack says of its own resource of that logical id is nothing about this one.
    named = repository(**{**IMMUTABLE, "RepositoryName": "shop/other"})
    other = {"Api": {**named, **KEPT, "Metadata": said}}
    data = {path: [{"type": kind, "data": reasons} for kind, reasons in said.items()]}
    new = assembly(tmp_path / "b", {"B": topic, "C": other}, metadata=data)
    assert main(["diff", str(old), str(new)]) == int(not acknowledged)
    assert ("moved to another registry" in capsys.readouterr().out) is acknowledged


def test_a_template_is_one_of_an_assembly_by_its_name(tmp_path, capsys, old):
    several = assembly(tmp_path, {"Shop": DANGER, "Other": {"Topic": {"Type": "T::T::T"}}})
    shop = written(tmp_path, OLD, "Shop.template.json")
    assert main(["diff", shop, str(several)]) == 1
    capsys.readouterr()
    assert main(["diff", old, str(several)]) == 2
    said = capsys.readouterr().err
    assert "deployed.json: is a template of none of these stacks: Other, Shop" in said


def test_what_cannot_be_used(tmp_path, capsys, old):
    for arguments in (["-", "-"], [old, str(tmp_path / "none.json")], [old, str(tmp_path)]):
        assert main(["diff", *arguments]) == 2
        assert capsys.readouterr().err.startswith("ecr-constructs: ")
