"""A cache rule as a value, for the options of a registry.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from ...errors import raise_dangers
from ...findings import Finding
from .rule import check_cache_rule
from .upstream import Upstream

__all__ = ["CacheRule", "cache_rules", "check_listed_rules"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html"


@dataclass(frozen=True, kw_only=True)
class CacheRule:
    """Images of an upstream registry under a prefix: what a ``Registry`` makes a cache rule of.

    A secret or a role of yours is said to the construct ``PullThroughCacheRule`` itself.

    :raises InvalidInputError: where ECR would refuse the prefixes.
    """

    upstream: Upstream
    """Where the images come from."""
    prefix: str | None = None
    """How the names of the cached repositories begin. By default what AWS's pages use."""
    upstream_prefix: str | None = None
    """How the names in the upstream begin that are cached. By default every name is."""
    username: str | None = None
    """The user name in the secret that is made. By default a placeholder."""

    def __post_init__(self) -> None:
        raise_dangers(
            check_cache_rule(
                prefix=self.cache_prefix,
                upstream=self.upstream,
                upstream_prefix=self.upstream_prefix,
                has_username=self.username is not None,
            )
        )

    @property
    def cache_prefix(self) -> str | None:
        """The prefix, given or usual."""
        return getattr(self.upstream, "usual_prefix", None) if self.prefix is None else self.prefix


def cache_rules(values: Sequence[Union[Upstream, CacheRule]]) -> tuple[CacheRule, ...]:
    """The rules that a list says; an upstream alone is a rule with its usual prefix."""
    return tuple(
        value if isinstance(value, CacheRule) else CacheRule(upstream=value) for value in values
    )


def check_listed_rules(values: object) -> tuple[Finding, ...]:
    """Whether the value is a list of upstreams and rules."""
    if isinstance(values, Sequence) and not isinstance(values, str):
        strangers = [value for value in values if not isinstance(value, (Upstream, CacheRule))]
        if not strangers:
            return ()
        values = strangers[0]
    return (
        Finding(
            code="pull-through-not-listed",
            property="pull_through",
            message=f"has a {type(values).__name__} where a list of upstreams belongs",
            given=values,
            allowed="a list of Upstream and CacheRule",
            fix="write pull_through=[Upstream.quay()], say",
            docs=DOCS,
        ),
    )
