"""The app under test: one repository for each grant to each kind of principal, in two accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ecr_constructs import SecureRepository

from .accounts import OTHER, OWNER, REGION

CDK_JSON = Path(__file__).parents[2] / "cdk.json"
ELSEWHERE = "elsewhere"
Key = tuple[str, ...]
Template = Mapping[str, Any]


class Estate:
    """An app with two stacks of the owner of the repositories and one of another account."""

    def __init__(self, name: str, directory: Path) -> None:
        context = json.loads(CDK_JSON.read_text())["context"]
        self._app = cdk.App(context=context, outdir=str(directory), analytics_reporting=False)
        self.owner = self._stack(f"{name}Owner", OWNER)
        self.second = self._stack(f"{name}Second", OWNER)
        self.other = self._stack(f"{name}Other", OTHER)
        self._noted: dict[Key, tuple[str, str]] = {}
        self._add_elsewhere()

    def repository(self, scope: Construct, key: Key, name: str | None = None) -> SecureRepository:
        """A repository that the tests find again by its key."""
        made = SecureRepository(scope, "Repository", repository_name=name)
        self.note(key, made)
        return made

    def note(self, key: Key, construct: object) -> None:
        """Let the tests find the resource that a construct deploys as."""
        assert isinstance(construct, Construct)
        resource = construct.node.default_child
        assert isinstance(resource, cdk.CfnResource)
        stack = cdk.Stack.of(construct)
        self._noted[key] = (stack.stack_name, stack.get_logical_id(resource))

    @property
    def noted(self) -> Mapping[Key, tuple[str, str]]:
        """Stack and logical id of what was noted."""
        return self._noted

    def templates(self) -> Iterator[tuple[str, str, Template]]:
        """Account, name and template of each stack, in the order in which they can be deployed."""
        for artifact in self._app.synth().stacks:
            yield artifact.environment.account, artifact.stack_name, artifact.template

    def _stack(self, name: str, account: str) -> cdk.Stack:
        return cdk.Stack(
            self._app,
            name,
            env=cdk.Environment(account=account, region=REGION),
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )

    def _add_elsewhere(self) -> None:
        """A repository that others are granted everything on: nobody of the tests may use it."""
        scope = Construct(self.owner, "Elsewhere")
        repository = self.repository(scope, (ELSEWHERE,))
        neighbour = iam.Role(scope, "Neighbour", assumed_by=iam.AccountRootPrincipal())
        for grantee in (neighbour, iam.AccountPrincipal("666666666666")):
            repository.grant_pull_push(grantee)
            repository.grant_read(grantee)
            repository.grant_delete(grantee)
            repository.grant_admin(grantee)
