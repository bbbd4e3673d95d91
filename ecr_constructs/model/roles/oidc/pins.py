"""What pins a role to some runs of a CI system: one branch, tag or environment, or a pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...deferred import is_deferred, masked
from ...findings import Finding, Severity

__all__ = [
    "GIT_REF",
    "Dialect",
    "check_part",
    "check_pattern",
    "check_pinned",
]

# git check-ref-format, and what GitHub refuses to be pushed: refs/... and names like object ids:
# https://docs.github.com/en/get-started/using-git/dealing-with-special-characters-in-branch-and-tag-names
GIT_REF: Final = re.compile(
    r"(?![/.-])(?!refs/)(?![0-9A-Fa-f]{40}$)(?!@$)"
    r"(?!.*(?:\.\.|//|@\{|\.lock$|\.lock/|/\.))"
    r"[^\x00-\x20~^:?*\[\\\x7f]+(?<![/.])"
)
_WILDCARD = re.compile(r"[*?]")
_PREFIXES = {"branch": "refs/heads/", "tag": "refs/tags/"}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one CI system is spoken of in findings, and what it calls owner and project."""

    system: str
    docs: str
    owner: re.Pattern[str]
    project: re.Pattern[str]


def check_pinned(
    code: str, pins: Mapping[str, object], *, exact: str, dialect: Dialect
) -> tuple[Finding, ...]:
    """Whether exactly one option says which runs are trusted.

    :param exact: the options that name one thing, as a sentence lists them.
    """
    given = {
        name: value for name, value in pins.items() if value is not None and value is not False
    }
    if len(given) == 1:
        return ()
    return (
        Finding(
            code=code,
            property=next(iter(pins)),
            message=(
                f"is one of {len(given)} pins" if given else "is not pinned: every run could get in"
            ),
            given=given or None,
            allowed=f"exactly one of {exact}",
            fix="name the branch that releases: branch='main', say",
            docs=dialect.docs,
        ),
    )


def check_part(
    code: str,
    option: str,
    value: object,
    pattern: re.Pattern[str],
    *,
    allowed: str,
    dialect: Dialect,
) -> tuple[Finding, ...]:
    """Whether a value can be such a name."""
    if isinstance(value, str) and (_is_open(value) or pattern.fullmatch(value)):
        return ()
    return (
        Finding(
            code=code,
            property=option,
            message=f"cannot be a {dialect.system} name",
            given=value,
            allowed=allowed,
            fix=_nearest(option, value, dialect) or f"give {allowed}",
            docs=dialect.docs,
        ),
    )


def check_pattern(option: str, value: object, *, dialect: Dialect) -> tuple[Finding, ...]:
    """Whether a value is a pattern of branches or tags, and what it lets in."""
    kind = option.removesuffix("_pattern")
    if isinstance(value, str) and is_deferred(value):
        return ()
    filled = _WILDCARD.sub("x", value) if isinstance(value, str) else ""
    if not isinstance(value, str) or not GIT_REF.fullmatch(filled):
        message, fix = f"cannot match a {kind}", f"give the beginning and '*': {kind}s '1.*', say"
    elif filled == value:
        message, fix = "has no wildcard", f"write {kind}={value!r}"
    elif set(value) <= {"*", "?", "/"}:
        return (_anything(option, value, kind, dialect),)
    else:
        return ()
    return (
        Finding(
            code="ci-ref-pattern-invalid",
            property=option,
            message=message,
            given=value,
            allowed=f"the name of a {kind} with '*' for any characters and '?' for one",
            fix=fix,
            docs=dialect.docs,
        ),
    )


def _is_open(value: str) -> bool:
    """Whether a part is known only at deployment, and what stands around it is no wildcard."""
    return is_deferred(value) and not _WILDCARD.search(masked(value))


def _nearest(option: str, value: object, dialect: Dialect) -> str | None:
    """The fix that keeps what was meant, where it can be read."""
    if not isinstance(value, str):
        return None
    if option == "project":
        return _shortened_project(value, dialect)
    prefix = _PREFIXES.get(option)
    return _shortened_ref(option, prefix, value) if prefix else None


def _shortened_project(value: str, dialect: Dialect) -> str | None:
    """The fix for ``acme/shop.git`` where the name alone belongs."""
    owner, slash, project = value.removesuffix(".git").rpartition("/")
    if not dialect.project.fullmatch(project):
        return None
    if not slash:
        return f"write project={project!r}"
    return f"write owner={owner!r}, project={project!r}" if dialect.owner.fullmatch(owner) else None


def _shortened_ref(kind: str, prefix: str, value: str) -> str | None:
    """The fix for a whole ref (``refs/heads/main``) where the name alone belongs."""
    name = value.removeprefix(prefix)
    if name != value and GIT_REF.fullmatch(name):
        return f"write {kind}={name!r}"
    if GIT_REF.fullmatch(_WILDCARD.sub("x", value)):
        return f"write {kind}_pattern={value!r}, if all that match may get in"
    return None


def _anything(option: str, value: object, kind: str, dialect: Dialect) -> Finding:
    who = "whoever may push a branch" if kind == "branch" else "whoever may make a tag"
    return Finding(
        code="ci-ref-pattern-open",
        property=option,
        message=f"lets the runs of every {kind} in: those of {who}",
        given=value,
        allowed=f"a pattern with the beginning of a {kind}",
        fix=f"name a {kind}, or give a beginning that only some may use ('release/*', say)",
        docs=dialect.docs,
        severity=Severity.WARNING,
    )
