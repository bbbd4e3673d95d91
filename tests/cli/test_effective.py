"""The verb effective: what it prints, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_constructs.cli import main
from ecr_constructs.model.registry.effective import REGISTRY_TYPES
from tests.model.registry.effective.settings import (
    cache_rule,
    replication,
    scanning,
    signing,
    template,
)

SETTINGS = {
    "Scanning": scanning("ENHANCED", on_push=["*"], continuous=["shop/*"]),
    "Replication": replication(([("222222222222", "eu-central-1")], ["shop"])),
    "Cache": cache_rule("hub", "registry-1.docker.io"),
    "Template": template("hub", "PULL_THROUGH_CACHE", LifecyclePolicy="{}"),
    "Signing": signing(("shop", ["shop/*"])),
}
TABLE = """\
hub/library/nginx in ${AWS::AccountId}/${AWS::Region}

  scan               SCAN_ON_PUSH, ENHANCED
                     the SCAN_ON_PUSH filter '*' matches the name
  replicates to      nowhere
  cache rule         hub, from registry-1.docker.io: library/nginx
  creation template  hub
  signing profiles   none
  lifecycle          of the creation template
  encryption         AES256
"""


@pytest.fixture
def place(tmp_path):
    resources = {
        logical_id: {"Type": kind, "Properties": properties}
        for logical_id, (kind, properties) in SETTINGS.items()
    }
    file = tmp_path / "Registry.template.json"
    file.write_text(json.dumps({"Resources": resources}))
    return str(file)


def test_a_table(place, capsys):
    code = main(["effective", place, "hub/library/nginx", "--via", "pull-through-cache"])
    assert code == 0
    assert capsys.readouterr() == (TABLE, "")


def test_what_is_left_open_stands_below(place, capsys):
    assert main(["effective", place, "hub/library/nginx"]) == 0
    assert capsys.readouterr().out == (
        TABLE + "\nNotes\n"
        "  which template is taken depends on how ECR makes the repository (replication: none,\n"
        "    pull-through-cache: hub, create-on-push: none)\n"
    )


def test_json(place, capsys):
    arguments = ["effective", place, "shop/api", "--format", "json"]
    assert main([*arguments, "--account", "111111111111", "--region", "eu-west-1"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == [
        "version",
        "repository",
        "scan",
        "replicates_to",
        "cache_rule",
        "creation_template",
        "signing_profiles",
        "lifecycle",
        "encryption",
        "notes",
    ]
    assert answer["version"] == 1
    assert answer["scan"]["frequency"] == "CONTINUOUS_SCAN"
    assert answer["replicates_to"] == [{"region": "eu-central-1", "registry": "222222222222"}]
    assert answer["cache_rule"] is answer["creation_template"] is None


def test_a_file_for_the_output(place, tmp_path, capsys):
    out = tmp_path / "answer.json"
    assert main(["effective", place, "shop/api", "--format", "json", "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(out.read_text())["repository"] == "shop/api"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no.json", "shop/api"], "no.json: does not exist; check the path"),
        (["PLACE", "Shop"], "'Shop': is no repository name: it has upper-case letters; use 'shop'"),
        (["PLACE", "shop/api", "--via", "push"], "invalid choice: 'push'"),
        (["PLACE"], "required: NAME"),
    ],
)
def test_what_cannot_be_used_is_one_line(place, capsys, arguments, says):
    try:
        code = main(["effective", *(place if each == "PLACE" else each for each in arguments)])
    except SystemExit as exit_:
        code = exit_.code
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert printed.err.count("\n") == 1
    assert says in printed.err


def test_it_loads_neither_cdk_nor_jsii(place):
    program = (
        "import sys; from ecr_constructs.cli import main; "
        f"code = main(['effective', {place!r}, 'shop/api']); "
        "loaded = {name.partition('.')[0] for name in sys.modules}; "
        "sys.exit(code or bool(loaded & {'aws_cdk', 'jsii', 'constructs', 'yaml'}))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


VALUES = st.recursive(
    st.sampled_from([None, True, 7, "", "a*", "ROOT", {"Ref": "Stage"}, {"Fn::If": ["C", 1, "b"]}]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Rules", "Filter", "RepositoryFilters", "Prefix", "Destinations"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
PROPERTIES = st.dictionaries(
    st.sampled_from(["Rules", "ScanType", "ReplicationConfiguration", "Prefix", "AppliedFor"]),
    VALUES,
)
RESOURCES = st.dictionaries(
    st.sampled_from("XYZ"),
    st.fixed_dictionaries(
        {
            "Type": st.sampled_from([*REGISTRY_TYPES, "AWS::ECR::Repository"]),
            "Properties": PROPERTIES | st.none(),
        },
        optional={"Condition": st.sampled_from(["C", "D", "None"])},
    ),
)
FEW = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@FEW
@given(RESOURCES)
def test_any_template_is_answered_or_refused_in_one_line(tmp_path, capsys, resources):
    file = tmp_path / "any.json"
    conditions = {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}, "D": {"Fn::Not": [{"Condition": "C"}]}}
    file.write_text(json.dumps({"Resources": resources, "Conditions": conditions}))
    code = main(["effective", str(file), "a/b", "--format", "json"])
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    assert json.loads(printed.out)["repository"] == "a/b"
