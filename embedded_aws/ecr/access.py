"""Who may do what: every decision about ECR goes to ministack's IAM evaluator from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError, EvalContext, EvalResult
from ministack.core.responses import request_scope

from .model import Registries, RegistryName
from .tokens import Caller, IamCaller, ServiceCaller


@dataclass(frozen=True)
class Denial:
    """A refusal, in the words of ECR."""

    message: str


def resource_arns(action: str, data: Mapping[str, Any], own: RegistryName) -> tuple[str, ...]:
    """The ARNs that a request of the ECR API is authorized on."""
    registry = RegistryName(str(data.get("registryId") or own.account), own.region)
    if isinstance(data.get("resourceArn"), str):
        return (str(data["resourceArn"]),)
    if isinstance(data.get("repositoryName"), str):
        return (registry.repository_arn(str(data["repositoryName"])),)
    names = data.get("repositoryNames")
    if isinstance(names, list) and names:
        return tuple(registry.repository_arn(str(name)) for name in names)
    if action in ("DescribeRepositories", "BatchGetRepositoryScanningConfiguration"):
        return (registry.repository_arn("*"),)
    return ("*",)


class Access:
    """Decisions about the repositories of one process."""

    def __init__(self, registries: Registries) -> None:
        self._registries = registries

    def policy_for(self, resource_arn: str) -> tuple[str, str] | None:
        """The policy text that governs a repository, and the account that owns it.

        The registry's policy and the repository's own count together: an Allow in either
        allows, a Deny in either denies. ministack calls this for each decision about ECR.
        """
        parts = resource_arn.split(":", 5)
        if len(parts) < 6 or not parts[5].startswith("repository/"):
            return None
        account, region = parts[4], parts[3]
        statements = _statements(self._registries.get(account, region).policy)
        repository = self._registries.repository_by_arn(resource_arn)
        if repository is not None:
            statements += _statements(repository.policy)
        return (json.dumps({"Statement": statements}) if statements else ""), account

    def tag_keys(self, resource_arn: str) -> dict[str, str]:
        """The condition keys that a repository's tags give."""
        repository = self._registries.repository_by_arn(resource_arn)
        tags = repository.tags if repository is not None else {}
        return {
            f"{prefix}:ResourceTag/{key}": value
            for key, value in tags.items()
            for prefix in ("aws", "ecr")
        }

    def decide(self, caller: Caller, action: str, resource_arn: str, region: str) -> Denial | None:
        """None where *caller* may do *action* (`ecr:...`) on the resource, else the refusal."""
        if isinstance(caller, ServiceCaller):
            return self._decide_for_service(caller, action, resource_arn, region)
        return self._decide_for_principal(caller, action, resource_arn, region)

    def _decide_for_principal(
        self, caller: IamCaller, action: str, resource_arn: str, region: str
    ) -> Denial | None:
        # The evaluator finds users and their policies in the account of the request's scope.
        with request_scope(caller.account, region):
            result = iam_evaluator.enforce(
                caller.access_key_id,
                action,
                "ecr",
                region,
                resource_arn,
                self.tag_keys(resource_arn),
            )
            if result is None:
                return self.root_elsewhere(caller, action, resource_arn, region)
            if isinstance(result, AuthError):
                return Denial(result.message)
            return Denial(self.refusal(result, action, resource_arn, region))

    def root_elsewhere(
        self, caller: IamCaller, action: str, resource_arn: str, region: str
    ) -> Denial | None:
        """An account's root may do everything at home only; ministack asks no policy for it."""
        found = self.policy_for(resource_arn)
        is_root = iam_evaluator.is_root_access_key(caller.access_key_id)
        if not is_root or found is None or found[1] == caller.account:
            return None
        principal = f"arn:aws:iam::{caller.account}:root"
        context = self._context(principal, caller.account, action, resource_arn, region)
        if iam_evaluator.evaluate_resource_policy(found[0], context).decision == "Allow":
            return None
        return Denial(_sentence(principal, action, resource_arn, "resource-based", explicit=False))

    def _decide_for_service(
        self, caller: ServiceCaller, action: str, resource_arn: str, region: str
    ) -> Denial | None:
        found = self.policy_for(resource_arn)
        context = self._context(caller.service, "", action, resource_arn, region)
        context.service_context.update(
            {key.lower(): value for key, value in caller.context.items()}
        )
        policy = found[0] if found else ""
        decision = iam_evaluator.evaluate_resource_policy(
            policy, context, service=caller.service
        ).decision
        if decision == "Allow":
            return None
        explicit = decision == "Deny"
        return Denial(_sentence(caller.service, action, resource_arn, "resource-based", explicit))

    def refusal(self, result: EvalResult, action: str, resource_arn: str, region: str) -> str:
        """The sentence of AWS for a denial: who, what, on what, and which kind of policy."""
        explicit = result.decision == "Deny"
        if explicit:
            kind = "resource-based" if result.resource_policy_arn else "identity-based"
            return _sentence(result.principal_arn, action, resource_arn, kind, explicit)
        kind = "identity-based"
        found = self.policy_for(resource_arn)
        account = result.principal_arn.split(":")[4] if ":" in result.principal_arn else ""
        if found is not None and found[1] != account:
            context = self._context(result.principal_arn, account, action, resource_arn, region)
            granted = iam_evaluator.evaluate_resource_policy(found[0], context)
            kind = "identity-based" if granted.decision == "Allow" else "resource-based"
        return _sentence(result.principal_arn, action, resource_arn, kind, explicit)

    def _context(
        self, principal: str, account: str, action: str, resource_arn: str, region: str
    ) -> EvalContext:
        kind = "AssumedRole" if ":assumed-role/" in principal else "User"
        return EvalContext(
            principal_arn=principal,
            principal_type=kind,
            principal_account=account,
            action=action,
            resource_arn=resource_arn,
            region=region,
            service_context={
                key.lower(): value for key, value in self.tag_keys(resource_arn).items()
            },
        )


def _statements(policy: str | None) -> list[Mapping[str, Any]]:
    if not policy:
        return []
    statements = json.loads(policy).get("Statement", [])
    return [statements] if isinstance(statements, dict) else list(statements)


def _sentence(principal: str, action: str, resource: str, kind: str, explicit: bool) -> str:
    reason = (
        f"with an explicit deny in a{'n' if kind.startswith('i') else ''} {kind} policy"
        if explicit
        else f"because no {kind} policy allows the {action} action"
    )
    subject = f"User: {principal} is not authorized to perform: {action}"
    return f"{subject} on resource: {resource} {reason}"
