"""Validates templates before they are deployed: the embedded AWS takes properties as they come.

Two validators, for each knows rules that the other does not: CloudFormation Validate in its strict
mode, and cfn-lint.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cloudformation_validate as cloudformation  # type: ignore[import-untyped]

from demo.stopped import DemoStoppedError

_STOPS = frozenset({cloudformation.Severity.ERROR, cloudformation.Severity.FATAL})


@dataclass(frozen=True)
class Fault:
    """What a validator calls an error."""

    template: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.template}: {self.rule}: {self.message}"


class InvalidTemplateError(DemoStoppedError):
    """A template that must not be deployed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def validate(
    assemblies: Sequence[Path], *, region: str, environment: Mapping[str, str]
) -> list[str]:
    """Validates each template; tells their names or raises `InvalidTemplateError`."""
    templates = [
        template
        for assembly in assemblies
        for template in sorted(assembly.rglob("*.template.json"))
    ]
    if not templates:
        raise FileNotFoundError(f"no template in {', '.join(map(str, assemblies))}")
    faults = [*_strictly(templates), *_linted(templates, region, environment)]
    if faults:
        raise InvalidTemplateError(faults)
    return [_name(template) for template in templates]


def _name(template: Path) -> str:
    """A template as the reader knows it: the assembly that it is of, then its file."""
    return f"{template.parent.name}/{template.name}"


def _strictly(templates: Sequence[Path]) -> list[Fault]:
    engine = cloudformation.CompositeEngine()
    strict = cloudformation.ValidateConfig(strict=True)
    return [
        Fault(_name(template), found.rule_id, found.message)
        for template in templates
        for found in engine.validate_template(template, strict).diagnostics
        if found.severity in _STOPS
    ]


def _linted(templates: Sequence[Path], region: str, environment: Mapping[str, str]) -> list[Fault]:
    program = str(Path(sys.executable).with_name("cfn-lint"))
    told = subprocess.run(  # noqa: S603 - our own linter on our own files
        [program, "--format", "json", "--regions", region, "--", *map(str, templates)],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        findings = json.loads(told.stdout)
    except ValueError:
        raise RuntimeError(f"cfn-lint could not run: {told.stderr.strip()}") from None
    return [
        Fault(_name(Path(found["Filename"])), found["Rule"]["Id"], found["Message"])
        for found in findings
        if found["Level"] == "Error"
    ]
