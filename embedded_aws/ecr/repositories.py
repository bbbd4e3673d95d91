"""The operations on repositories: create, describe, delete, policies, tags, settings."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import EcrError, repository_not_found
from .keys import require_key
from .model import Registries, Repository
from .mutability import MUTABLE, TagMutability
from .policies import checked_policy
from .requests import Answer, EcrRequest, Operation, page


def mutability_of(data: Mapping[str, Any]) -> TagMutability:
    """The tag mutability that a request asks for."""
    filters = tuple(str(entry["filter"]) for entry in _filters(data))
    mode = str(data.get("imageTagMutability") or MUTABLE)
    if bool(filters) != mode.endswith("_WITH_EXCLUSION"):
        raise EcrError(
            "InvalidParameterException",
            "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy "
            "constraint: 'exclusion filters go with the modes IMMUTABLE_WITH_EXCLUSION and "
            "MUTABLE_WITH_EXCLUSION, which need at least one'",
        )
    return TagMutability(mode, filters)


def _filters(data: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return data.get("imageTagMutabilityExclusionFilters") or ()


def describe(repository: Repository) -> Answer:
    """A repository as the API describes it."""
    return {
        "repositoryArn": repository.arn,
        "registryId": repository.registry.account,
        "repositoryName": repository.name,
        "repositoryUri": repository.uri,
        "createdAt": repository.created_at,
        **repository.mutability.described(),
        "imageScanningConfiguration": {"scanOnPush": repository.scan_on_push},
        "encryptionConfiguration": dict(repository.encryption),
    }


class RepositoryOperations:
    """The part of the API that is about repositories as a whole."""

    def __init__(self, registries: Registries) -> None:
        self._registries = registries

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateRepository": self.create,
            "DescribeRepositories": self.describe_repositories,
            "DeleteRepository": self.delete,
            "GetRepositoryPolicy": self.get_policy,
            "SetRepositoryPolicy": self.set_policy,
            "DeleteRepositoryPolicy": self.delete_policy,
            "GetLifecyclePolicy": self.get_lifecycle,
            "PutLifecyclePolicy": self.put_lifecycle,
            "DeleteLifecyclePolicy": self.delete_lifecycle,
            "PutImageTagMutability": self.put_mutability,
            "PutImageScanningConfiguration": self.put_scanning,
            "ListTagsForResource": self.list_tags,
            "TagResource": self.tag,
            "UntagResource": self.untag,
        }

    def create(self, request: EcrRequest) -> Answer:
        registry, data = request.registry, request.data
        name = str(data["repositoryName"])
        if name in registry.repositories:
            raise EcrError(
                "RepositoryAlreadyExistsException",
                f"The repository with name '{name}' already exists in the registry with id "
                f"'{registry.name.account}'",
            )
        encryption = data.get("encryptionConfiguration") or {"encryptionType": "AES256"}
        if encryption.get("kmsKey"):
            require_key(request.caller, encryption["kmsKey"], registry.name)
        repository = Repository(
            name=name,
            registry=registry.name,
            mutability=mutability_of(data),
            scan_on_push=bool((data.get("imageScanningConfiguration") or {}).get("scanOnPush")),
            encryption=dict(encryption),
            tags={entry["Key"]: entry["Value"] for entry in data.get("tags") or ()},
        )
        registry.repositories[name] = repository
        return {"repository": describe(repository)}

    def describe_repositories(self, request: EcrRequest) -> Answer:
        registry = request.registry
        names = request.data.get("repositoryNames")
        chosen = names or sorted(registry.repositories)
        found, more = page(request, [registry.repository(name) for name in chosen])
        return {"repositories": [describe(repository) for repository in found], **more}

    def delete(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        if repository.images and not request.data.get("force"):
            raise EcrError(
                "RepositoryNotEmptyException",
                f"The repository with name '{repository.name}' in registry with id "
                f"'{repository.registry.account}' cannot be deleted because it still contains "
                "images",
            )
        del request.registry.repositories[repository.name]
        return {"repository": describe(repository)}

    def get_policy(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        return {**_whose(repository), "policyText": self._policy(repository)}

    def set_policy(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        repository.policy = checked_policy(str(request.data["policyText"]))
        return {**_whose(repository), "policyText": repository.policy}

    def delete_policy(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        text = self._policy(repository)
        repository.policy = None
        return {**_whose(repository), "policyText": text}

    def get_lifecycle(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        return {
            **_whose(repository),
            "lifecyclePolicyText": self._lifecycle(repository),
            "lastEvaluatedAt": time.time(),
        }

    def put_lifecycle(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        repository.lifecycle = str(request.data["lifecyclePolicyText"])
        return {**_whose(repository), "lifecyclePolicyText": repository.lifecycle}

    def delete_lifecycle(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        text = self._lifecycle(repository)
        repository.lifecycle = None
        return {**_whose(repository), "lifecyclePolicyText": text}

    def put_mutability(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        repository.mutability = mutability_of(request.data)
        return {**_whose(repository), **repository.mutability.described()}

    def put_scanning(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        asked = request.data["imageScanningConfiguration"]
        repository.scan_on_push = bool(asked.get("scanOnPush"))
        return {
            **_whose(repository),
            "imageScanningConfiguration": {"scanOnPush": repository.scan_on_push},
        }

    def list_tags(self, request: EcrRequest) -> Answer:
        tags = self._by_arn(request).tags
        return {"tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def tag(self, request: EcrRequest) -> Answer:
        repository = self._by_arn(request)
        repository.tags.update({entry["Key"]: entry["Value"] for entry in request.data["tags"]})
        return {}

    def untag(self, request: EcrRequest) -> Answer:
        repository = self._by_arn(request)
        for key in request.data["tagKeys"]:
            repository.tags.pop(key, None)
        return {}

    def _repository(self, request: EcrRequest) -> Repository:
        return request.registry.repository(str(request.data["repositoryName"]))

    def _by_arn(self, request: EcrRequest) -> Repository:
        arn = str(request.data["resourceArn"])
        found = self._registries.repository_by_arn(arn)
        if found is None:
            raise repository_not_found(
                arn.partition(":repository/")[2], request.registry.name.account
            )
        return found

    def _policy(self, repository: Repository) -> str:
        if repository.policy is None:
            raise EcrError(
                "RepositoryPolicyNotFoundException",
                f"Repository policy does not exist for the repository with name "
                f"'{repository.name}' in the registry with id '{repository.registry.account}'",
            )
        return repository.policy

    def _lifecycle(self, repository: Repository) -> str:
        if repository.lifecycle is None:
            raise EcrError(
                "LifecyclePolicyNotFoundException",
                f"Lifecycle policy does not exist for the repository with name "
                f"'{repository.name}' in the registry with id '{repository.registry.account}'",
            )
        return repository.lifecycle


def _whose(repository: Repository) -> Answer:
    return {"registryId": repository.registry.account, "repositoryName": repository.name}
