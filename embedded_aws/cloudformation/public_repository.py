"""AWS::ECR::PublicRepository, over the API of ECR Public."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..ecr.errors import EcrError
from ..ecr_public.api import REGION, PublicApi, repository_arn
from .repository import Handler, Properties, Provisioned, already_exists, generated_name

TYPE = "AWS::ECR::PublicRepository"


class PublicRepositories:
    """The handlers of the type."""

    def __init__(self, api: PublicApi) -> None:
        self._api = api

    def handler(self) -> Handler:
        return {"create": self.create, "update": self.update, "delete": self.delete}

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        if get_region() != REGION:
            raise ValueError(f"{TYPE} is not supported in {get_region()}")
        account = get_account_id()
        name = props.get("RepositoryName") or generated_name(stack_name, logical_id).lower()
        if self._api.find(account, name) is not None:
            raise ValueError(already_exists(TYPE, {"RepositoryName": name}))
        self._call(
            "CreateRepository",
            {
                "repositoryName": name,
                "catalogData": _catalog(props),
                "tags": [dict(tag) for tag in props.get("Tags") or ()],
            },
        )
        self._set_policy(name, props)
        return name, {"Arn": repository_arn(account, name)}

    def update(
        self, physical_id: str, old_props: Properties, new_props: Properties, stack_name: str
    ) -> Provisioned:
        name = {"repositoryName": physical_id}
        self._call("PutRepositoryCatalogData", {**name, "catalogData": _catalog(new_props)})
        repository = self._api.find(get_account_id(), physical_id)
        if repository is None:
            raise ValueError(f"{physical_id} does not exist")
        repository.policy = None
        self._set_policy(physical_id, new_props)
        repository.tags = {tag["Key"]: tag["Value"] for tag in new_props.get("Tags") or ()}
        return physical_id, {"Arn": repository.arn}

    def delete(self, physical_id: str, props: Properties) -> None:
        if self._api.find(get_account_id(), physical_id) is not None:
            self._call("DeleteRepository", {"repositoryName": physical_id})

    def _set_policy(self, name: str, props: Properties) -> None:
        policy = props.get("RepositoryPolicyText")
        if policy:
            text = policy if isinstance(policy, str) else json.dumps(policy)
            self._call("SetRepositoryPolicy", {"repositoryName": name, "policyText": text})

    def _call(self, action: str, data: Mapping[str, Any]) -> None:
        try:
            self._api.call(action, data, get_account_id())
        except EcrError as error:
            raise ValueError(
                f"{error.message} (Service: EcrPublic, Status Code: {error.status}, "
                f"Error Code: {error.code})"
            ) from error


def _catalog(props: Properties) -> dict[str, Any]:
    """The catalog data in the words of the API, which has another one for the description."""
    given = props.get("RepositoryCatalogData") or {}
    names = {"RepositoryDescription": "description"}
    return {names.get(key, key[:1].lower() + key[1:]): value for key, value in given.items()}
