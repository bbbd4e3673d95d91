"""Authorization tokens: the password of `docker login`, bound to whoever asked for it."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class IamCaller:
    """A principal of IAM, known by the access key that signed its request."""

    access_key_id: str
    account: str


@dataclass(frozen=True)
class ServiceCaller:
    """An AWS service that acts on its own behalf, with the condition keys that it sends."""

    service: str
    context: Mapping[str, str] = field(default_factory=dict)


Caller = IamCaller | ServiceCaller


@dataclass(frozen=True)
class AuthorizationToken:
    """Who holds a token, for the registries of which Region, and until when."""

    caller: Caller
    account: str
    region: str
    expires_at: float

    @property
    def expired(self) -> bool:
        return time.time() >= self.expires_at


class AuthorizationTokens:
    """The tokens that were handed out. A password that is not in here was made up."""

    def __init__(self, lifetime_seconds: float) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._issued: dict[str, AuthorizationToken] = {}

    def issue(self, caller: Caller, account: str, region: str) -> tuple[str, AuthorizationToken]:
        """A new token as the API hands it out (base64 of `AWS:password`), and its meaning."""
        password = secrets.token_urlsafe(48)
        token = AuthorizationToken(caller, account, region, time.time() + self._lifetime_seconds)
        self._issued[password] = token
        return base64.b64encode(f"AWS:{password}".encode()).decode(), token

    def find(self, authorization: str) -> AuthorizationToken | None:
        """The token behind an `Authorization: Basic ...` header, or None."""
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._issued.get(password) if user == "AWS" else None
