"""Who calls: principals with credentials, and AWS services that call for a customer."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningCredentials

from embedded_aws import Credentials, EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.registry_client import RegistryClient

from .operations import OPERATIONS, Target, reaches_other_accounts

REFUSED = "AccessDeniedException"
TOKEN = "ecr:GetAuthorizationToken"


class Caller(ABC):
    """Somebody who calls the ECR API and the registry."""

    name: str
    account: str
    region: str

    @abstractmethod
    def answer(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """ECR's answer, as on the wire."""

    @abstractmethod
    def log_in(self, target: Target) -> RegistryClient | None:
        """A client of the registry, or None where the login is refused."""

    @abstractmethod
    def gets_token(self) -> bool:
        """Whether the API hands out an authorization token."""

    def may(self, target: Target, tried: frozenset[str] | None = None) -> frozenset[str]:
        """The actions, among those tried, that ECR lets the caller do on the repository."""
        return frozenset(
            action
            for action, operation in ((f"ecr:{name}", name) for name in OPERATIONS)
            if (tried is None or action in tried)
            and (target.account == self.account or reaches_other_accounts(operation))
            and self.is_let_in(operation, target)
        )

    def is_let_in(self, operation: str, target: Target) -> bool:
        """Whether one call is let in; anything but an answer to it or a refusal is a fault."""
        answer = self.answer(operation, target.request(operation))
        code = str(answer.get("__type", "")).rpartition("#")[2]
        if code == REFUSED:
            assert f"ecr:{operation}" in answer["message"]
            return False
        assert code in OPERATIONS[operation].answers, f"{operation} on {target.name}: {answer}"
        return True


@dataclass(frozen=True)
class Principal(Caller):
    """A principal of IAM with credentials."""

    aws: EmbeddedAws
    name: str
    account: str
    region: str
    credentials: Credentials

    @classmethod
    def of(cls, account: Account, name: str, credentials: Credentials) -> Principal:
        """Somebody of *account*, by these credentials."""
        return cls(account.aws, f"{name} of {account.id}", account.id, account.region, credentials)

    def answer(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(parameters)
        request = AWSRequest(
            "POST",
            f"{self.aws.endpoint}/",
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"AmazonEC2ContainerRegistry_V20150921.{operation}",
            },
            data=body,
        )
        signing = SigningCredentials(
            self.credentials.access_key_id,
            self.credentials.secret_access_key,
            self.credentials.session_token,
        )
        SigV4Auth(signing, "ecr", self.region).add_auth(request)
        _, content = self.aws.connection.post("/", body, dict(request.headers.items()))
        answer: dict[str, Any] = json.loads(content)
        return answer

    def log_in(self, target: Target) -> RegistryClient | None:
        token = self._token()
        if token is None:
            return None
        return self.aws.registry(target.account, target.name, password=token, region=target.region)

    def gets_token(self) -> bool:
        return self._token() is not None

    def _token(self) -> str | None:
        answer = self.answer("GetAuthorizationToken", {})
        if answer.get("__type") == REFUSED:
            return None
        (data,) = answer["authorizationData"]
        return str(data["authorizationToken"])


@dataclass(frozen=True)
class Service(Caller):
    """An AWS service that calls for a function or project; its login is its own affair."""

    aws: EmbeddedAws
    name: str
    account: str
    region: str
    service: str
    source_account: str | None = None
    source_arn: str | None = None

    def answer(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return self.aws.ecr_as_service(
            self.service,
            operation,
            parameters,
            account=self.account,
            region=self.region,
            source_account=self.source_account,
            source_arn=self.source_arn,
        )

    def log_in(self, target: Target) -> RegistryClient:
        password = self.aws.registry_password_for_service(
            self.service,
            target.account,
            region=target.region,
            source_account=self.source_account,
            source_arn=self.source_arn,
        )
        return self.aws.registry(
            target.account, target.name, password=password, region=target.region
        )

    def gets_token(self) -> bool:
        return True
