"""The verb check: its gate, its outputs, and what it refuses."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ecr_constructs.cli import main
from tests.report.check.apps import REFUSED, assembly, repository

ROOT = Path(__file__).parents[2]
IMMUTABLE = {"RepositoryName": "shop/api", "ImageTagMutability": "IMMUTABLE"}
SCANNED = {**IMMUTABLE, "ImageScanningConfiguration": {"ScanOnPush": True}}
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
DANGER = {"Api": {**repository(**REFUSED), **KEPT}}
WARNING = {"Api": {**repository(**IMMUTABLE), **KEPT}}
NOTE = {"Api": {**repository(**SCANNED), **KEPT}}
NOTHING = {"Topic": {"Type": "AWS::SNS::Topic"}}


def written(folder, resources, name="t.json"):
    file = folder / name
    file.write_text(json.dumps({"Resources": resources}))
    return str(file)


@pytest.mark.parametrize(
    ("resources", "trips"),
    [
        (DANGER, ["danger", "warning", "note"]),
        (WARNING, ["warning", "note"]),
        (NOTE, ["note"]),
        (NOTHING, []),
    ],
    ids=["danger", "warning", "note", "nothing"],
)
def test_the_gate(tmp_path, capsys, resources, trips):
    file = written(tmp_path, resources)
    for gate in ("danger", "warning", "note"):
        assert main(["check", file, "--fail-on", gate]) == int(gate in trips)
    assert main(["check", file]) == int("danger" in trips)
    capsys.readouterr()


@pytest.mark.parametrize("form", ["table", "json", "sarif", "markdown"])
def test_every_form_goes_to_a_file_as_well(tmp_path, capsys, form):
    file, out = written(tmp_path, DANGER), tmp_path / "out"
    assert main(["check", file, "--format", form]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "repository-policy-open" in printed.out
    assert main(["check", file, "--format", form, "--out", str(out)]) == 1
    assert capsys.readouterr() == ("", "")
    assert out.read_text() == printed.out


def test_every_kind_of_input_has_the_same_findings(tmp_path, capsys, monkeypatch):
    template = {"Resources": DANGER}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(template).encode())))
    (tmp_path / "got.json").write_text(json.dumps({"TemplateBody": template}))
    (tmp_path / "t.yaml").write_text(json.dumps(template))
    environment = ["--account", "111111111111", "--region", "eu-west-1"]
    answers = []
    for place in (
        written(tmp_path, DANGER),
        str(tmp_path / "got.json"),
        str(tmp_path / "t.yaml"),
        str(assembly(tmp_path, {"Shop": DANGER})),
        "-",
    ):
        assert main(["check", place, "--format", "json", *environment]) == 1
        answers.append(json.loads(capsys.readouterr().out)["findings"])
    same = [
        [{key: row[key] for key in row if key not in ("stack", "template")} for row in rows]
        for rows in answers
    ]
    assert same == [same[0]] * len(same)
    assert {row["environment"] for row in same[0]} == {"111111111111/eu-west-1"}


def test_an_environment_that_is_left_open_stays_so(tmp_path, capsys):
    main(["check", written(tmp_path, DANGER), "--format", "json"])
    rows = json.loads(capsys.readouterr().out)["findings"]
    assert {row["environment"] for row in rows} == {"${AWS::AccountId}/${AWS::Region}"}


def test_the_region_decides(tmp_path, capsys):
    dual = {"EncryptionConfiguration": {"EncryptionType": "KMS_DSSE"}}
    file = written(tmp_path, {"Api": {**repository(**SCANNED, **dual), **KEPT}})
    assert main(["check", file]) == 0
    assert main(["check", file, "--region", "us-gov-west-1"]) == 0
    assert main(["check", file, "--region", "eu-west-1"]) == 1
    assert "encryption-dual-layer-region" in capsys.readouterr().out


def test_a_template_without_ecr_is_told_apart_from_a_good_one(tmp_path, capsys):
    assert main(["check", written(tmp_path, NOTHING)]) == 0
    assert "no resource of ECR" in capsys.readouterr().err
    assert main(["check", written(tmp_path, NOTE)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no.json"], "no.json: does not exist; check the path"),
        (["."], "without manifest.json"),
        (["t.json", "--fail-on", "never"], "invalid choice: 'never'"),
        (["t.json", "--format", "xml"], "invalid choice: 'xml'"),
        (["t.json", "--account", "1"], "'1' is no account id"),
        ([], "required: PATH"),
    ],
)
def test_what_cannot_be_used_is_one_line(tmp_path, capsys, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, DANGER)
    try:
        code = main(["check", *arguments])
    except SystemExit as exit_:
        code = exit_.code
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert printed.err.count("\n") == 1
    assert says in printed.err


@pytest.mark.parametrize("form", ["table", "json", "sarif", "markdown"])
def test_it_loads_neither_cdk_nor_jsii(tmp_path, form):
    file = written(tmp_path, DANGER)
    program = (
        "import sys; from ecr_constructs.cli import main; "
        f"code = main(['check', {file!r}, '--format', {form!r}]); "
        "loaded = {name.partition('.')[0] for name in sys.modules}; "
        "sys.exit(code + 10 * bool(loaded & {'aws_cdk', 'jsii', 'constructs', 'yaml'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    assert done.returncode == 1


def test_control_characters_of_an_input_do_not_reach_the_terminal(tmp_path, capsys):
    metadata = {"aws:cdk:acknowledged-rules": {"tags-mutable": "\x1b[31mred"}}
    hostile = {"A\x1b[31m": {**repository(RepositoryName="\x1b]0;x\x07"), "Metadata": metadata}}
    main(["check", written(tmp_path, hostile)])
    assert not any(ord(each) < 32 and each != "\n" for each in capsys.readouterr().out)
