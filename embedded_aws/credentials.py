"""Credentials of the embedded AWS. None of them is worth anything elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Worth nothing anywhere: there, the secret of a root is not checked.
DUMMY_SECRET = "embedded"  # noqa: S105


@dataclass(frozen=True)
class Credentials:
    """An access key, with a session token where it is temporary."""

    access_key_id: str
    secret_access_key: str = DUMMY_SECRET
    session_token: str | None = None

    @classmethod
    def root(cls, account: str) -> Credentials:
        """The root of an account: there, a key id of twelve digits is the account's root."""
        return cls(account)

    @classmethod
    def from_sts(cls, answer: Mapping[str, Any]) -> Credentials:
        """What an AssumeRole call answered."""
        given = answer["Credentials"]
        return cls(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
