"""OpenID Connect issuers of one run: they sign tokens, and STS checks what they signed."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Claims = Mapping[str, Any]


class TokenInvalid(ValueError):
    """A web identity token that no issuer of this run has signed like this."""


@dataclass(frozen=True)
class Issuer:
    """An issuer of tokens: its URL and its key."""

    url: str
    key: rsa.RSAPrivateKey

    @classmethod
    def create(cls, url: str) -> Issuer:
        return cls(url, rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def load(cls, url: str, path: Path) -> Issuer:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{path} holds no RSA key")
        return cls(url, key)

    def save(self, directory: Path) -> Path:
        """Write the key, readable by its owner only."""
        path = directory / (self.url.removeprefix("https://").replace("/", "_") + ".pem")
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.touch(mode=0o600)
        path.write_bytes(pem)
        return path

    def sign(self, claims: Claims, *, seconds: float = 300) -> str:
        """A token with *claims*; issuer and times are filled in where they are not given."""
        now = int(time.time())
        stated = {"iss": self.url, "iat": now, "nbf": now - 5, "exp": now + int(seconds), **claims}
        signed = f"{_encode({'alg': 'RS256', 'typ': 'JWT'})}.{_encode(stated)}"
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_encode_bytes(signature)}"


class TokenVerifier:
    """Checks tokens against the public keys of the issuers of a run."""

    def __init__(self, issuers: Mapping[str, Issuer]) -> None:
        self._issuers = issuers

    def claims(self, token: str) -> dict[str, Any]:
        """What a token says, once its signature holds."""
        parts = token.split(".")
        if len(parts) != 3:
            raise TokenInvalid("The ID Token provided is not a valid JWT.")
        try:
            header, claims = (json.loads(_decode(part)) for part in parts[:2])
            signature = _decode(parts[2])
        except (ValueError, binascii.Error) as error:
            raise TokenInvalid("The ID Token provided is not a valid JWT.") from error
        if not isinstance(claims, dict) or not isinstance(header, dict):
            raise TokenInvalid("The ID Token provided is not a valid JWT.")
        issuer = self._issuers.get(str(claims.get("iss")))
        if issuer is None or header.get("alg") != "RS256":
            raise TokenInvalid("Couldn't retrieve verification key from your identity provider.")
        try:
            issuer.key.public_key().verify(
                signature,
                f"{parts[0]}.{parts[1]}".encode(),
                padding.PKCS1v15(),
                hashes.SHA256(),
            )
        except InvalidSignature as error:
            raise TokenInvalid("Provided Token is not signed by its issuer.") from error
        return claims


def _encode(document: Claims) -> str:
    return _encode_bytes(json.dumps(document, separators=(",", ":")).encode())


def _encode_bytes(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
