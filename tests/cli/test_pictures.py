"""The forms that are drawn or written for others: the same to a file, and no other exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ecr_constructs.cli import main

from .test_cli import IMAGES, POLICY, ROOT, TEMPLATE

ACCESS = ("access", str(TEMPLATE), "--account", "111111111111")
REFUSED = {"rules": [{**POLICY["rules"][0], "rulePriority": 0}]}


@pytest.fixture
def preview(tmp_path):
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    (tmp_path / "images.json").write_text(json.dumps(IMAGES))
    policy, images = tmp_path / "policy.json", tmp_path / "images.json"
    return ("preview", str(policy), str(images), "--at", "2026-01-31T00:00:00Z")


def run(capsys, *arguments):
    code = main([str(each) for each in arguments])
    return code, *capsys.readouterr()


@pytest.mark.parametrize("form", ["markdown", "svg", "html"])
def test_access_in_every_form(form, capsys, tmp_path):
    code, out, err = run(capsys, *ACCESS, "--format", form)
    assert (code, err) == (0, "")
    assert "shop/api" in out
    assert run(capsys, *ACCESS, "--format", form, "--out", tmp_path / "x") == (0, "", "")
    assert (tmp_path / "x").read_text() == out
    assert out.startswith({"markdown": "### ", "svg": "<svg ", "html": "<!doctype html>"}[form])


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_preview_in_every_form(form, capsys, tmp_path, preview):
    code, out, err = run(capsys, *preview, "--format", form)
    assert (code, err) == (0, "")
    assert "2 expire" in out
    assert run(capsys, *preview, "--format", form, "--out", tmp_path / "x") == (0, "", "")
    assert (tmp_path / "x").read_text() == out
    assert run(capsys, *preview, "--format", form, "--fail-on-expire") == (1, out, "")


@pytest.mark.parametrize("form", ["svg", "html"])
def test_what_runs_and_would_go_trips_the_gate_in_every_form(form, capsys, tmp_path, preview):
    (tmp_path / "run.txt").write_text("shop/api:v1.0\n")
    code, out, _ = run(capsys, *preview, "--format", form, "--in-use", tmp_path / "run.txt")
    assert code == 1
    assert "In use, and lost" in out


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_policy_that_is_refused_is_said_in_every_form(form, capsys, tmp_path, preview):
    (tmp_path / "policy.json").write_text(json.dumps(REFUSED))
    code, out, err = run(capsys, *preview, "--format", form)
    assert (code, err) == (1, "")
    assert "ECR would refuse this lifecycle policy" in out


@pytest.mark.parametrize(
    ("arguments", "form"), [(ACCESS, "sarif"), (("preview", "p", "i"), "markdown")]
)
def test_a_form_that_is_none_is_one_line(arguments, form, capsys):
    with pytest.raises(SystemExit) as exit_:
        main([*arguments, "--format", form])
    _, err = capsys.readouterr()
    assert exit_.value.code == 2
    assert err.count("\n") == 1
    assert "invalid choice" in err


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_picture_is_the_same_in_each_process_and_encoding(form):
    def drawn(seed, encoding):
        return subprocess.run(
            [sys.executable, "-m", "ecr_constructs.cli", *ACCESS, "--format", form],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": encoding, "PATH": ""},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout

    assert drawn("1", "utf-8") == drawn("2", "ascii")
