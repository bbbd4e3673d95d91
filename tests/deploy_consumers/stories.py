"""The stories of consumers as they stand in the embedded AWS, each in accounts of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack
from tests.examples.synthesis import GOLDENS

REGION = "eu-west-1"
SECONDS = 120.0
OWNER, OTHER = "111111111111", "222222222222"
STORIES = (
    "app_runner",
    "batch",
    "codebuild",
    "codepipeline",
    "ecs_cross_account",
    "ecs_task_roles",
    "eks_fargate",
    "eks_hybrid",
    "eks_nodes",
    "emr_serverless",
    "lambda_cross_account",
    "lambda_same_account",
    "sagemaker",
)
# The embedded AWS does not know these types. None of them decides who may pull.
LACKING = frozenset(
    {
        "AWS::AppRunner::Service",
        "AWS::Batch::ComputeEnvironment",
        "AWS::Batch::JobDefinition",
        "AWS::CodePipeline::Pipeline",
        "AWS::EKS::AccessEntry",
        "AWS::EKS::FargateProfile",
        "AWS::EMRServerless::Application",
        "AWS::RolesAnywhere::Profile",
        "AWS::SageMaker::Model",
    }
)
Template = dict[str, Any]


@dataclass
class DeployedStack:
    """One stack of a story, and what the embedded AWS lacks of it."""

    account: Account
    stack: Stack
    resources: Template
    lacking: set[str]
    ids: Mapping[str, str] = field(default_factory=dict)

    def deploy(self) -> None:
        status = self.stack.deploy({"Resources": self.resources})
        assert status == "CREATE_COMPLETE", self.stack.reasons("CREATE_FAILED")
        self.ids = self.stack.resources()
        assert set(self.ids) == set(self.resources)

    def role_arn(self, path: str) -> str:
        """The role that the construct at this path was deployed as."""
        return self.account.role_arn(self.ids[self._role(path)])

    def revoke(self, path: str) -> None:
        """Deploy the stack without what the role was granted on repositories; it may log in."""
        role = {"Ref": self._role(path)}
        changed: Template = json.loads(json.dumps(self.resources))
        for resource in changed.values():
            if resource["Type"] == "AWS::IAM::Policy" and role in resource["Properties"]["Roles"]:
                document = resource["Properties"]["PolicyDocument"]
                kept = [entry for entry in document["Statement"] if entry["Resource"] == "*"]
                assert len(kept) < len(document["Statement"])
                document["Statement"] = kept
        self.update(changed)

    def revoke_from(self, repository: str) -> None:
        """Deploy the stack without the policy of a repository."""
        changed: Template = json.loads(json.dumps(self.resources))
        (properties,) = [
            resource["Properties"]
            for resource in changed.values()
            if resource["Properties"].get("RepositoryName") == repository
        ]
        del properties["RepositoryPolicyText"]
        self.update(changed)

    def update(self, resources: Template) -> None:
        status = self.stack.update(**resources)
        assert status == "UPDATE_COMPLETE", self.stack.reasons("UPDATE_FAILED")

    def _role(self, path: str) -> str:
        made = re.compile(f"{path}[0-9A-F]{{8}}")
        (logical_id,) = [
            name
            for name, resource in self.resources.items()
            if resource["Type"] == "AWS::IAM::Role" and made.fullmatch(name)
        ]
        return logical_id


@dataclass(frozen=True)
class Story:
    """A story that is deployed as far as the embedded AWS goes."""

    aws: EmbeddedAws
    owner: str
    other: str
    stacks: Mapping[str, DeployedStack]

    @classmethod
    def deployed(cls, aws: EmbeddedAws, name: str) -> Story:
        """Deploy its templates. Names are written out, so it has accounts of its own."""
        number = STORIES.index(name)
        owner, other = f"81{number:010d}", f"82{number:010d}"
        if name == "eks_nodes":
            # The node group joins a cluster that stands already.
            account = Account(aws, owner, REGION)
            network = {"subnetIds": ["subnet-0a1b2c3d4e5f60718"]}
            account.client("eks").create_cluster(
                name="shop", roleArn=account.create_role("cluster"), resourcesVpcConfig=network
            )
        stacks = {}
        for golden in sorted((GOLDENS / "consumers" / name).iterdir()):
            text = golden.read_text(encoding="utf-8").replace(OWNER, owner).replace(OTHER, other)
            title = golden.name.partition(".")[0]
            foreign = title == "Production"
            account = Account(aws, other if foreign else owner, REGION)
            resources, lacking = _emulated(json.loads(text)["Resources"])
            stack = Stack(account, title, seconds=SECONDS)
            stacks[title] = DeployedStack(account, stack, resources, lacking)
            stacks[title].deploy()
        return cls(aws, owner, other, stacks)

    @property
    def lacking(self) -> set[str]:
        return {kind for stack in self.stacks.values() for kind in stack.lacking}


def _emulated(resources: Template) -> tuple[Template, set[str]]:
    """Without what is not emulated, and what refers to that; and the types that are missing."""
    gone = {name for name, resource in resources.items() if resource["Type"] in LACKING}
    lacking = {resources[name]["Type"] for name in gone}
    kept = dict(resources)
    while gone & kept.keys():
        kept = {name: resource for name, resource in kept.items() if name not in gone}
        gone |= {name for name, resource in kept.items() if _mentions(resource, gone)}
    return kept, lacking


def _mentions(value: Any, names: set[str]) -> bool:
    if isinstance(value, dict):
        return any(_mentions(entry, names) for entry in value.values())
    if isinstance(value, list):
        return any(_mentions(entry, names) for entry in value)
    return value in names if isinstance(value, str) else False
