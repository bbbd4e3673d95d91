"""An example as a user synthesizes it, and what its policies decide, asked of the evaluator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecr_constructs.model.iam.actions import ACCOUNT_ACTIONS, REPOSITORY_ACTIONS
from ecr_constructs.model.iam.evaluator import (
    Outcome,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    evaluate,
)
from tests.examples.synthesis import EXAMPLES, synthesize

ACCOUNT, OTHER, STRANGER, REGION = "111111111111", "222222222222", "333333333333", "eu-west-1"
TOKEN = "ecr:GetAuthorizationToken"
PULL = frozenset({"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"})
AGENT_PULL = PULL | {"ecr:BatchCheckLayerAvailability"}
DESCRIBING_PULL = PULL | {"ecr:DescribeImages"}
PUSH = frozenset(
    f"ecr:{name}"
    for name in (
        "BatchCheckLayerAvailability",
        "CompleteLayerUpload",
        "InitiateLayerUpload",
        "PutImage",
        "UploadLayerPart",
    )
)
Template = Mapping[str, Any]
# A policy that lets every account in, so that the role's own half decides alone.
OPEN: Template = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "ecr:*"}],
}


def built(story: str, place: Path) -> dict[str, Stack]:
    """The stacks of an example, by name."""
    assembly = synthesize(EXAMPLES / "consumers" / f"{story}.py", place / story)
    manifest = json.loads((assembly / "manifest.json").read_text())
    found = {}
    for template in sorted(assembly.glob("*.template.json")):
        name = template.name.removesuffix(".template.json")
        home = manifest["artifacts"][name]["environment"].removeprefix("aws://").split("/")
        account = home[0] if home[0].isdigit() else ACCOUNT
        found[name] = Stack(account, json.loads(template.read_text())["Resources"])
    return found


def repository_arn(name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:ecr:{region}:{account}:repository/{name}"


@dataclass(frozen=True)
class Stack:
    """A template whose references are filled in as CloudFormation would fill them."""

    account: str
    resources: Mapping[str, Template]
    taken: Mapping[str, str] = field(default_factory=dict)
    """What other stacks give: the values of their outputs."""

    def outputs(self, template: Template) -> dict[str, str]:
        """What this stack gives to others."""
        found = template.get("Outputs", {})
        return {name: str(self.filled(output["Value"])) for name, output in found.items()}

    def role(self, path: str) -> Role:
        """The role of the construct at this path, below the stack."""
        made = re.compile(re.escape(path.replace("/", "")) + "[0-9A-F]{8}")
        (logical_id,) = [
            logical_id
            for logical_id, _ in self.of_kind("AWS::IAM::Role")
            if made.fullmatch(logical_id)
        ]
        properties = self.resources[logical_id]["Properties"]
        trust = self.filled(properties["AssumeRolePolicyDocument"])
        documents = [
            self.filled(policy["Properties"]["PolicyDocument"])
            for _, policy in self.of_kind("AWS::IAM::Policy")
            if {"Ref": logical_id} in policy["Properties"]["Roles"]
        ]
        managed = [str(self.filled(arn)) for arn in properties.get("ManagedPolicyArns", [])]
        name = properties.get("RoleName", logical_id)
        return Role(f"arn:aws:iam::{self.account}:role/{name}", trust, documents, managed)

    def repository_policy(self, name: str) -> Template | None:
        """The policy of a repository, by its name."""
        (repository,) = [
            resource["Properties"]
            for _, resource in self.of_kind("AWS::ECR::Repository")
            if resource["Properties"]["RepositoryName"] == name
        ]
        policy = self.filled(repository.get("RepositoryPolicyText"))
        return policy if isinstance(policy, dict) else None

    def of_kind(self, kind: str) -> Iterator[tuple[str, Template]]:
        for logical_id, resource in self.resources.items():
            if resource["Type"] == kind:
                yield logical_id, resource

    def arn(self, logical_id: str) -> str:
        """The ARN of a resource, as far as it matters here: one that is its own."""
        resource = self.resources[logical_id]
        _, service, _ = resource["Type"].lower().split("::")
        home = f"{REGION}:{self.account}"
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::ECR::Repository":
                return repository_arn(properties["RepositoryName"], self.account)
            case "AWS::Logs::LogGroup":
                return f"arn:aws:logs:{home}:log-group:{logical_id}:*"
            case "AWS::S3::Bucket":
                return f"arn:aws:s3:::{logical_id.lower()}"
        return f"arn:aws:{service}:{home}:{logical_id}"

    def filled(self, value: Any) -> Any:
        """The value with its intrinsic functions worked out."""
        match value:
            case {"Ref": str(name)} | {"Fn::GetStackOutput": {"OutputName": str(name)}}:
                return self._referred(name)
            case {"Fn::GetAtt": [str(name), "Arn"]}:
                return self.arn(name)
            case {"Fn::Join": [str(separator), [*parts]]}:
                return separator.join(str(self.filled(part)) for part in parts)
            case dict():
                return {key: self.filled(entry) for key, entry in value.items()}
            case list():
                return [self.filled(entry) for entry in value]
        return value

    def _referred(self, name: str) -> str:
        if name in self.taken:
            return self.taken[name]
        if name.startswith("AWS::"):
            return {
                "AWS::Partition": "aws",
                "AWS::AccountId": self.account,
                "AWS::Region": REGION,
                "AWS::URLSuffix": "amazonaws.com",
            }[name]
        secret = self.resources[name]["Type"] == "AWS::SecretsManager::Secret"
        return self.arn(name) if secret else name


@dataclass(frozen=True)
class Role:
    """A role: who gets it, and what it may do then."""

    arn: str
    trust: Template
    documents: list[Template]
    managed: list[str]

    def may(self, action: str, resource: str = "*", **more: Any) -> bool:
        """Whether its own policies allow an action, and the resource's, where one is given."""
        return action in self.allowed([action], resource, **more)

    def allowed(
        self,
        actions: list[str],
        resource: str,
        *,
        policy: Template | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> set[str]:
        policies = PolicySet(
            identity=tuple(compile_policy(one, PolicyKind.IDENTITY) for one in self.documents),
            repository=policy and compile_policy(policy, PolicyKind.REPOSITORY),
        )
        return _allowed(self.arn, actions, resource, policies, context or {})

    def ecr(self, name: str, *, policy: Template | None = None, **home: str) -> set[str]:
        """Every action of ECR that it may take on a repository."""
        arn = repository_arn(name, **home)
        return self.allowed(sorted(REPOSITORY_ACTIONS), arn, policy=policy)

    def account_actions(self) -> set[str]:
        """Every action of ECR without a repository that it may take."""
        return self.allowed(sorted(ACCOUNT_ACTIONS), "*")

    def assumed_by(self, service: str, action: str = "sts:AssumeRole", **context: str) -> bool:
        """Whether a service gets the role. Keys of the context are written ``SourceAccount``."""
        given = {f"aws:{key}": value for key, value in context.items()}
        return assumes(self.trust, service, given, action)

    def resources_of_everything(self) -> set[str]:
        """The actions that its statements allow on ``*``."""
        found: set[str] = set()
        for document in self.documents:
            for statement in document["Statement"]:
                if "*" in _listed(statement["Resource"]):
                    found.update(_listed(statement["Action"]))
        return found


def assumes(
    trust: Template, service: str, context: Mapping[str, Any], action: str = "sts:AssumeRole"
) -> bool:
    """Whether a trust policy lets a service in: IAM decides as on the policy of any resource."""
    policies = PolicySet(repository=compile_policy(trust, PolicyKind.REPOSITORY))
    arn = f"arn:aws:iam::{ACCOUNT}:role/any"
    return bool(_allowed(service, [action], arn, policies, context))


def service_may(policy: Template | None, service: str, name: str, **context: str) -> set[str]:
    """Every action of ECR that a repository policy lets a service take, for one source."""
    if policy is None:
        return set()
    policies = PolicySet(repository=compile_policy(policy, PolicyKind.REPOSITORY))
    given = {f"aws:{key}": value for key, value in context.items()}
    arn = repository_arn(name)
    return _allowed(service, sorted(REPOSITORY_ACTIONS), arn, policies, given)


def _allowed(
    who: str, actions: list[str], resource: str, policies: PolicySet, context: Mapping[str, Any]
) -> set[str]:
    principal = Principal.parse(who)
    assert principal is not None
    return {
        action
        for action in actions
        if evaluate(
            Request(principal=principal, action=action, resource=resource, context=context),
            policies,
        ).decision
        is Outcome.ALLOW
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
