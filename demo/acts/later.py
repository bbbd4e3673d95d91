"""Observes what comes after the first deploy: nothing, an update, the end, the way back in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import yaml
from botocore.exceptions import ClientError

from demo import standing
from demo.acts.stage import TAG, Stage, told
from demo.screen import Screen
from demo.shop import API, REPOSITORIES, STACK, UPDATED_UNTAGGED_DAYS, Outputs
from demo.standing import Standing
from demo.toolkit import Toolkit

# What stays in the account when the stack goes, and by which property CloudFormation finds it.
IDENTIFIERS = {
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::KMS::Key": "KeyId",
    "AWS::Logs::LogGroup": "LogGroupName",
}

# Logical id, then property and value.
Retained = dict[str, dict[str, str]]


class Later:
    """Everything that a deploy after the first one does."""

    def __init__(
        self, stage: Stage, toolkit: Toolkit, screen: Screen, deployed: Path, updated: Path
    ) -> None:
        self._stage = stage
        self._toolkit = toolkit
        self._screen = screen
        self._deployed = deployed
        self._updated = updated
        self._ecr = stage.owner.client("ecr")
        self._cloudformation = stage.owner.client("cloudformation")

    def observe(self) -> None:
        """Goes through it in order: every step stands on the one before."""
        ledger, step = self._stage.ledger, self._screen.step
        with step("cdk diff"):
            ledger.same("diff", self._diff, "Number of stacks with differences: 0")
        with step("cdk deploy, with another number of days"):
            before = standing.describe(self._ecr, REPOSITORIES)
            wanted = standing.with_untagged_days(before, UPDATED_UNTAGGED_DAYS)
            expected = standing.changes(before, wanted)
            ledger.same("update", partial(self._update, before), expected)
        images = standing.images(self._ecr, REPOSITORIES)
        left = self._retained()
        with step("cdk destroy"):
            ledger.same("destroy", self._destroy, {"stack": "gone", "left": images})
        with step("cdk deploy, once more"):
            ledger.refused("again", self._deploy_again)
        with step("cdk destroy, import and deploy"):
            ledger.same(
                "import",
                partial(self._import, left),
                {"import": "IMPORT_COMPLETE", "taken in": left, "deploy": "UPDATE_COMPLETE"},
            )
        ledger.same("survived", partial(standing.images, self._ecr, REPOSITORIES), images)
        ledger.same("pull-again", self._pull_again, told(self._stage.cargo.release))

    def _diff(self) -> str:
        result = self._toolkit.diff(self._deployed)
        return result.line_with("Number of stacks with differences")

    def _update(self, before: Mapping[str, Standing]) -> list[str]:
        self._toolkit.deploy(self._updated)
        return standing.changes(before, standing.describe(self._ecr, REPOSITORIES))

    def _destroy(self) -> dict[str, object]:
        self._toolkit.destroy(self._updated)
        images = standing.images(self._ecr, REPOSITORIES)
        return {"stack": self._status(), "left": images}

    def _deploy_again(self) -> str:
        self._toolkit.deploy(self._updated)
        return self._status()

    def _import(self, left: Retained) -> dict[str, object]:
        # The stack that failed is still listed, and nothing can be imported into it.
        self._toolkit.destroy(self._updated)
        path = self._updated.with_suffix(".mapping.json")
        path.write_text(json.dumps(left, indent=2))
        self._toolkit.take_in(self._updated, STACK, path)
        imported, taken = self._status(), self._retained()
        self._toolkit.deploy(self._updated)
        return {"import": imported, "taken in": taken, "deploy": self._status()}

    def _pull_again(self) -> str:
        told_outputs = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in told_outputs}
        stage = replace(self._stage, outputs=Outputs.read(outputs))
        return stage.pull(stage.execution, API, TAG)

    def _status(self) -> str:
        try:
            answer = self._cloudformation.describe_stacks(StackName=STACK)
        except ClientError as error:
            if "does not exist" in str(error):
                return "gone"
            raise
        return str(answer["Stacks"][0]["StackStatus"])

    def _retained(self) -> Retained:
        """Logical ids of what stays when the stack goes, with the names that it goes by."""
        template = self._cloudformation.get_template(StackName=STACK)["TemplateBody"]
        # `cdk` sends YAML, and an SDK reads the answer only where it is JSON.
        read = template if isinstance(template, dict) else yaml.safe_load(template)
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        return {
            found["LogicalResourceId"]: {
                IDENTIFIERS[found["ResourceType"]]: found["PhysicalResourceId"]
            }
            for page in pages
            for found in page["StackResourceSummaries"]
            if read["Resources"][found["LogicalResourceId"]].get("DeletionPolicy") == "Retain"
        }
