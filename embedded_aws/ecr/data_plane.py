"""The registry protocol behind ECR's gate: a token that holds, and IAM asked for each call."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .access import Access, Denial
from .api import HttpAnswer
from .calls import RepositoryCall, json_answer
from .errors import EcrError, RegistryError
from .model import Registries, Registry
from .paths import registry_of_host, registry_path
from .tokens import AuthorizationToken, AuthorizationTokens, IamCaller

# What the registry protocol's calls need, as ECR's documentation maps them to its API.
NEEDED = {
    ("uploads", "POST"): "ecr:InitiateLayerUpload",
    ("upload", "PATCH"): "ecr:UploadLayerPart",
    ("upload", "PUT"): "ecr:CompleteLayerUpload",
    ("upload", "GET"): "ecr:UploadLayerPart",
    ("upload", "DELETE"): "ecr:UploadLayerPart",
    ("blob", "HEAD"): "ecr:BatchCheckLayerAvailability",
    ("blob", "GET"): "ecr:GetDownloadUrlForLayer",
    ("manifest", "HEAD"): "ecr:BatchGetImage",
    ("manifest", "GET"): "ecr:BatchGetImage",
    ("manifest", "PUT"): "ecr:PutImage",
    ("manifest", "DELETE"): "ecr:BatchDeleteImage",
    ("referrers", "GET"): "ecr:BatchGetImage",
    ("tags", "GET"): "ecr:ListImages",
    ("catalog", "GET"): "ecr:DescribeRepositories",
}
# How an exception of the API is spelled in the registry protocol.
SPELLED = {
    "RepositoryNotFoundException": (404, "NAME_UNKNOWN"),
    "ImageTagAlreadyExistsException": (400, "TAG_INVALID"),
    "LayersNotFoundException": (400, "MANIFEST_BLOB_UNKNOWN"),
    "ReferencedImagesNotFoundException": (400, "MANIFEST_BLOB_UNKNOWN"),
    "UploadNotFoundException": (404, "BLOB_UPLOAD_UNKNOWN"),
    "InvalidLayerException": (400, "DIGEST_INVALID"),
    "ImageReferencedByManifestList": (400, "DENIED"),
}


class DataPlane:
    """`/v2/` of every registry of this process."""

    def __init__(
        self,
        registries: Registries,
        tokens: AuthorizationTokens,
        access: Access,
        *,
        gate: bool = True,
    ) -> None:
        self._registries = registries
        self._tokens = tokens
        self._access = access
        self._gate = gate

    def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> HttpAnswer:
        """Answer one call of the registry protocol."""
        try:
            status, answer_headers, content = self._answer(method, path, headers, query, body)
        except EcrError as error:
            spelled_status, code = SPELLED.get(error.code, (error.status, "UNKNOWN"))
            refusal = RegistryError(spelled_status, code, error.message)
            status, answer_headers, content = _refused(refusal)
        except RegistryError as error:
            status, answer_headers, content = _refused(error)
        answer_headers.setdefault("Docker-Distribution-Api-Version", "registry/2.0")
        answer_headers.setdefault("Content-Length", str(len(content)))
        return status, answer_headers, b"" if method == "HEAD" else content

    def _answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> HttpAnswer:
        host = headers.get("host", "")
        target = registry_path(path)
        if target is None:
            raise RegistryError(404, "UNSUPPORTED", f"no such path: {path}")
        named = registry_of_host(host)
        token = self._token(host, headers.get("authorization", ""), named)
        account, region = named or (token.account, token.region)
        registry = self._registries.get(account, region)
        if target.kind == "ping":
            return 200, {"Content-Type": "application/json"}, b"{}"
        action = NEEDED.get((target.kind, method))
        if action is None:
            raise RegistryError(405, "UNSUPPORTED", f"{method} is not supported here")
        self._require(token, action, registry, target.name or "*")
        if target.kind == "catalog":
            return json_answer({"repositories": sorted(registry.repositories)})
        repository = registry.repository(target.name)

        def may(further_action: str, name: str) -> bool:
            return self.decide(token, further_action, registry, name) is None

        call = RepositoryCall(may, registry, repository, target, query, headers, body)
        return call.answer(method)

    def _token(
        self, host: str, authorization: str, named: tuple[str, str] | None
    ) -> AuthorizationToken:
        token = self._tokens.find(authorization)
        if not self._gate:
            # Without the gate anybody is taken for the root of the registry that was asked.
            account, region = named or ("000000000000", "us-east-1")
            return token or AuthorizationToken(
                IamCaller(account, account), account, region, float("inf")
            )
        if token is None or (named is not None and named[1] != token.region):
            challenge = f'Basic realm="https://{host}/",service="ecr.amazonaws.com"'
            raise RegistryError(
                401, "UNAUTHORIZED", "Not Authorized", {"Www-Authenticate": challenge}
            )
        if token.expired:
            raise RegistryError(
                403,
                "DENIED",
                "Your authorization token has expired. Reauthenticate and try again.",
            )
        return token

    def _require(
        self, token: AuthorizationToken, action: str, registry: Registry, name: str
    ) -> None:
        denial = self.decide(token, action, registry, name)
        if denial is not None:
            raise RegistryError(403, "DENIED", denial.message)

    def decide(
        self, token: AuthorizationToken, action: str, registry: Registry, name: str
    ) -> Denial | None:
        """Whether the token's holder may do *action* on the repository *name*."""
        if not self._gate:
            return None
        arn = registry.name.repository_arn(name)
        return self._access.decide(token.caller, action, arn, registry.name.region)


def _refused(error: RegistryError) -> HttpAnswer:
    document = {"errors": [{"code": error.code, "message": error.message}]}
    headers = {"Content-Type": "application/json", **error.headers}
    return error.status, headers, json.dumps(document).encode()
