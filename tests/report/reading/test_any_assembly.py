"""No value anywhere in the files of an assembly stops the command without a line that says why."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecr_constructs.cli import main
from ecr_constructs.report.reading.sources import read_sources
from tests.report.check.anything import changed, paths

ODD = (None, True, 7, -1.5, "", "x", "\0", "..", "/", ".", [], {}, [[]], [None], [{}], {"a": 1})
TYPES = ("aws:cdk:logicalId", "aws:cdk:creationStack", "aws:cdk:acknowledged-rules")
METADATA = {
    "/Shop/Api/Resource": [
        {"type": TYPES[0], "data": "Api", "trace": ["new (app.py:3:1)"]},
        {"type": TYPES[1], "data": ["new (app.py:3:1)"]},
        {"type": TYPES[2], "data": {"tags-mutable": "it follows its branch"}},
    ]
}


def stack(file, **more):
    return {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111111111111/eu-west-1",
        "properties": {"templateFile": file, "stackName": "Shop", "tags": {"team": "shop"}},
        "displayName": "Shop",
        **more,
    }


FILES = {
    "manifest.json": {
        "version": "48.0.0",
        "artifacts": {
            "Shop.assets": {
                "type": "cdk:asset-manifest",
                "properties": {"file": "Shop.assets.json"},
            },
            "Shop": stack("Shop.template.json", additionalMetadataFile="Shop.metadata.json"),
            "Old": stack("Shop.template.json", metadata=METADATA),
            "Inner": {
                "type": "cdk:cloud-assembly",
                "properties": {"directoryName": "inner"},
            },
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
        },
    },
    "Shop.assets.json": {
        "version": "48.0.0",
        "files": {"abc": {"source": {"path": "Nested.template.json", "packaging": "file"}}},
    },
    "Shop.metadata.json": METADATA,
    "Shop.template.json": {
        "Resources": {
            "Api": {
                "Type": "AWS::ECR::Repository",
                "Properties": {"RepositoryName": "shop/api"},
                "Metadata": {"aws:cdk:path": "Shop/Api/Resource", TYPES[2]: {"scan-off": "a"}},
            },
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Sub": "https://s3/abc.json"}},
                "Metadata": {"aws:asset:path": "Nested.template.json"},
            },
            "ByHash": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Sub": "https://s3/abc.json"}},
            },
        }
    },
    "Nested.template.json": {"Resources": {"In": {"Type": "AWS::ECR::Repository"}}},
    "tree.json": {"version": "tree-0.1", "tree": {"id": "App", "path": "", "children": {}}},
    "inner/manifest.json": {
        "version": "48.0.0",
        "artifacts": {"Dev": stack("Dev.template.json")},
    },
    "inner/Dev.template.json": {"Resources": {"Dev": {"Type": "AWS::ECR::Repository"}}},
}
CHANGES = st.lists(
    st.tuples(st.sampled_from(list(paths(FILES))), st.sampled_from(ODD)),
    min_size=1,
    max_size=2,
    unique_by=lambda change: change[0][0],
)


def written(folder, files):
    out = Path(folder) / "cdk.out"
    (out / "inner").mkdir(parents=True)
    for name, value in files.items():
        (out / name).write_text(json.dumps(value))
    return out


def test_every_file_is_read(tmp_path):
    sources = read_sources(written(tmp_path, FILES))
    assert [each.file for each in sources.stacks] == [
        *["Shop.template.json"] * 2,
        "Dev.template.json",
    ]
    assert list(sources.stacks[0].nested) == ["Nested", "ByHash"]
    assert sources.notes == ()


@given(CHANGES, st.sampled_from(["table", "json", "sarif", "markdown"]))
@example([(("manifest.json", "artifacts", "Shop", "environment"), None)], "json")
@example([(("manifest.json", "artifacts", "Shop", "properties", "stackName"), None)], "sarif")
@example([(("Shop.assets.json", "files", "abc", "source", "path"), ["x"])], "table")
def test_any_value_is_answered_or_refused_in_one_line(made, form):
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        place = written(folder, changed(FILES, made))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["check", str(place), "--format", form])
    if code == 2:
        assert out.getvalue() == ""
        assert err.getvalue().count("\n") == 1
    else:
        assert code in (0, 1)
        assert "tags-mutable" in out.getvalue() or "Resources" in str(made)
    assert "Traceback" not in err.getvalue()
    assert "None/" not in out.getvalue()


@pytest.mark.parametrize(
    "given", [*ODD, "None", "aws:/", "aws://", "111111111111/eu-west-1"], ids=repr
)
def test_an_environment_that_is_none_is_open(tmp_path, given):
    artifact = ("manifest.json", "artifacts", "Shop", "environment")
    first, *_ = read_sources(written(tmp_path, changed(FILES, [(artifact, given)]))).stacks
    assert (first.account, first.region) == (None, None)
