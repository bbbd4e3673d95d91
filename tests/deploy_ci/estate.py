"""An app that is deployed to accounts of the embedded AWS, stack by stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

CDK_JSON = Path(__file__).parents[2] / "cdk.json"
REGION = "eu-west-1"
SECONDS = 120.0


class Estate:
    """Stacks of accounts, and what stands of them."""

    def __init__(self, aws: EmbeddedAws, directory: Path) -> None:
        context = json.loads(CDK_JSON.read_text())["context"]
        self._app = cdk.App(context=context, outdir=str(directory), analytics_reporting=False)
        self._aws = aws
        self._templates: dict[str, Mapping[str, Any]] = {}
        self._stacks: dict[str, Stack] = {}

    def stack(self, name: str, account: str) -> cdk.Stack:
        """A stack of the app."""
        return cdk.Stack(
            self._app,
            name,
            env=cdk.Environment(account=account, region=REGION),
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )

    def account(self, account: str) -> Account:
        """An account, seen by its root."""
        return Account(self._aws, account, REGION)

    def deploy(self) -> None:
        """Deploy every stack, in the order in which they can be."""
        for artifact in self._app.synth().stacks:
            account = self.account(artifact.environment.account)
            stack = Stack(account, artifact.stack_name, seconds=SECONDS)
            status = stack.deploy(artifact.template)
            assert status == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
            self._templates[artifact.stack_name] = artifact.template
            self._stacks[artifact.stack_name] = stack

    def physical_id(self, construct: Construct) -> str:
        """The name that a deployed construct got."""
        found: IConstruct | None = construct
        while found is not None and not isinstance(found, cdk.CfnElement):
            found = found.node.default_child
        assert found is not None
        stack = cdk.Stack.of(construct)
        return self._stacks[stack.stack_name].resources()[stack.get_logical_id(found)]

    def drop(self, stack: cdk.Stack, kind: str) -> None:
        """Deploy the stack again without its resources of one type: the grants, say."""
        name = stack.stack_name
        resources = self._templates[name]["Resources"]
        kept = {logical_id: made for logical_id, made in resources.items() if made["Type"] != kind}
        assert len(kept) < len(resources)
        status = self._stacks[name].update(**kept)
        assert status == "UPDATE_COMPLETE", self._stacks[name].reasons("UPDATE_FAILED")
