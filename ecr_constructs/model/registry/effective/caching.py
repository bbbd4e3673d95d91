"""The pull-through cache rule of a name, and the repository that it fetches from.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..pull_through.upstream import Upstream
from .answered import Answered
from .namespaces import ROOT, beginning, nearest_first
from .properties import Properties, text_of

__all__ = ["WITH_ONE_ADDRESS", "CacheSetting", "CachedFrom", "cached_from", "read_cache_rule"]

WITH_ONE_ADDRESS: Final = (
    Upstream.ecr_public(),
    Upstream.k8s(),
    Upstream.quay(),
    Upstream.docker_hub(),
    Upstream.github(),
    Upstream.gitlab(),
    Upstream.chainguard(),
)
"""The upstream registries of which there is one."""


@dataclass(frozen=True, kw_only=True)
class CacheSetting:
    """A pull-through cache rule."""

    prefix: str
    """The namespace in this registry, or ``ROOT``."""
    upstream: str
    """The upstream registry: its URL, else its name."""
    upstream_prefix: str = ROOT
    """The namespace in the upstream registry."""


@dataclass(frozen=True, kw_only=True)
class CachedFrom:
    """Where the images of a name come from."""

    prefix: str
    upstream: str
    upstream_repository: str


def read_cache_rule(properties: Properties) -> CacheSetting:
    """The rule of the properties of an ``AWS::ECR::PullThroughCacheRule``."""
    return CacheSetting(
        prefix=text_of(properties, "EcrRepositoryPrefix") or ROOT,
        upstream=text_of(properties, "UpstreamRegistryUrl")
        or _address(text_of(properties, "UpstreamRegistry")),
        upstream_prefix=text_of(properties, "UpstreamRepositoryPrefix") or ROOT,
    )


def _address(registry: str | None) -> str:
    """The URL of a registry that is given by its name alone; the name where it has several."""
    urls = {upstream.registry: upstream.url for upstream in WITH_ONE_ADDRESS}
    return urls.get(registry or "", registry or "")


def cached_from(rules: Iterable[CacheSetting], name: str) -> Answered[CachedFrom | None]:
    """The rule that the name falls under, with the upstream repository; None without a rule."""
    matching = nearest_first(name, rules)
    if not matching:
        return Answered(None)
    rule = matching[0]
    upstream_repository = beginning(rule.upstream_prefix) + name[len(beginning(rule.prefix)) :]
    found = CachedFrom(
        prefix=rule.prefix, upstream=rule.upstream, upstream_repository=upstream_repository
    )
    others = [other.prefix for other in matching[1:] if other.prefix != ROOT]
    return Answered(found, tuple(_notes(found, others)))


def _notes(found: CachedFrom, others: Sequence[str]) -> Iterator[str]:
    if others:
        yield (
            f"AWS does not say which of nested cache rules is taken ({', '.join(others)} or "
            f"{found.prefix}); taken to be the longest prefix, as with creation templates"
        )
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-working-pulling.html
    if found.upstream == Upstream.docker_hub().url and "/" not in found.upstream_repository:
        yield (
            f"Docker Hub has its official images below library/, so {found.upstream_repository} is "
            f"{beginning(found.prefix)}library/{found.upstream_repository} here"
        )
