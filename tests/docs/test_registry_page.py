"""The tables of the page on the registry: every example, every filter and every refusal."""

from __future__ import annotations

import json
import re

import pytest

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

from .pages import ROOT

PAGE = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
STORIES = {example.stem for example in EXAMPLES.glob("registry/*.py")}
# These are no matter of the registry in which the samples stand; here is who tests them.
ELSEWHERE = {
    "public-repository-name-invalid": '"public-repository-name-invalid"',
    "public-repository-region": "check_public_region(",
    "signing-region": '"signing-region"',
}


def rows(heading):
    """The cells of the table below a row of headings."""
    below = PAGE.partition(heading)[2].splitlines()[2:]
    for line in below:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


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
    listed = [cells[2].strip("`") for cells in rows("| `AWS::ECR::` | a template may hold |")]
    assert len(listed) == len(set(listed))
    assert set(listed) == REFUSED.keys() | ELSEWHERE.keys()


def test_each_refusal_elsewhere_has_a_test():
    tests = "\n".join(
        file.read_text(encoding="utf-8")
        for topic in ("model", "constructs")
        for file in (ROOT / "tests" / topic / "registry").rglob("test_*.py")
    )
    for code, tested in ELSEWHERE.items():
        assert tested in tests, code
