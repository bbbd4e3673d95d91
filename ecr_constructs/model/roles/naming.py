"""Names and descriptions of roles.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

import re

from ..deferred import is_deferred
from ..findings import Finding

__all__ = ["check_role", "role_description"]

DOCS = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
LONGEST_DESCRIPTION = 1000
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_STRANGE = re.compile(r"[^\t\n\r\x20-\x7e\xa1-\xff]")


def role_description(text: str) -> str:
    """A text as IAM takes it for a description: other characters become ``?``."""
    return _STRANGE.sub("?", text)[:LONGEST_DESCRIPTION]


def check_role(*, role_name: object, description: object) -> tuple[Finding, ...]:
    """What IAM refuses about the name and description of a role; None stands for one left out."""
    return (*_check_name(role_name), *_check_description(description))


def _check_name(name: object) -> tuple[Finding, ...]:
    if name is None or is_deferred(name) or (isinstance(name, str) and _NAME.fullmatch(name)):
        return ()
    return (
        _finding(
            "role-name-invalid",
            "role_name",
            "is not a name that IAM takes",
            name,
            "1 to 64 letters, digits and _ + = , . @ -",
            "give the name alone, without a path",
        ),
    )


def _check_description(text: object) -> tuple[Finding, ...]:
    if text is None or is_deferred(text):
        return ()
    if isinstance(text, str) and role_description(text) == text:
        return ()
    return (
        _finding(
            "role-description-invalid",
            "description",
            "is not a description that IAM takes",
            text,
            f"at most {LONGEST_DESCRIPTION} characters of Latin-1, without control codes",
            "shorten it, and leave out other scripts and symbols",
        ),
    )


def _finding(
    code: str, option: str, message: str, given: object, allowed: str, fix: str
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
