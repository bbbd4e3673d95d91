"""Where a finding is shown: the user's line, the app, or the template."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest

from ecr_constructs.report.check.collector import check_place
from ecr_constructs.report.check.formats.places import Place, Places

from .apps import REFUSED, assembly, repository

PATH = "Shop/Api/Resource"
API = {"Api": {**repository(**REFUSED), "Metadata": {"aws:cdk:path": PATH}}}
APP = {"app": "python3 app.py"}


def place_of(given, working):
    resource = check_place(given).findings[0].resource
    return Places(str(given), working).of(resource)


def traced(folder, *frames, path=f"/{PATH}", kind="aws:cdk:creationStack"):
    """An app whose assembly has these calls."""
    entry = {"type": kind, "data": list(frames)}
    if kind == "aws:cdk:logicalId":
        entry = {"type": kind, "data": "Api", "trace": list(frames)}
    out = assembly(folder, {"Shop": API}, metadata={path: [entry]}, cdk=APP)
    for name in ("app.py", "stacks/shop.py", "lib/shop.ts", ".venv/lib/site-packages/x.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return place_of(out, folder)


@pytest.mark.parametrize("kind", ["aws:cdk:creationStack", "aws:cdk:logicalId"])
def test_the_innermost_call_of_the_users_own(tmp_path, kind):
    frames = [
        "...aws-cdk-lib, jsii runtime, node internals...",
        "(no user code in 10 frames, use --stack-trace-limit to capture more)",
        f"__init__ ({tmp_path}/.venv/lib/site-packages/x.py:3)",
        f"__init__ ({tmp_path}/stacks/shop.py:12)",
        f"<module> ({tmp_path}/app.py:4)",
    ]
    assert traced(tmp_path, *frames, kind=kind) == Place("stacks/shop.py", 12)


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        ("new Shop ({home}/lib/shop.ts:7:5)", Place("lib/shop.ts", 7)),
        ("    at new Shop ({home}/lib/shop.ts:7:5)", Place("lib/shop.ts", 7)),
        ("at {home}/lib/shop.ts:7:5", Place("lib/shop.ts", 7)),
        ("Shop (file://{home}/lib/shop.ts:7)", Place("lib/shop.ts", 7)),
        ("Shop (lib/shop.ts:7)", Place("lib/shop.ts", 7)),
        ("Shop (/elsewhere/lib/shop.ts:7)", Place("app.py")),
        ("Shop ({home}/lib/../../shop.ts:7)", Place("app.py")),
        ("Shop ({home}/lib/gone.ts:7)", Place("app.py")),
        ("Shop ({home}/lib/shop.ts)", Place("app.py")),
        ("", Place("app.py")),
    ],
)
def test_a_call_as_node_and_python_write_it(tmp_path, frame, place):
    assert traced(tmp_path, frame.format(home=tmp_path)) == place


def test_a_construct_above_is_better_than_the_app(tmp_path):
    frame = f"<module> ({tmp_path}/stacks/shop.py:9)"
    assert traced(tmp_path, frame, path="/Shop") == Place("stacks/shop.py", 9)


def test_what_this_library_calls_is_not_the_users_own(tmp_path):
    own = Path(__file__).parents[3]
    frame = f"__init__ ({own}/ecr_constructs/constructs/repository/secure.py:10)"
    out = assembly(
        tmp_path,
        {"Shop": API},
        metadata={f"/{PATH}": [{"type": "aws:cdk:creationStack", "data": [frame]}]},
    )
    assert "secure.py" not in place_of(out, own).uri


@pytest.mark.parametrize(
    ("command", "uri"),
    [
        ("python3 app.py", "app.py"),
        ("npx ts-node --prefer-ts-exts bin/app.ts", "bin/app.ts"),
        ("python3 'my app.py'", "my%20app.py"),
        ("python3 gone.py", "cdk.out/Shop.template.json"),
        ("python3 ../outside.py", "cdk.out/Shop.template.json"),
        ("mvn -e -q compile exec:java", "cdk.out/Shop.template.json"),
        ("python3 'app.py", "cdk.out/Shop.template.json"),
        (["app.py"], "cdk.out/Shop.template.json"),
    ],
)
def test_the_app_of_cdk_json(tmp_path, command, uri):
    home = tmp_path / "home"
    out = assembly(home, {"Shop": API}, cdk={"app": command})
    for name in ("app.py", "bin/app.ts", "my app.py", "../outside.py"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text("")
    assert place_of(out, home).uri == uri
    assert place_of(out / "Shop.template.json", home).uri == uri


def test_cdk_json_is_beside_the_input_or_where_the_command_runs(tmp_path):
    home, out = tmp_path / "infrastructure", tmp_path / "elsewhere"
    (out / "deep").mkdir(parents=True)
    inside = assembly(home, {"Shop": API}, cdk=APP)
    (home / "app.py").write_text("")
    assert place_of(inside, tmp_path).uri == "infrastructure/app.py"
    outside = assembly(out / "deep", {"Shop": API})
    assert place_of(outside, home).uri == "app.py"


def test_a_template_by_hand_has_the_line_of_the_resource(tmp_path):
    (tmp_path / "cdk.json").write_text(json.dumps(APP))
    (tmp_path / "app.py").write_text("")
    file = tmp_path / "shop.yaml"
    file.write_text(
        "Resources:\n  Web:\n    Type: AWS::SNS::Topic\n  Api:\n"
        "    Type: AWS::ECR::Repository\n    Properties: {RepositoryName: Shop}\n"
    )
    assert place_of(file, tmp_path) == Place("shop.yaml", 4)
    file = tmp_path / "shop.json"
    file.write_text(json.dumps({"Resources": {"Api": repository(**REFUSED)}}, indent=1))
    assert place_of(file, tmp_path) == Place("shop.json", 3)
    assert place_of(file, tmp_path / "inner").uri == file.as_uri()


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("Conditions:\n  Api: !Equals [a, a]\nResources:\n", 4),
        ("Resources:\n  Web:\n    Type: AWS::SNS::Topic\n    Metadata:\n      Api: 1\n", 6),
        ("Metadata:\n  Api: 1\nResources:\n  # Api: is below\n  'Web': {Type: Api}\n", 6),
    ],
)
def test_a_key_of_the_same_name_elsewhere_is_not_the_resource(tmp_path, before, line):
    file = tmp_path / "shop.yaml"
    file.write_text(
        f"{before}  Api:\n    Type: AWS::ECR::Repository\n"
        "    Properties: {RepositoryName: Shop}\nOutputs:\n  Api: {Value: x}\n"
    )
    assert place_of(file, tmp_path).line == line


def test_lines_that_are_not_indented_are_found_as_well(tmp_path):
    file = tmp_path / "shop.json"
    text = json.dumps({"Resources": {"Api": repository(**REFUSED)}}, indent=0)
    file.write_text(text)
    assert place_of(file, tmp_path).line == 3


@pytest.mark.parametrize("text", ["{", "[]", '{"app": 7}', "", "\ud800"])
def test_a_cdk_json_that_is_none_is_passed_over(tmp_path, text):
    out = assembly(tmp_path, {"Shop": API})
    (tmp_path / "cdk.json").write_text(text, errors="replace")
    assert place_of(out, tmp_path).uri == "cdk.out/Shop.template.json"


PROGRAM = """\
import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr

app = cdk.App(outdir="cdk.out")
stack = cdk.Stack(app, "Shop")
ecr.Repository(stack, "Api")
app.synth()
"""


@pytest.mark.skipif(not hasattr(cdk, "Validations"), reason="this version knows no host's calls")
def test_the_line_of_a_program_in_python(tmp_path):
    (tmp_path / "app.py").write_text(PROGRAM)
    environment = {**os.environ, "JSII_HOST_STACK_TRACES": "1"}
    subprocess.run([sys.executable, "app.py"], cwd=tmp_path, env=environment, check=True)
    assert place_of(tmp_path / "cdk.out", tmp_path) == Place("app.py", 6)
