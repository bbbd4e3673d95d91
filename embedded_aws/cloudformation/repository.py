"""AWS::ECR::Repository: created, updated, deleted and imported as CloudFormation does it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..ecr.api import EcrApi
from ..ecr.errors import EcrError
from ..ecr.model import Registries, Repository
from ..ecr.tokens import IamCaller

TYPE = "AWS::ECR::Repository"
Properties = Mapping[str, Any]
Provisioned = tuple[str, dict[str, str]]
Handler = dict[str, Any]


def already_exists(resource_type: str, identifier: Mapping[str, str]) -> str:
    """CloudFormation's sentence for a name that is taken."""
    shown = json.dumps(dict(identifier), separators=(",", ":"))
    return f"Resource of type '{resource_type}' with identifier '{shown}' already exists."


def generated_name(stack_name: str, logical_id: str) -> str:
    """A name for a resource that the template leaves unnamed.

    It is new each time: what a deleted stack left behind is not in the way of the next one.
    """
    return f"{stack_name}-{logical_id}-{secrets.token_hex(6)}"


class RepositoryProvisioner:
    """The handlers of AWS::ECR::Repository."""

    def __init__(self, registries: Registries, api: EcrApi) -> None:
        self._registries = registries
        self._api = api

    def handler(self) -> Handler:
        return {
            "create": self.create,
            "update": self.update,
            "update_with_logical_id": True,
            "delete": self.delete,
            "import": self.import_,
        }

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        name = props.get("RepositoryName") or generated_name(stack_name, logical_id).lower()
        if self._find(name) is not None:
            raise ValueError(already_exists(TYPE, {"RepositoryName": name}))
        self._call(
            "CreateRepository",
            {
                "repositoryName": name,
                "encryptionConfiguration": _encryption(props),
                "tags": _tags(props),
                "imageScanningConfiguration": _scanning(props),
                **_mutability(props),
            },
        )
        try:
            self._apply_policies(name, props)
        except ValueError:
            self._call("DeleteRepository", {"repositoryName": name})
            raise
        return self._provisioned(name)

    def update(
        self,
        physical_id: str,
        old_props: Properties,
        new_props: Properties,
        stack_name: str,
        logical_id: str | None = None,
    ) -> Provisioned:
        repository = self._find(physical_id)
        if repository is None:
            return self.create(logical_id or physical_id, new_props, stack_name)
        name = {"repositoryName": physical_id}
        self._call("PutImageTagMutability", {**name, **_mutability(new_props)})
        scanning = {"imageScanningConfiguration": _scanning(new_props)}
        self._call("PutImageScanningConfiguration", {**name, **scanning})
        declared = {entry["Key"]: entry["Value"] for entry in _tags(new_props)}
        for key in {entry["Key"] for entry in _tags(old_props)} - declared.keys():
            repository.tags.pop(key, None)
        repository.tags.update(declared)
        self._apply_policies(physical_id, new_props)
        return self._provisioned(physical_id)

    def delete(self, physical_id: str, props: Properties) -> None:
        if self._find(physical_id) is None:
            return
        force = _true(props.get("EmptyOnDelete"))
        self._call("DeleteRepository", {"repositoryName": physical_id, "force": force})

    def import_(self, identifier: Mapping[str, str]) -> Provisioned:
        return self._provisioned(identifier["RepositoryName"])

    def import_problem(self, name: str) -> str | None:
        """Why a repository cannot be imported, in CloudFormation's words."""
        if self._find(name) is None:
            return f"Resource of type '{TYPE}' with identifier '{name}' was not found."
        return None

    def _apply_policies(self, name: str, props: Properties) -> None:
        repository = self._find(name)
        if repository is None:
            raise ValueError(f"{name} does not exist")
        lifecycle = (props.get("LifecyclePolicy") or {}).get("LifecyclePolicyText")
        policy = props.get("RepositoryPolicyText")
        if lifecycle:
            given = {"repositoryName": name, "lifecyclePolicyText": lifecycle}
            self._call("PutLifecyclePolicy", given)
        else:
            repository.lifecycle = None
        if policy:
            text = policy if isinstance(policy, str) else json.dumps(policy)
            self._call("SetRepositoryPolicy", {"repositoryName": name, "policyText": text})
        else:
            repository.policy = None

    def _find(self, name: str) -> Repository | None:
        return self._registries.get(get_account_id(), get_region()).repositories.get(name)

    def _provisioned(self, name: str) -> Provisioned:
        repository = self._find(name)
        if repository is None:
            raise ValueError(f"{name} does not exist")
        return name, {"Arn": repository.arn, "RepositoryUri": repository.uri}

    def _call(self, action: str, data: Mapping[str, Any]) -> None:
        call_ecr(self._api, action, data)


def call_ecr(api: EcrApi, action: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a resource handler does; a refusal of ECR fails the resource."""
    caller = IamCaller("", get_account_id())
    try:
        return api.call(action, data, caller, get_region())
    except EcrError as error:
        raise ValueError(
            f"{error.message} (Service: Ecr, Status Code: {error.status}, Error Code: {error.code})"
        ) from error


def _true(value: object) -> bool:
    return str(value).lower() == "true"


def _scanning(props: Properties) -> dict[str, bool]:
    configuration = props.get("ImageScanningConfiguration") or {}
    return {"scanOnPush": _true(configuration.get("ScanOnPush"))}


def _encryption(props: Properties) -> dict[str, str]:
    configuration = props.get("EncryptionConfiguration") or {}
    encryption = {"encryptionType": configuration.get("EncryptionType", "AES256")}
    if configuration.get("KmsKey"):
        encryption["kmsKey"] = configuration["KmsKey"]
    return encryption


def _mutability(props: Properties) -> dict[str, Any]:
    members: dict[str, Any] = {"imageTagMutability": props.get("ImageTagMutability", "MUTABLE")}
    filters = [
        {
            "filterType": entry["ImageTagMutabilityExclusionFilterType"],
            "filter": entry["ImageTagMutabilityExclusionFilterValue"],
        }
        for entry in props.get("ImageTagMutabilityExclusionFilters") or ()
    ]
    return {**members, "imageTagMutabilityExclusionFilters": filters} if filters else members


def _tags(props: Properties) -> list[dict[str, str]]:
    return [
        {"Key": str(entry["Key"]), "Value": str(entry.get("Value", ""))}
        for entry in props.get("Tags") or ()
    ]


Create = Callable[[str, Properties, str], Provisioned]
