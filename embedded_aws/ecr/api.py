"""The ECR API: JSON requests in, answers or ECR's exceptions out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id

from .access import Access, Denial, resource_arns
from .errors import EcrError
from .images import ImageOperations
from .layers import LayerOperations
from .model import Registries, RegistryName
from .registry_settings import RegistryOperations, RegistryRuleOperations
from .repositories import RepositoryOperations
from .requests import Answer, EcrModel, EcrRequest, Operation
from .tokens import AuthorizationTokens, IamCaller, ServiceCaller

HttpAnswer = tuple[int, dict[str, str], bytes]
CONTENT_TYPE = "application/x-amz-json-1.1"


class EcrApi:
    """All operations of the ECR API over one set of registries."""

    def __init__(self, registries: Registries, tokens: AuthorizationTokens, access: Access) -> None:
        self._registries = registries
        self._tokens = tokens
        self._access = access
        self._model = EcrModel()
        self._operations: dict[str, Operation] = {
            "GetAuthorizationToken": self._authorization_token,
            **RepositoryOperations(registries).operations(),
            **ImageOperations().operations(),
            **LayerOperations().operations(),
            **RegistryOperations().operations(),
            **RegistryRuleOperations().operations(),
        }

    async def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
    ) -> HttpAnswer:
        """Answer a request that ministack has authenticated, and authorized on its first ARN."""
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        caller = IamCaller(extract_access_key_id(headers, query_params), get_account_id())
        try:
            data = json.loads(body or b"{}")
        except ValueError:
            return refused(EcrError("SerializationException", "The request is not JSON"))
        own = self._registries.get(caller.account, get_region()).name
        denial = self._further_denial(f"ecr:{action}", data, caller, own)
        if denial is not None:
            return refused(EcrError("AccessDeniedException", denial.message))
        try:
            return answered(self.call(action, data, caller, own.region))
        except EcrError as error:
            return refused(error)

    def answer_service(
        self, service: ServiceCaller, action: str, data: Mapping[str, Any], own: RegistryName
    ) -> Answer:
        """Answer an AWS service that calls for a customer; EcrError where it may not."""
        for arn in resource_arns(action, data, own):
            denial = self._access.decide(service, f"ecr:{action}", arn, own.region)
            if denial is not None:
                raise EcrError("AccessDeniedException", denial.message)
        return self.call(action, data, IamCaller(own.account, own.account), own.region)

    def _further_denial(
        self, action: str, data: Mapping[str, Any], caller: IamCaller, own: RegistryName
    ) -> Denial | None:
        """What ministack does not ask: the other ARNs of the call, and roots away from home."""
        first, *others = resource_arns(action.partition(":")[2], data, own)
        denial = self._access.root_elsewhere(caller, action, first, own.region)
        for arn in others:
            denial = denial or self._access.decide(caller, action, arn, own.region)
        return denial

    def call(self, action: str, data: Mapping[str, Any], caller: IamCaller, region: str) -> Answer:
        """Do *action* for a caller who may."""
        if not self._model.knows(action):
            raise EcrError("UnknownOperationException", f"ECR has no operation {action}")
        self._model.check(action, data)
        operation = self._operations.get(action)
        if operation is None:
            raise EcrError(
                "UnsupportedCommandException", f"the embedded AWS does not emulate {action}"
            )
        registry = self._registries.get(str(data.get("registryId") or caller.account), region)
        return operation(EcrRequest(action, data, registry, caller))

    def _authorization_token(self, request: EcrRequest) -> Answer:
        name = request.registry.name
        encoded, token = self._tokens.issue(request.caller, request.caller.account, name.region)
        hosts = request.data.get("registryIds") or [name.account]
        return {
            "authorizationData": [
                {
                    "authorizationToken": encoded,
                    "expiresAt": token.expires_at,
                    "proxyEndpoint": f"https://{self._registries.get(host, name.region).name.host}",
                }
                for host in hosts
            ]
        }


def answered(document: Mapping[str, Any], status: int = 200) -> HttpAnswer:
    """An answer as it goes over the wire."""
    return status, {"Content-Type": CONTENT_TYPE}, json.dumps(document).encode()


def refused(error: EcrError) -> HttpAnswer:
    """A refusal as it goes over the wire."""
    return answered({"__type": error.code, "message": error.message}, error.status)
