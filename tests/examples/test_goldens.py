"""Every example has its golden templates, the same on each CDK and wherever it is synthesized."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from .conftest import Another
from .synthesis import GOLDENS, ROOT, files, name_of

RENEW = "If that is meant: python -m tests.examples.synthesis, and say why in the commit."


def contents(place: Path) -> dict[str, str]:
    return {
        str(file.relative_to(place)): file.read_text(encoding="utf-8")
        for file in sorted(place.rglob("*"))
        if file.is_file()
    }


def deployed(assemblies: Path) -> dict[str, str]:
    """All that is deployed; CDK's notes on who called it (``metadata``) name files and lines."""
    return {
        name: text
        for name, text in contents(assemblies).items()
        if not name.endswith((".metadata.json", "validation-report.json"))
    }


def differences(expected: dict[str, str], found: dict[str, str]) -> str:
    return "\n".join(
        line
        for name in sorted(expected.keys() | found.keys())
        for line in difflib.unified_diff(
            expected.get(name, "").splitlines(),
            found.get(name, "").splitlines(),
            f"expected {name}",
            f"found {name}",
            lineterm="",
        )
    )


def test_templates_are_the_golden_ones(here: Path) -> None:
    changed = differences(contents(GOLDENS), contents(here / "golden"))
    assert not changed, f"{changed}\n{RENEW}"


def test_each_example_has_a_golden_a_stack(here: Path) -> None:
    assemblies = contents(here / "assemblies")
    templates = [name for name in assemblies if name.endswith(".template.json")]
    assert len(contents(GOLDENS)) == len(templates)
    examples = {Path(name).parent.as_posix() for name in contents(GOLDENS)}
    assert examples == {name_of(file) for file in files()}


def test_another_process_elsewhere_writes_the_same_bytes(here: Path, another: Another) -> None:
    theirs = deployed(another.finished() / "assemblies")
    assert not differences(deployed(here / "assemblies"), theirs)


def test_the_oldest_cdk_writes_the_golden_templates(floor: Another) -> None:
    changed = differences(contents(GOLDENS), contents(floor.finished() / "golden"))
    assert not changed, changed


def test_the_oldest_cdk_shows_what_the_validator_finds(floor: Another) -> None:
    floor.finished()
    said = floor.said or ""
    assert "ecr-constructs" in said
    for shown in ("property-value-unknown", "write MUTABLE", "Dev/Shop/Api"):
        assert shown in said


def test_the_oldest_cdk_is_the_one_that_the_package_asks_for() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = dict(re.findall(r'"(aws-cdk-lib|constructs|jsii)>=([0-9.]+),', project))
    floor_in = (ROOT / "requirements" / "floor.in").read_text(encoding="utf-8")
    assert asked == dict(re.findall(r"^([a-z-]+)==([0-9.]+)$", floor_in, re.MULTILINE))
    lock = (ROOT / "requirements" / "floor.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z-]+)==([0-9.]+) ", lock, re.MULTILINE))
    assert asked.items() <= pinned.items()
