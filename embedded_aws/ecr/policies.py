"""Repository policies, as far as ECR looks at them when they are set."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import iam

from .errors import EcrError

_PRINCIPAL = re.compile(
    r"arn:aws:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?:.+/)?(?P<name>.+)"
)


def checked_policy(text: str) -> str:
    """The text, if a repository can have it: statements with principals that exist."""
    try:
        statements = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise _invalid() from error
    for statement in [statements] if isinstance(statements, dict) else statements:
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise _invalid()
        if not all(_exists(principal) for principal in _named(statement)):
            raise _invalid()
    return text


def _named(statement: Mapping[str, Any]) -> Iterator[str]:
    for member in ("Principal", "NotPrincipal"):
        principal = statement.get(member, {})
        named = principal.get("AWS", ()) if isinstance(principal, dict) else ()
        yield from [named] if isinstance(named, str) else named


def _exists(principal: str) -> bool:
    """Whether a role or user is there; of accounts and sessions nobody can say."""
    match = _PRINCIPAL.fullmatch(principal)
    if match is None:
        return True
    known = iam._roles if match["kind"] == "role" else iam._users
    return known.get_scoped(match["account"], None, match["name"]) is not None


def _invalid() -> EcrError:
    return EcrError(
        "InvalidParameterException",
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: "
        "'Invalid repository policy provided'",
    )
