"""A project of a user: a manifest, its assembly, and the real `cdk` command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from demo.toolkit import Result, Toolkit
from ecr_constructs import FleetStage, RepositoryFleet
from ecr_constructs.model.fleet.placing import repository_logical_id
from ecr_constructs.model.fleet.values import Fleet
from embedded_aws import EmbeddedAws

from .fleets import Place

ROOT = Path(__file__).parents[2]
SIDE_BY_SIDE = ("--require-approval", "never", "--concurrency", "2")
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class Project:
    """One folder, deployed with the credentials of one account, wherever its stacks stand."""

    directory: Path
    account: str
    stages: bool = True
    """Whether each environment is a stage, or a fleet of the app itself."""

    @property
    def every(self) -> str:
        """What the command is told to take all stacks: for `--all`, those of stages are none."""
        return "**" if self.stages else "--all"

    def synthesize(self, name: str, fleet: Fleet) -> Path:
        """The assembly of a manifest, as ``cdk synth`` would have the app write it."""
        self.directory.mkdir(exist_ok=True)
        manifest = self.directory / f"{name}.json"
        manifest.write_text(fleet.to_json(), encoding="utf-8")
        assembly = self.directory / name
        # Another process for it would cost more than all that it does.
        app = cdk.App(outdir=str(assembly), context={"aws:cdk:enable-path-metadata": True})
        if self.stages:
            FleetStage.for_environments(app, manifest=manifest)
        else:
            for environment in fleet.environments:
                RepositoryFleet(app, environment, manifest=manifest, environment=environment)
        app.synth()
        return assembly

    def bootstrap(self, aws: EmbeddedAws, assembly: Path, *places: Place) -> None:
        """Prepare each account and Region, as its administrators do once."""
        for place in places:
            words = [f"aws://{place.account}/{place.region}"]
            if place.account != self.account:
                trusted = ("--trust", self.account)
                words += [*trusted, "--cloudformation-execution-policies", ADMINISTRATOR]
            self._toolkit(aws, place.account)._must("bootstrap", "-a", str(assembly), *words)

    def deploy(self, aws: EmbeddedAws, assembly: Path) -> Result:
        """Deploy all stacks, the environments side by side."""
        return self._toolkit(aws)._run("deploy", "-a", str(assembly), self.every, *SIDE_BY_SIDE)

    def begin_deploy(self, aws: EmbeddedAws, assembly: Path) -> subprocess.Popen[bytes]:
        """Begin to deploy all stacks."""
        return subprocess.Popen(
            ["cdk", "deploy", "-a", str(assembly), self.every, *SIDE_BY_SIDE],
            cwd=self.directory,
            env=dict(self._toolkit(aws).environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def diff(self, aws: EmbeddedAws, assembly: Path) -> Result:
        """What a deploy would change; the code is 1 where something differs."""
        return self._toolkit(aws)._run("diff", "-a", str(assembly), self.every, "--fail")

    def runner(self, aws: EmbeddedAws, assembly: Path) -> Callable[..., Result]:
        """The command, for any words."""
        toolkit = self._toolkit(aws)
        return lambda command, *words: toolkit._run(command, "-a", str(assembly), *words)

    def _toolkit(self, aws: EmbeddedAws, account: str | None = None) -> Toolkit:
        caller = account or self.account
        return Toolkit(
            app_directory=self.directory,
            directory=self.directory,
            account=caller,
            region="eu-west-1",
            environment=aws.environment(
                access_key_id=caller,
                region="eu-west-1",
                extra={"CDK_VALIDATION": "false", "PYTHONPATH": str(ROOT)},
            ),
        )


def resources_of(assembly: Path) -> dict[str, dict[str, Any]]:
    """The resources of every template, by the name of the stack."""
    found: dict[str, dict[str, Any]] = {}
    for manifest in assembly.rglob("manifest.json"):
        for artifact in json.loads(manifest.read_text())["artifacts"].values():
            if artifact["type"] == "aws:cloudformation:stack":
                properties = artifact["properties"]
                template = manifest.parent / properties["templateFile"]
                found[properties["stackName"]] = json.loads(template.read_text())["Resources"]
    return found


def repositories_of(resources: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of the repositories among resources, by name."""
    return {
        entry["Properties"]["RepositoryName"]: entry["Properties"]
        for entry in resources.values()
        if entry["Type"] == "AWS::ECR::Repository"
    }


def logical_id(name: str) -> str:
    """The logical id of a repository."""
    return repository_logical_id(name)
