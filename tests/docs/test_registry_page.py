"""The tables of the pages on the registry: every example, every filter and every refusal."""

from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr

import ecr_constructs
from ecr_constructs.model.registry.effective.caching import CacheSetting, cached_from
from ecr_constructs.model.registry.effective.replication import replication_filter_matches
from ecr_constructs.model.registry.effective.scanning import scanning_filter_matches
from ecr_constructs.model.registry.effective.signing import signing_filter_matches
from ecr_constructs.model.registry.effective.templates import (
    TemplateSetting,
    creation_template_of,
)
from tests.deploy_registry.stacks import PARTLY
from tests.examples.synthesis import EXAMPLES, GOLDENS
from tests.model.registry.written.pairs import REFUSED
from tests.model.registry.written.repository_pairs import ALONE, BOTH

from .pages import ROOT

PAGE = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
REFUSALS = (ROOT / "docs" / "refused.md").read_text(encoding="utf-8")
STORIES = {example.stem for example in EXAMPLES.glob("registry/*.py")}
# What the Region of the stack decides has no sample; here is who tests it.
BY_REGION = {"public-repository-region", "signing-region"}


def rows(heading, page=PAGE):
    """The cells of the table below a row of headings."""
    below = page.partition(heading)[2].splitlines()[2:]
    for line in below:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


ECR_TYPES = {
    f"AWS::ECR::{name.removeprefix('Cfn')}"
    for name, kind in vars(aws_ecr).items()
    if name.startswith("Cfn") and issubclass(kind, cdk.CfnResource)
}
FEATURES = {
    re.match(r"\[(\w+)\]", example)[1]: (constructs, example, deployed)
    for _, constructs, example, deployed in rows("| | construct | example |")
}
WAYS = {
    "scanning": lambda name: scanning_filter_matches("prod", name),
    "replication": lambda name: replication_filter_matches("prod", name),
    "signing": lambda name: signing_filter_matches("prod", name),
    "a cache rule": lambda name: (
        cached_from([CacheSetting(prefix="prod", upstream="x")], name).value
    ),
    "a creation template": lambda name: (
        creation_template_of([TemplateSetting(prefix="prod")], name, None).value
    ),
}


def test_every_example_has_a_row_and_every_row_an_example():
    assert FEATURES.keys() == STORIES


@pytest.mark.parametrize("story", sorted(FEATURES))
def test_a_row_is_true(story):
    constructs, example, deployed = FEATURES[story]
    assert example == f"[{story}](../examples/registry/{story}.py)"
    source = (EXAMPLES / "registry" / f"{story}.py").read_text(encoding="utf-8")
    names = re.findall(r"`(\w+)`", constructs)
    assert names
    for name in names:
        assert name in ecr_constructs.__all__
    # What the row names is in the example, if only below the Registry that makes it.
    assert any(re.search(rf"\b{name}\b", source) for name in names)
    types = {
        entry["Type"]
        for golden in (GOLDENS / "registry" / story).glob("*.template.json")
        for entry in json.loads(golden.read_text(encoding="utf-8"))["Resources"].values()
    }
    assert types
    partly = ", ".join(f"`{kind}`" for kind in sorted(types & PARTLY.keys()))
    assert deployed == (f"all but {partly}" if partly else "yes")


@pytest.mark.parametrize("feature", WAYS)
def test_what_a_filter_takes(feature):
    heading = "| `prod` as a filter or prefix of |"
    names = re.findall(r"`([\w/]+)`", PAGE.partition(heading)[2].splitlines()[0])
    assert len(names) == 4
    (said,) = [cells[1:] for cells in rows(heading) if cells[0] == feature]
    assert said == ["yes" if WAYS[feature](name) else "no" for name in names]


def test_every_refusal_is_one_and_each_is_listed():
    table = list(rows("| `AWS::ECR::` | a template may hold |", REFUSALS))
    listed = [code.strip("`") for _, _, code in table]
    assert len(listed) == len(set(listed))
    assert set(listed) == REFUSED.keys() | BOTH.keys() | ALONE.keys() | BY_REGION
    types = {name for cells in table for name in re.findall(r"`(\w+)`", cells[0])}
    assert {f"AWS::ECR::{name}" for name in types} == ECR_TYPES


@pytest.mark.parametrize("code", sorted(BY_REGION))
def test_each_refusal_by_region_has_a_test(code):
    folder = ROOT / "tests" / "model" / "registry" / "written"
    assert f'"{code}"' in (folder / "test_written.py").read_text(encoding="utf-8")
