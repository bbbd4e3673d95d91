"""The emulator's own endpoint, `/_embedded/...`: what a test needs and AWS has no API for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .ecr.tokens import ServiceCaller
from .extension import Extension
from .identity import RoleRefused, membership

PREFIX = "/_embedded/"
HttpAnswer = tuple[int, dict[str, str], bytes]


class Control:
    """Acts as AWS services do, and says where accounts belong."""

    def __init__(self, extension: Extension) -> None:
        self._extension = extension

    def handle(self, path: str, body: bytes) -> HttpAnswer:
        """Answer one request."""
        action = path.removeprefix(PREFIX)
        try:
            document = json.loads(body or b"{}")
            if action == "health":
                return _answer(200, {"status": "serving"})
            if action == "assume-role-as-service":
                return _answer(200, self._assume_role(document))
            if action == "registry-token-for-service":
                return _answer(200, self._registry_token(document))
            if action == "organization":
                account = str(document["account"])
                self._extension.organizations.set(account, membership(document))
                return _answer(200, {})
        except RoleRefused as error:
            return _answer(403, {"code": "AccessDenied", "message": str(error)})
        except (KeyError, ValueError, TypeError) as error:
            return _answer(400, {"code": "BadRequest", "message": repr(error)})
        return _answer(404, {"code": "NotFound", "message": f"no such action: {action}"})

    def _assume_role(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return self._extension.service_roles.assume(
            role_arn=str(document["role_arn"]),
            service=str(document["service"]),
            context=dict(document.get("context") or {}),
            session_name=str(document.get("session_name") or "service"),
        )

    def _registry_token(self, document: Mapping[str, Any]) -> dict[str, Any]:
        caller = ServiceCaller(str(document["service"]), dict(document.get("context") or {}))
        account, region = str(document["account"]), str(document["region"])
        encoded, token = self._extension.tokens.issue(caller, account, region)
        return {"authorizationToken": encoded, "expiresAt": token.expires_at}


def _answer(status: int, document: Mapping[str, Any]) -> HttpAnswer:
    return status, {"Content-Type": "application/json"}, json.dumps(document).encode()
