"""The API of ECR Public: repositories, their catalog data, policies and tags.

Who may push is decided, and then said not to be emulated: there are no public images here.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..ecr.api import HttpAnswer, answered, refused
from ..ecr.errors import EcrError, repository_not_found
from ..ecr.requests import Answer, EcrModel

SERVICE = "ecr-public"
TARGET = "SpencerFrontendService"
REGION = "us-east-1"
"""The one Region of the commercial partition in which the API is."""


def repository_arn(account: str, name: str) -> str:
    return f"arn:aws:ecr-public::{account}:repository/{name}"


@dataclass
class PublicRepository:
    """A public repository."""

    name: str
    account: str
    catalog: dict[str, Any] = field(default_factory=dict)
    policy: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    created_at: float = field(default_factory=time.time)

    @property
    def arn(self) -> str:
        return repository_arn(self.account, self.name)

    def described(self) -> Answer:
        # The alias that AWS gives a registry: a letter, digits and letters, always the same.
        alias = f"a{hashlib.sha256(self.account.encode()).hexdigest()[:7]}"
        return {
            "repositoryArn": self.arn,
            "registryId": self.account,
            "repositoryName": self.name,
            "repositoryUri": f"public.ecr.aws/{alias}/{self.name}",
            "createdAt": self.created_at,
        }


@dataclass(frozen=True)
class PublicRequest:
    """One call: what was asked, in which account."""

    data: Mapping[str, Any]
    account: str


Operation = Callable[[PublicRequest], Answer]


class PublicApi:
    """All public registries of the process."""

    def __init__(self) -> None:
        self._repositories: dict[tuple[str, str], PublicRepository] = {}
        self._model = EcrModel(SERVICE)
        self._operations: dict[str, Operation] = {
            "CreateRepository": self._create,
            "DeleteRepository": self._delete,
            "DescribeRepositories": self._describe,
            "GetRepositoryCatalogData": self._get_catalog,
            "PutRepositoryCatalogData": self._put_catalog,
            "GetRepositoryPolicy": self._get_policy,
            "SetRepositoryPolicy": self._set_policy,
            "DeleteRepositoryPolicy": self._delete_policy,
            "ListTagsForResource": self._list_tags,
            "TagResource": self._tag,
            "UntagResource": self._untag,
        }

    async def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
    ) -> HttpAnswer:
        """Answer a request that ministack has authenticated and authorized."""
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        try:
            return answered(self.call(action, json.loads(body or b"{}"), get_account_id()))
        except ValueError:
            return refused(EcrError("SerializationException", "The request is not JSON"))
        except EcrError as error:
            return refused(error)

    def call(self, action: str, data: Mapping[str, Any], account: str) -> Answer:
        """Do *action* for an account that may."""
        if get_region() != REGION:
            raise EcrError("UnknownOperationException", f"{SERVICE} is not in {get_region()}")
        if not self._model.knows(action):
            raise EcrError("UnknownOperationException", f"{SERVICE} has no operation {action}")
        self._model.check(action, data)
        operation = self._operations.get(action)
        if operation is None:
            raise EcrError(
                "UnsupportedCommandException",
                f"the embedded AWS does not emulate {action} of {SERVICE}",
            )
        return operation(PublicRequest(data, account))

    def find(self, account: str, name: str) -> PublicRepository | None:
        return self._repositories.get((account, name))

    def _repository(self, request: PublicRequest) -> PublicRepository:
        arn = request.data.get("resourceArn")
        name = str(arn).rpartition("repository/")[2] if arn else request.data["repositoryName"]
        found = self.find(request.account, name)
        if found is None:
            raise repository_not_found(name, request.account)
        return found

    def _create(self, request: PublicRequest) -> Answer:
        name = str(request.data["repositoryName"])
        if self.find(request.account, name) is not None:
            raise EcrError(
                "RepositoryAlreadyExistsException",
                f"The repository with name '{name}' already exists in the registry with id "
                f"'{request.account}'",
            )
        made = PublicRepository(
            name,
            request.account,
            catalog=dict(request.data.get("catalogData") or {}),
            tags={tag["Key"]: tag["Value"] for tag in request.data.get("tags") or ()},
        )
        self._repositories[request.account, name] = made
        return {"repository": made.described(), "catalogData": made.catalog}

    def _delete(self, request: PublicRequest) -> Answer:
        gone = self._repository(request)
        del self._repositories[request.account, gone.name]
        return {"repository": gone.described()}

    def _describe(self, request: PublicRequest) -> Answer:
        names = request.data.get("repositoryNames") or sorted(
            name for account, name in self._repositories if account == request.account
        )
        found = [
            self._repository(PublicRequest({"repositoryName": name}, request.account))
            for name in names
        ]
        return {"repositories": [repository.described() for repository in found]}

    def _get_catalog(self, request: PublicRequest) -> Answer:
        return {"catalogData": self._repository(request).catalog}

    def _put_catalog(self, request: PublicRequest) -> Answer:
        self._repository(request).catalog = dict(request.data["catalogData"])
        return self._get_catalog(request)

    def _get_policy(self, request: PublicRequest) -> Answer:
        repository = self._repository(request)
        if repository.policy is None:
            raise EcrError(
                "RepositoryPolicyNotFoundException",
                f"Repository policy does not exist for the repository with name "
                f"'{repository.name}' in the registry with id '{repository.account}'",
            )
        return {
            "registryId": repository.account,
            "repositoryName": repository.name,
            "policyText": repository.policy,
        }

    def _set_policy(self, request: PublicRequest) -> Answer:
        self._repository(request).policy = str(request.data["policyText"])
        return self._get_policy(request)

    def _delete_policy(self, request: PublicRequest) -> Answer:
        answer = self._get_policy(request)
        self._repository(request).policy = None
        return answer

    def _list_tags(self, request: PublicRequest) -> Answer:
        tags = self._repository(request).tags
        return {"tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _tag(self, request: PublicRequest) -> Answer:
        tags = {tag["Key"]: tag["Value"] for tag in request.data["tags"]}
        self._repository(request).tags.update(tags)
        return {}

    def _untag(self, request: PublicRequest) -> Answer:
        for key in request.data["tagKeys"]:
            self._repository(request).tags.pop(key, None)
        return {}
