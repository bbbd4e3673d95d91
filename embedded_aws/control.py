"""The emulator's own endpoint, `/_embedded/...`: what a test needs and AWS has no API for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .ecr.errors import EcrError
from .ecr.model import RegistryName
from .ecr.tokens import ServiceCaller
from .extension import Extension
from .identity import RoleRefused, membership

PREFIX = "/_embedded/"
HttpAnswer = tuple[int, dict[str, str], bytes]


class Control:
    """Acts as AWS services do, and says where accounts belong."""

    def __init__(self, extension: Extension) -> None:
        self._extension = extension
        self._actions: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "health": self._health,
            "assume-role-as-service": self._assume_role,
            "registry-token-for-service": self._registry_token,
            "ecr-as-service": self._ecr,
            "organization": self._organization,
        }

    def handle(self, path: str, body: bytes) -> HttpAnswer:
        """Answer one request."""
        action = self._actions.get(path.removeprefix(PREFIX))
        if action is None:
            return _answer(404, {"code": "NotFound", "message": f"no such action: {path}"})
        try:
            return _answer(200, action(json.loads(body or b"{}")))
        except RoleRefused as error:
            return _answer(403, {"code": "AccessDenied", "message": str(error)})
        except (KeyError, ValueError, TypeError) as error:
            return _answer(400, {"code": "BadRequest", "message": repr(error)})

    def _health(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"status": "serving"}

    def _organization(self, document: Mapping[str, Any]) -> dict[str, Any]:
        self._extension.organizations.set(str(document["account"]), membership(document))
        return {}

    def _assume_role(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return self._extension.service_roles.assume(
            role_arn=str(document["role_arn"]),
            service=str(document["service"]),
            context=dict(document.get("context") or {}),
            session_name=str(document.get("session_name") or "service"),
        )

    def _registry_token(self, document: Mapping[str, Any]) -> dict[str, Any]:
        account, region = str(document["account"]), str(document["region"])
        encoded, token = self._extension.tokens.issue(_service(document), account, region)
        return {"authorizationToken": encoded, "expiresAt": token.expires_at}

    def _ecr(self, document: Mapping[str, Any]) -> dict[str, Any]:
        own = RegistryName(str(document["account"]), str(document["region"]))
        action, data = str(document["operation"]), dict(document["parameters"])
        try:
            return self._extension.api.answer_service(_service(document), action, data, own)
        except EcrError as error:
            return {"__type": error.code, "message": error.message}


def _service(document: Mapping[str, Any]) -> ServiceCaller:
    return ServiceCaller(str(document["service"]), dict(document.get("context") or {}))


def _answer(status: int, document: Mapping[str, Any]) -> HttpAnswer:
    return status, {"Content-Type": "application/json"}, json.dumps(document).encode()
