"""Bad input is one clear line: no damage, no traceback of somebody else, bounded memory."""

from __future__ import annotations

import difflib
import os
import tracemalloc

import pytest
import yaml

from ecr_constructs import Fleet, ManifestError
from ecr_constructs.model.fleet.checks.finding import nearest

BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    + ["version: 1", "groups: *a11", "repositories: *a11"]
)
MERGES = "\n".join(
    ["a0: &a0 {x: 1}"]
    + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 12)]
)
UNREADABLE_YAML = {
    "object": "!!python/object/apply:os.system ['touch HERE']",
    "object inside": "version: 1\nx: !!python/object/new:os.system ['touch HERE']",
    "own tag": "version: !mine 1",
    "binary": "version: !!binary aGVsbG8=",
    "set": "version: !!set {a, b}",
    "holds itself": "a: &a [*a]",
    "unknown alias": "a: *nobody",
    "two documents": "version: 1\n---\nversion: 1",
    "tab": "version:\n\t- 1",
    "key is a list": "? [a, b]\n: 1",
    "null character": "version: \x00",
}


def _error(read, text):
    with pytest.raises(ManifestError) as caught:
        read(text)
    return caught.value


@pytest.mark.parametrize("name", UNREADABLE_YAML)
@pytest.mark.parametrize("fast", [True, False])
def test_yaml_that_is_no_manifest_is_one_line(name, fast, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if not fast and hasattr(yaml, "CSafeLoader"):
        monkeypatch.delattr(yaml, "CSafeLoader")
    error = _error(Fleet.from_yaml, UNREADABLE_YAML[name].replace("HERE", "damage"))
    assert len(str(error).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [BOMB, MERGES], ids=["aliases", "merges"])
def test_aliases_that_multiply_take_no_memory(text):
    tracemalloc.start()
    error = _error(Fleet.from_yaml, text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000
    assert len(str(error)) < 20_000
    codes = {problem.finding.code for problem in error.problems}
    assert codes <= {"manifest-key-unknown", "manifest-key-missing", "manifest-type"}


def test_an_alias_is_what_its_anchor_is():
    text = """
version: 1
groups: {shop: {}}
kinds: {service: &service {group: shop, pull: &readers [{account: "222222222222"}]}, web: *service}
repositories: [{name: shop/api, kind: web, push: *readers}]
"""
    fleet = Fleet.from_yaml(text)
    assert fleet.kinds["web"] == fleet.kinds["service"]
    assert fleet.repositories[0].push == fleet.kinds["web"].pull


@pytest.mark.parametrize("read", [Fleet.from_json, Fleet.from_yaml, Fleet.from_toml])
def test_a_text_that_is_nested_without_end_is_one_line(read):
    opening = "x = " if read == Fleet.from_toml else ""
    error = _error(read, opening + "[" * 100_000)
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "null", '"text"', '{"version": NaN}', '{"version": 1e999}', "\x00",
     '{"version": ' + "9" * 5_000 + "}", '{"a": 1, "a": 2}'],
)  # fmt: skip
def test_json_that_is_no_manifest_says_so(text):
    error = _error(Fleet.from_json, text)
    assert len(str(error)) < 2_000


def test_a_number_without_end_is_one_line_in_toml():
    """Python refuses to read it, and its error is no TOMLDecodeError."""
    error = _error(Fleet.from_toml, "version = " + "9" * 5_000)
    assert len(str(error).splitlines()) == 1


def test_many_names_that_are_misspelled_are_not_compared_with_each(monkeypatch):
    """A thousand names against a thousand took half a minute."""
    compared: list[int] = []
    close_matches = difflib.get_close_matches

    def counting(word, possibilities, **options):
        compared.append(len(possibilities))
        return close_matches(word, possibilities, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counting)
    kinds = [f"service-{number}-{number * 7919 % 1000}" for number in range(400)]
    for kind in kinds[::40]:
        assert nearest(kind.replace("service", "Servce"), kinds) == kind
    assert nearest("zz", kinds) is None
    assert max(compared) < 30
    before = len(compared)
    for _ in range(9):
        nearest("servce-2", kinds)
    assert len(compared) == before + 1


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "fleet.json"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    error = _error(Fleet.from_file, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000
    assert "is larger than 50 MB" in str(error)


def test_files_that_cannot_be_read_are_one_line(tmp_path):
    (tmp_path / "latin.json").write_bytes(b'{"version": "\xe9"}')
    (tmp_path / "fleet.txt").write_text("{}")
    os.mkfifo(tmp_path / "pipe.json")
    for place, says in {
        tmp_path: "says no form",
        tmp_path / "absent.json": "cannot be read",
        tmp_path / "latin.json": "is no UTF-8",
        tmp_path / "fleet.txt": "*.toml",
        tmp_path / "pipe.json": "is no file",
        "null\x00.json": "is no path",
    }.items():
        error = _error(Fleet.from_file, place)
        assert says in str(error)
        assert len(str(error).splitlines()) == 1


def test_a_huge_value_is_shortened_in_the_message():
    error = _error(Fleet.from_json, '{"version": 1, "groups": "' + "x" * 1_000_000 + '"}')
    assert len(str(error)) < 2_000


def test_a_missing_extra_is_one_line_with_the_command(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    error = _error(Fleet.from_yaml, "version: 1")
    assert "pip install 'ecr-constructs[yaml]'" in str(error)


def test_an_account_that_begins_with_a_zero_is_text_in_yaml():
    text = """
version: 1
groups: {a: {}}
principals: {p: {account: 012345678901}}
repositories: [{name: shop/api, group: a, pull: [p]}]
"""
    assert Fleet.from_yaml(text).principals["p"].value == "012345678901"
