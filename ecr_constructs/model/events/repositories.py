"""Whose events are meant: repositories by name, by a prefix, or all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..deferred import is_deferred
from ..findings import Finding
from ..repository.options import check_listed
from .selections import Named

__all__ = ["RepositoryFilter", "check_home", "check_prefixes"]

PATTERN_DOCS: Final = (
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html"
)
_BEGINNING = re.compile(r"[a-z0-9][a-z0-9._/-]*")
_LONGEST = 256


@dataclass(frozen=True, kw_only=True)
class RepositoryFilter:
    """Repositories of one account and Region; each part may be known at deployment only."""

    names: Sequence[str] = ()
    """Names of repositories. Default: none."""
    prefixes: Sequence[str] = ()
    """Beginnings of names. Default: none; without names as well, every repository."""
    partition: str
    """The partition (``aws``)."""
    region: str
    """The Region of the repositories."""
    account: str
    """The account of the repositories."""

    def pattern(self, named: Named) -> dict[str, Any]:
        """The part of an event pattern that says the repository, by the event's way to name it."""
        selective = bool(self.names or self.prefixes)
        names = [*self.names, *({"prefix": prefix} for prefix in self.prefixes)]
        root = f"arn:{self.partition}:ecr:{self.region}:{self.account}:repository/"
        # Inspector tells of machines and functions by the same types of events.
        image = [{"prefix": f"arn:{self.partition}:ecr:"}]
        match named:
            case Named.ARN:
                arns = [
                    *(f"{root}{name}" for name in self.names),
                    *({"prefix": f"{root}{prefix}"} for prefix in self.prefixes),
                ]
                return {"detail": {"repository-name": arns if selective else image}}
            case Named.IMAGE_ARN if selective:
                # The ARN does not say where the name ends: "shop/" begins "shop/sha256:..." too.
                image_details = {"awsEcrContainerImage": {"repositoryName": names}}
                return {
                    "resources": [{"prefix": root}],
                    "detail": {"resources": {"details": image_details}},
                }
            case Named.IMAGE_ARN:
                return {"resources": image}
            case _ if not selective:
                return {}
            case Named.LISTED:
                detail: dict[str, Any] = {"repositories": {"repository-name": names}}
            case Named.NAME:
                detail = {"repository-name": names}
        # A name says neither account nor Region: a bus that gets events of other accounts as well
        # would tell of their repositories of that name.
        return {"account": [self.account], "region": [self.region], "detail": detail}


def check_prefixes(prefixes: object) -> tuple[Finding, ...]:
    """What is no beginning of a repository name, and so would never match."""
    unlisted = check_listed("prefixes", prefixes)
    if unlisted or not isinstance(prefixes, Sequence):
        return unlisted
    return tuple(
        _no_prefix(prefix)
        for prefix in prefixes
        if not (
            isinstance(prefix, str)
            and (is_deferred(prefix) or (_BEGINNING.fullmatch(prefix) and len(prefix) <= _LONGEST))
        )
    )


def check_home(
    repository: str, *, given: Sequence[str | None], home: Sequence[str | None]
) -> tuple[Finding, ...]:
    """Whether the events of a repository arrive where the rule is.

    :param given: account and Region of the repository; None for what is not known yet.
    :param home: account and Region of the rule, likewise.
    """
    if all(
        ours is None or theirs is None or ours == theirs
        for ours, theirs in zip(home, given, strict=True)
    ):
        return ()
    return (
        Finding(
            code="event-elsewhere",
            property="repositories",
            message=f"has {repository}, whose events arrive in its own account and Region",
            given="/".join(part or "?" for part in given),
            allowed="/".join(part or "?" for part in home),
            fix="subscribe in a stack of the repository's account and Region",
            docs="https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html",
        ),
    )


def _no_prefix(prefix: object) -> Finding:
    fix = "write prefixes=['shop/'], say; leave prefixes out for every repository"
    if isinstance(prefix, str) and _BEGINNING.fullmatch(prefix.rstrip("*")):
        fix = f"write {prefix.rstrip('*')!r}: a prefix takes no '*'"
    return Finding(
        code="event-prefix-invalid",
        property="prefixes",
        message="has what no name of a repository begins with",
        given=prefix,
        allowed="1 to 256 characters of a-z, 0-9, '.', '_', '-' and '/'; a letter or digit first",
        fix=fix,
        docs=PATTERN_DOCS,
    )
