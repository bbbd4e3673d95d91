"""What a user's editor and CI say of an app that uses us: nothing, and of its mistakes: each."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
from functools import cache
from pathlib import Path

import pytest

import ecr_constructs

from .checkers import CHECKERS, ROOT, Checker, Problem

HERE = Path(__file__).parent
CLEAN = ("user_app.py", "app.py")
WRONG = "wrong_uses.py"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory):
    """What a checker finds in the user's folder; each checker runs once."""
    folder = tmp_path_factory.mktemp("user")
    for source in (HERE / "user_app.py", HERE / WRONG, ROOT / "app.py"):
        shutil.copy(source, folder)

    @cache
    def ask(checker: Checker) -> list[Problem]:
        return checker.problems(folder, [*CLEAN, WRONG])

    return ask


def test_the_project_itself_has_no_error() -> None:
    # First of all, and in the cache of the project: what mypy reads of aws_cdk takes minutes once.
    command = [sys.executable, "-m", "mypy", "--strict", "ecr_constructs", "embedded_aws", "demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.name)
def test_a_users_app_has_no_error(found, checker: Checker) -> None:
    assert [problem for problem in found(checker) if problem[0] in CLEAN] == []


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.name)
def test_every_mistake_is_an_error_and_nothing_else(found, checker: Checker) -> None:
    marked = {
        number
        for number, line in enumerate((HERE / WRONG).read_text().splitlines(), start=1)
        if line.endswith("# wrong")
    }
    assert len(marked) > 40
    assert {line for file, line, _ in found(checker) if file == WRONG} == marked


@pytest.mark.parametrize("file", ["user_app.py", "wrong_uses.py"])
def test_no_comment_talks_to_a_checker(file: str) -> None:
    with (HERE / file).open("rb") as source:
        comments = [
            token.string
            for token in tokenize.tokenize(source.readline)
            if token.type == tokenize.COMMENT
        ]
    assert [comment for comment in comments if re.search(r"ignore|pyright|noqa", comment)] == []


def test_the_users_app_uses_every_public_name() -> None:
    text = (HERE / "user_app.py").read_text()
    used = [name for name in ecr_constructs.__all__ if len(re.findall(rf"\b{name}\b", text)) >= 2]
    assert used == ecr_constructs.__all__


def test_the_users_app_synthesizes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "user_app.py")],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "CDK_OUTDIR": str(tmp_path), "CDK_VALIDATION": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    template = json.loads((tmp_path / "Images.template.json").read_text())
    kinds = [resource["Type"] for resource in template["Resources"].values()]
    assert kinds.count("AWS::ECR::Repository") == 4
