"""CloudFormation would take every example, where it is deployed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cloudformation_validate as cloudformation

REGIONS = {
    "China.template.json": "cn-north-1",
    "Gallery.template.json": "us-east-1",
    "GovCloud.template.json": "us-gov-west-1",
}
ELSE = "eu-west-1"
# What we do not write ourselves, with the reason why it does no harm.
TAKEN = {
    "W3005": "CDK writes the dependency of a function on its role, which a reference says already",
}


def templates(here: Path) -> list[Path]:
    found = sorted((here / "assemblies").rglob("*.template.json"))
    assert found
    return found


def test_cloudformation_validate_finds_nothing(here: Path) -> None:
    engine = cloudformation.CompositeEngine()
    # Strict: a warning is an error. What is left below is advice.
    strict = cloudformation.ValidateConfig(strict=True)
    found = [
        f"{template.name}: {entry.rule_id}: {entry.message}"
        for template in templates(here)
        for entry in engine.validate_template(template, strict).diagnostics
        if entry.severity is not cloudformation.Severity.INFO and entry.rule_id not in TAKEN
    ]
    assert not found


def test_cfn_lint_finds_nothing(here: Path) -> None:
    by_region: dict[str, list[str]] = {}
    for template in templates(here):
        by_region.setdefault(REGIONS.get(template.name, ELSE), []).append(str(template))
    assert set(by_region) == {*REGIONS.values(), ELSE}
    program = str(Path(sys.executable).with_name("cfn-lint"))
    found = []
    for region, of_region in by_region.items():
        answer = subprocess.run(
            [program, "--format", "json", "--regions", region, "--", *of_region],
            capture_output=True,
            text=True,
            check=False,
        )
        found += [
            f"{Path(entry['Filename']).name}: {entry['Rule']['Id']}: {entry['Message']}"
            for entry in json.loads(answer.stdout)
            if entry["Rule"]["Id"] not in TAKEN
        ]
    assert not found


def test_the_validators_would_find_something(tmp_path: Path) -> None:
    resource = {"Type": "AWS::ECR::Repository", "Properties": {"ImageTagMutability": "SOMETIMES"}}
    template = tmp_path / "assemblies" / "Bad.template.json"
    template.parent.mkdir()
    template.write_text(json.dumps({"Resources": {"Api": resource}}), encoding="utf-8")
    strict = cloudformation.ValidateConfig(strict=True)
    diagnostics = cloudformation.CompositeEngine().validate_template(template, strict).diagnostics
    assert any("SOMETIMES" in entry.message for entry in diagnostics)
