"""Everything that is wrong is told at once, at its line and column, and nothing else is."""

from __future__ import annotations

import json
import re
import sys
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs import Fleet, ManifestError
from tests.model.fleet.fleets import HEAD, entries, manifest_lines
from tests.model.fleet.mutations import MUTATIONS
from tests.model.fleet.test_round_trip import toml_text

LINES_BEFORE = 3
FORMS = ["json", "yaml"] + (["toml"] if sys.version_info >= (3, 11) else [])


def _problems(read, text, source="fleet.json"):
    with pytest.raises(ManifestError) as caught:
        read(text, source=source)
    return caught.value.problems


def _column(line, mutation):
    """Where the wrong value begins: the last place of it, behind what was right before."""
    return line.rindex(mutation.points_at) + 1 if mutation.points_at else 1


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: f"{each.code}-{each.points_at}")
def test_each_fault_is_told_at_its_line_and_column_with_the_way_out(mutation):
    listed = entries(9)
    listed[4] = mutation.of(listed[4])
    text = manifest_lines(listed)
    (problem,) = _problems(Fleet.from_json, text)
    line = text.splitlines()[4 + LINES_BEFORE - 1]
    assert problem.finding.code == mutation.code
    assert (problem.place.line, problem.place.column) == (
        4 + LINES_BEFORE,
        _column(line, mutation),
    )
    assert str(problem).startswith(f"fleet.json:{problem.place.line}:{problem.place.column}: ")
    assert "repositories[4]" in str(problem)
    assert mutation.says in str(problem)


@settings(max_examples=60)
@given(st.sampled_from(MUTATIONS), st.integers(0, 19), st.sampled_from(FORMS))
def test_a_fault_at_a_random_place_is_told_at_the_same_place_in_each_form(mutation, index, form):
    listed = entries(20)
    listed[index] = mutation.of(listed[index])
    manifest = {**HEAD, "repositories": listed}
    text, read = {
        "json": (json.dumps(manifest, indent=2), Fleet.from_json),
        "yaml": (yaml.safe_dump(manifest, sort_keys=False), Fleet.from_yaml),
        "toml": (toml_text(manifest), Fleet.from_toml),
    }[form]
    (problem,) = _problems(read, text, source=f"fleet.{form}")
    assert problem.finding.code == mutation.code
    assert str(problem).startswith(f"fleet.{form}:{problem.place.line}:{problem.place.column}: ")
    first, last = _block(text, form, index)
    assert first <= problem.place.line <= last
    if mutation.points_at:
        found = text.splitlines()[problem.place.line - 1][problem.place.column - 1 :]
        # The three forms quote and bracket in their own ways: the words are the same.
        word = re.search(r"[\w.*$/-]+", mutation.points_at)[0]
        assert word in found or form == "json"


def _block(text, form, index):
    """First and last line of an entry."""
    lines = text.splitlines()
    opening = {"json": "    {", "yaml": "- ", "toml": "[[repositories]]"}[form]
    top = next(at for at, line in enumerate(lines) if "repositories" in line)
    starts = [at for at, line in enumerate(lines) if line.startswith(opening) and at >= top]
    ends = [*starts[1:], len(lines)]
    return starts[index] + 1, ends[index]


def test_forty_faults_among_five_thousand_entries_are_all_told_and_no_other() -> None:
    listed = entries(5_000)
    chance = Random(7)
    places = sorted(chance.sample(range(5_000), 40))
    planted = {}
    for number, index in enumerate(places):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        # A name is wrong once, or it would be two entries with one name as well.
        listed[index] = mutation.of(listed[index])
        if mutation.change.get("name") == "Upper/Case":
            listed[index]["name"] = f"Upper/Case{index}"
        planted[index] = mutation
    text = manifest_lines(listed)
    lines = text.splitlines()
    found = {
        problem.place.line - LINES_BEFORE: problem for problem in _problems(Fleet.from_json, text)
    }
    assert sorted(found) == places
    for index, problem in found.items():
        assert problem.finding.code == planted[index].code
        if "Upper" not in lines[index + LINES_BEFORE - 1]:
            column = _column(lines[index + LINES_BEFORE - 1], planted[index])
            assert problem.place.column == column
    assert len(_problems(Fleet.from_json, text)) == len(places)


def test_faults_in_every_section_are_told_together_in_the_order_of_the_text() -> None:
    text = """{
  "version": 2,
  "groups": {"shop": {"shards": 0}, "1st": {}},
  "kinds": {"service": {"group": "shpo", "lifecycle": [{"expire_untagged": "3"}]}},
  "principals": {"partner": {"account": 222222222222}, "none": {}},
  "roles": {"runner": {"group": "shop", "trust": {"service": "lambda.amazonaws.com"}},
            "partner": {"group": "shop", "trust": {"account": "222222222222"}}},
  "environments": {"prod": {"account": "1", "region": "Ireland"}},
  "repositries": [],
  "repositories": [{"name": "shop/api", "kind": "service", "name": "shop/api"}]
}"""
    found = [
        (problem.place.line, problem.finding.code) for problem in _problems(Fleet.from_json, text)
    ]
    assert found == [
        (2, "manifest-shape"),
        (3, "fleet-shards-invalid"),
        (3, "fleet-name-invalid"),
        (4, "fleet-group-unknown"),
        (4, "manifest-type"),
        (5, "account-id-invalid"),
        (5, "manifest-shape"),
        (6, "trust-service-invalid"),
        (7, "fleet-name-twice"),
        (8, "account-id-invalid"),
        (8, "region-invalid"),
        (9, "manifest-key-unknown"),
        (10, "manifest-key-twice"),
    ]


def test_a_key_that_stands_twice_names_both_lines() -> None:
    text = manifest_lines(entries(2)).replace('"kind": "web"', '"kind": "web",\n"kind": "web"')
    (problem,) = _problems(Fleet.from_json, text)
    assert problem.finding.code == "manifest-key-twice"
    assert problem.place.line == LINES_BEFORE + 1
    assert f"first in line {LINES_BEFORE}" in str(problem)


def test_a_key_that_stands_twice_is_told_in_yaml_too() -> None:
    text = "version: 1\ngroups: {a: {}}\nrepositories:\n- name: a/b\n  group: a\n  name: a/b\n"
    (problem,) = _problems(Fleet.from_yaml, text)
    assert (problem.finding.code, problem.place.line, problem.place.column) == (
        "manifest-key-twice", 6, 3,
    )  # fmt: skip
    assert "first in line 4" in str(problem)


def test_a_fault_of_a_kind_is_told_once_and_not_for_all_that_follow_it() -> None:
    head = json.loads(json.dumps(HEAD))
    head["kinds"]["service"]["group"] = 3
    (problem,) = _problems(Fleet.from_json, json.dumps({**head, "repositories": entries(50)}))
    assert problem.finding.property == "kinds.service.group"


def test_a_missing_section_is_told_once() -> None:
    found = _problems(Fleet.from_json, json.dumps({"version": 1, "repositories": entries(50)}))
    codes = [problem.finding.code for problem in found]
    assert codes == ["manifest-key-missing"] + ["fleet-kind-unknown"] * 50


def test_the_text_of_an_error_has_at_most_a_hundred_lines_and_the_value_has_all() -> None:
    listed = [{**entry, "lifecyle": []} for entry in entries(300)]
    with pytest.raises(ManifestError) as caught:
        Fleet.from_json(manifest_lines(listed))
    assert len(caught.value.problems) == 300
    assert str(caught.value).splitlines()[0] == "300 errors in the manifest"
    assert str(caught.value).splitlines()[-1] == "and 200 more"
