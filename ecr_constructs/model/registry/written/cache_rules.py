"""Pull-through cache rules of a template.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ...deferred import is_deferred
from ...errors import InvalidInputError
from ...findings import Finding
from ..address import RegistryAddress
from ..effective.caching import WITH_ONE_ADDRESS
from ..effective.properties import Properties, text_of
from ..pull_through.credential import check_credential_arn
from ..pull_through.rule import check_cache_rule, needs_role
from ..pull_through.upstream import REGISTRIES, Authentication, Upstream

__all__ = ["check_cache_properties", "upstream_of"]

DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html"
)
# As narrow as the values are, which refuse what no registry can have.
_ECR: Final = re.compile(
    r"(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z]{2,}(?:-[a-z]+)+-[0-9]+)\.amazonaws\.com"
)
_AZURE: Final = re.compile(r"(?P<name>[a-zA-Z0-9]{5,50}(?:-[a-zA-Z0-9]{1,20})?)\.azurecr\.io")


def check_cache_properties(
    properties: Properties, *, registry: RegistryAddress
) -> tuple[Finding, ...]:
    """What ECR refuses about the properties of an AWS::ECR::PullThroughCacheRule."""
    url = text_of(properties, "UpstreamRegistryUrl")
    upstream = upstream_of(properties)
    if upstream is None:
        return () if url is None or is_deferred(url) else (_unknown(url),)
    credential = properties.get("CredentialArn")
    return (
        *check_cache_rule(
            prefix=properties.get("EcrRepositoryPrefix"),
            upstream=upstream,
            upstream_prefix=properties.get("UpstreamRepositoryPrefix"),
            has_credential=credential is not None,
            has_role="CustomRoleArn" in properties,
            account=registry.account,
            region=registry.region,
        ),
        *_check_name(properties, upstream),
        *(
            check_credential_arn(credential, account=registry.account, region=registry.region)
            if credential is not None
            else ()
        ),
        *_check_missing(properties, upstream, registry),
    )


def upstream_of(properties: Properties) -> Upstream | None:
    """The registry that a rule fills from; None for one that ECR does not know."""
    url = (text_of(properties, "UpstreamRegistryUrl") or "").removeprefix("https://").rstrip("/")
    for upstream in WITH_ONE_ADDRESS:
        if upstream.url == url:
            return upstream
    private = _ECR.fullmatch(url)
    if private:
        return Upstream.ecr(account=private["account"], region=private["region"])
    azure = _AZURE.fullmatch(url)
    return Upstream.azure(azure["name"]) if azure else None


def _check_name(properties: Properties, upstream: Upstream) -> tuple[Finding, ...]:
    name = text_of(properties, "UpstreamRegistry")
    # What is no name of any is of another rule.
    if name not in REGISTRIES:
        return ()
    try:
        # The value refuses what does not belong together.
        replace(upstream, registry=name)
    except InvalidInputError as refusal:
        return refusal.findings
    return ()


def _check_missing(
    properties: Properties, upstream: Upstream, registry: RegistryAddress
) -> Iterator[Finding]:
    if upstream.authentication is Authentication.SECRET and "CredentialArn" not in properties:
        yield Finding(
            code="pull-through-credential-missing",
            property="CredentialArn",
            message=f"is not given, and {upstream.registry} asks who reads it",
            given=upstream.url,
            allowed="the ARN of a secret named ecr-pullthroughcache/...",
            fix="make a secret with username and accessToken, and name it",
            docs=DOCS,
        )
    needed = needs_role(upstream, account=registry.account) and not is_deferred(registry.account)
    if needed and "CustomRoleArn" not in properties:
        yield Finding(
            code="pull-through-role-missing",
            property="CustomRoleArn",
            message=f"is not given, and {upstream.url} is of another account",
            given=upstream.url,
            allowed="the ARN of a role that pullthroughcache.ecr.amazonaws.com may assume",
            fix="make such a role, and name it",
            docs=DOCS,
        )


def _unknown(url: str) -> Finding:
    return Finding(
        code="pull-through-upstream-unknown-url",
        property="UpstreamRegistryUrl",
        message="is no registry that ECR caches",
        given=url,
        allowed=(
            ", ".join(upstream.url for upstream in WITH_ONE_ADDRESS)
            + ", NAME.azurecr.io or ACCOUNT.dkr.ecr.REGION.amazonaws.com"
        ),
        fix="name one of these, or copy the images",
        docs=DOCS,
    )
