"""The registry-wide types of AWS::ECR, each of them a thin layer over the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id

from ..ecr.api import EcrApi
from .repository import Handler, Properties, Provisioned, call_ecr


def api_spelling(value: Any) -> Any:
    """A template's value with its keys spelled as the API spells them."""
    if isinstance(value, Mapping):
        return {key[:1].lower() + key[1:]: api_spelling(member) for key, member in value.items()}
    if isinstance(value, list):
        return [api_spelling(member) for member in value]
    return value


@dataclass(frozen=True)
class Singleton:
    """A setting that a registry has once: Ref is the account, deleting it resets it."""

    put: str
    delete: str | None
    # What a delete writes where the API knows no delete.
    reset: Mapping[str, Any] | None = None
    # The member that wraps the template's properties in the API's request.
    wrapper: str | None = None

    def handler(self, api: EcrApi) -> Handler:
        provisioner = SingletonProvisioner(self, api)
        return {
            "create": provisioner.create,
            "update": provisioner.update,
            "delete": provisioner.remove,
        }


class SingletonProvisioner:
    """The handlers of a singleton type."""

    def __init__(self, singleton: Singleton, api: EcrApi) -> None:
        self._singleton = singleton
        self._api = api

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        data = api_spelling(_policy_text(props))
        wrapper = self._singleton.wrapper
        call_ecr(self._api, self._singleton.put, {wrapper: data} if wrapper else data)
        account = get_account_id()
        return account, {"RegistryId": account}

    def update(
        self, physical_id: str, old_props: Properties, new_props: Properties, stack_name: str
    ) -> Provisioned:
        return self.create(physical_id, new_props, stack_name)

    def remove(self, physical_id: str, props: Properties) -> None:
        if self._singleton.delete is not None:
            call_ecr(self._api, self._singleton.delete, {})
        else:
            call_ecr(self._api, self._singleton.put, self._singleton.reset or {})


@dataclass(frozen=True)
class Row:
    """One entry of a list of the registry, identified by one of its properties."""

    identifier: str
    create: str
    delete: str
    update: str | None = None
    attributes: tuple[str, ...] = ()
    # The member of the create call's answer that holds the entry.
    answer: str | None = None

    def handler(self, api: EcrApi) -> Handler:
        provisioner = RowProvisioner(self, api)
        handler = {"create": provisioner.create, "delete": provisioner.remove}
        return {**handler, "update": provisioner.update} if self.update else handler


class RowProvisioner:
    """The handlers of a type whose resources are entries of a list."""

    def __init__(self, row: Row, api: EcrApi) -> None:
        self._row = row
        self._api = api

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        return self._written(self._row.create, props)

    def update(
        self, physical_id: str, old_props: Properties, new_props: Properties, stack_name: str
    ) -> Provisioned:
        return self._written(self._row.update or self._row.create, new_props)

    def remove(self, physical_id: str, props: Properties) -> None:
        call_ecr(self._api, self._row.delete, {api_key(self._row.identifier): physical_id})

    def _written(self, action: str, props: Properties) -> Provisioned:
        answer = call_ecr(self._api, action, _template_tags(props))
        entry = answer.get(self._row.answer, answer) if self._row.answer else answer
        attributes = {name: str(entry[api_key(name)]) for name in self._row.attributes}
        return props[self._row.identifier], attributes


def api_key(name: str) -> str:
    return name[:1].lower() + name[1:]


def _policy_text(props: Properties) -> Properties:
    """A policy may be written as an object in a template; the API takes text."""
    policy = props.get("PolicyText")
    if policy is None or isinstance(policy, str):
        return props
    return {**props, "PolicyText": json.dumps(policy)}


def _template_tags(props: Properties) -> dict[str, Any]:
    """The API's request for a row; tags keep the capitals that the API has there, too."""
    spelled: dict[str, Any] = api_spelling(props)
    if "ResourceTags" in props:
        spelled["resourceTags"] = [dict(tag) for tag in props["ResourceTags"]]
    filters = props.get("ImageTagMutabilityExclusionFilters")
    if filters:
        spelled["imageTagMutabilityExclusionFilters"] = [
            {
                "filterType": entry["ImageTagMutabilityExclusionFilterType"],
                "filter": entry["ImageTagMutabilityExclusionFilterValue"],
            }
            for entry in filters
        ]
    return spelled


TYPES: Mapping[str, Singleton | Row] = {
    "AWS::ECR::RegistryPolicy": Singleton("PutRegistryPolicy", "DeleteRegistryPolicy"),
    "AWS::ECR::RegistryScanningConfiguration": Singleton(
        "PutRegistryScanningConfiguration", None, {"scanType": "BASIC", "rules": []}
    ),
    "AWS::ECR::ReplicationConfiguration": Singleton(
        "PutReplicationConfiguration", None, {"replicationConfiguration": {"rules": []}}
    ),
    "AWS::ECR::SigningConfiguration": Singleton(
        "PutSigningConfiguration",
        "DeleteSigningConfiguration",
        wrapper="signingConfiguration",
    ),
    "AWS::ECR::PullThroughCacheRule": Row(
        "EcrRepositoryPrefix", "CreatePullThroughCacheRule", "DeletePullThroughCacheRule"
    ),
    "AWS::ECR::RepositoryCreationTemplate": Row(
        "Prefix",
        "CreateRepositoryCreationTemplate",
        "DeleteRepositoryCreationTemplate",
        "UpdateRepositoryCreationTemplate",
        ("CreatedAt", "UpdatedAt"),
        "repositoryCreationTemplate",
    ),
    "AWS::ECR::PullTimeUpdateExclusion": Row(
        "PrincipalArn", "RegisterPullTimeUpdateExclusion", "DeregisterPullTimeUpdateExclusion"
    ),
}
