"""The pytest plugin as users meet it: a project of theirs, its tests, its snapshot files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Nothing but the core and ECR: each test here starts a Python of its own, and imports cost most.
SHOP = """
import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from ecr_constructs import SecureRepository
from part import Part

class Shop(cdk.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        days = self.node.try_get_context("days")
        self.api = SecureRepository(self, "Api", repository_name=f"shop/api{days}")
        cdk.CfnResource(
            self, "Clean", type="AWS::Lambda::Function", properties={"Runtime": "python3.13"}
        )
        # Validation of finished templates would report this one.
        ecr.CfnRepository(self, "Bad", image_tag_mutability="SOMETIMES")
        self.part = Part(self, "Part")
"""
PART = """
import aws_cdk as cdk
from ecr_constructs import SecureRepository

class Part(cdk.NestedStack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        SecureRepository(self, "Web", scan_on_push=True)
"""
TEST = """
from pathlib import Path
from aws_cdk import assertions
from shop import Shop
import aws_cdk as cdk

def test_shop(ecr_app, ecr_snapshot):
    shop = Shop(ecr_app, "Shop")
    assert ecr_snapshot == shop
    template = assertions.Template.from_stack(shop)
    assert ecr_snapshot(name="template") == template
    assert ecr_snapshot(name="json") == template.to_json()
    assert ecr_snapshot(name="part") == shop.part
    # What validation finds, it reports there.
    assert not Path(ecr_app.outdir, "validation-report.json").exists()

def test_stage(ecr_app, ecr_snapshot):
    assert ecr_snapshot == Shop(cdk.Stage(ecr_app, "Beta"), "Shop")
"""


class Project:
    """A user's project in a folder of its own, tested by a pytest of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.write("shop.py", SHOP)
        self.write("part.py", PART)
        self.write("tests/test_shop.py", TEST)
        self.configure(days=30)

    def write(self, name: str, text: str) -> None:
        file = self.place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def configure(self, **context: object) -> None:
        self.write("cdk.json", json.dumps({"context": context}))

    def pytest(self, *arguments: str) -> tuple[int, str]:
        answer = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "ecr_constructs.testing", *arguments],
            cwd=self.place,
            env={
                # As users have it: nothing has turned CDK's validation off.
                **{name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"},
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(self.place)]),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return answer.returncode, answer.stdout

    def snapshot(self, name: str) -> dict[str, object]:
        file = self.place / "tests" / "__snapshots__" / "test_shop" / f"{name}.json"
        content: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        return content


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_snapshots_are_written_hold_and_fail(project: Project) -> None:
    code, said = project.pytest("--snapshot-update")
    assert code == 0, said
    shop = project.snapshot("test_shop")
    assert project.snapshot("test_shop[template]") == shop
    assert project.snapshot("test_shop[json]") == shop
    assert project.snapshot("test_shop[part]") != shop
    assert project.snapshot("test_stage")["Resources"]
    text = json.dumps(shop)
    # The context of cdk.json arrived, and what differs from one CDK to the next is gone.
    assert "shop/api30" in text
    assert '"Runtime": "<python>"' in text
    assert "<asset>.json" in text
    assert "Bootstrap" not in text

    # The nested template is another asset: it is different itself, its parent is not.
    project.write("part.py", PART.replace("True", "False"))
    code, said = project.pytest("-k", "test_shop")
    assert code == 1
    assert 'ecr_snapshot(name="part") == shop.part' in said
    assert '"ScanOnPush": false' in said

    project.configure(days=31)
    code, said = project.pytest("-k", "test_stage")
    assert code == 1
    assert "shop/api31" in said
    assert "shop/api30" in said


def test_a_snapshot_that_nobody_wrote_is_missing(project: Project) -> None:
    project.write("tests/test_shop.py", "def test_one(ecr_snapshot): assert ecr_snapshot == {}\n")
    code, said = project.pytest()
    assert code == 1
    assert "Snapshot 'test_one' does not exist!" in said


def test_without_syrupy_the_fixture_says_what_to_install(project: Project) -> None:
    project.write("conftest.py", "import sys\nsys.modules['syrupy'] = None\n")
    project.write(
        "tests/test_shop.py",
        "def test_app(ecr_app):\n    assert ecr_app.node.try_get_context('days') == 30\n"
        "def test_snapshot(ecr_snapshot):\n    pass\n",
    )
    code, said = project.pytest("-p", "no:syrupy")
    assert code == 1
    assert "pip install 'ecr-constructs[testing]'" in said
    assert "Traceback" not in said
    assert "1 passed, 1 error" in said


def test_another_snapshot_fixture_is_named(project: Project) -> None:
    project.write("conftest.py", "import pytest\n@pytest.fixture\ndef snapshot(): return {}\n")
    project.write("tests/test_shop.py", "def test_snapshot(ecr_snapshot):\n    pass\n")
    code, said = project.pytest()
    assert code == 1
    assert "the fixture 'snapshot' is of another plugin or of the project" in said


def test_what_has_no_template_is_said(project: Project) -> None:
    project.write("tests/test_shop.py", "def test_api(ecr_snapshot): assert ecr_snapshot == 3\n")
    code, said = project.pytest()
    assert code == 1
    assert "a int has no template" in said


def test_the_nearest_cdk_json_counts_with_what_was_looked_up(project: Project) -> None:
    project.write("infra/cdk.json", json.dumps({"context": {"days": 7}}))
    project.write("infra/cdk.context.json", json.dumps({"days": 8, "zones": ["a"]}))
    project.write(
        "infra/tests/test_infra.py",
        "def test_infra(ecr_app, tmp_path):\n"
        "    assert ecr_app.node.try_get_context('days') == 7\n"
        "    assert ecr_app.node.try_get_context('zones') == ['a']\n"
        "    assert ecr_app.outdir == str(tmp_path / 'cdk.out')\n",
    )
    code, said = project.pytest("infra")
    assert code == 0, said


def test_a_broken_cdk_json_is_named(project: Project) -> None:
    project.write("cdk.json", "{")
    project.write("tests/test_shop.py", "def test_app(ecr_app): pass\n")
    code, said = project.pytest()
    assert code == 1
    assert f"{project.place / 'cdk.json'} is not JSON" in said


def test_loading_the_plugin_loads_pytest_alone() -> None:
    program = (
        "import pytest, sys; before = set(sys.modules); import ecr_constructs.testing; "
        "print(*sorted(set(sys.modules) - before))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["ecr_constructs", "ecr_constructs.testing"]
