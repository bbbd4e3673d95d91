"""Who needs what for a pull-through cache: consumers, ECR's own role, and the upstream account.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...findings import Finding
from ...iam.actions import GET_AUTHORIZATION_TOKEN, Access
from ...iam.statement import Conditions, Statement
from ..prefix import beginning

__all__ = [
    "FIRST_PULL",
    "TAG_RESOURCE",
    "cache_resources",
    "check_consumer",
    "role_statements",
    "service_trust",
    "upstream_statement",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html"
SERVICE_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html"

FIRST_PULL: Final = (
    *Access.PULL.actions,
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
)
"""What a pull needs whose image, or whose repository, is not in the cache yet."""
TAG_RESOURCE: Final = "ecr:TagResource"
"""One action more, where a creation template tags the repositories of the cache."""
_READ_UPSTREAM: Final = (
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetImageCopyStatus",
)
_FILL_CACHE: Final = (
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


def cache_resources(
    *,
    partition: str,
    region: str,
    account: str,
    prefix: str,
    images: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """The ARNs of the cached repositories: of all under the prefix, or of the named ones."""
    begins = f"arn:{partition}:ecr:{region}:{account}:repository/{beginning(prefix)}"
    return tuple(f"{begins}{image}" for image in (images if images is not None else ("*",)))


def service_trust(account: str) -> Conditions:
    """The trust of ECR for this account, where ECR says for whom it acts.

    AWS's page has no condition, and does not say whether ECR names the account when it assumes the
    role; so the condition holds for a request that names none. A rule takes a role of its own
    account only.
    """
    return {"StringEqualsIfExists": {"aws:SourceAccount": account}}


def role_statements(*, upstream: Sequence[str], cache: Sequence[str]) -> tuple[Statement, ...]:
    """What ECR does with the role: it reads there, and fills the cache here.

    AWS's page allows all of it on every repository; here nothing is written upstream.
    """
    return (
        Statement(actions=(GET_AUTHORIZATION_TOKEN,), resources=("*",)),
        Statement(actions=_READ_UPSTREAM, resources=(*upstream, *cache)),
        Statement(actions=_FILL_CACHE, resources=tuple(cache)),
    )


def upstream_statement(*, partition: str, account: str, resources: Sequence[str]) -> Statement:
    """What the registry policy of the upstream account must hold for the account of the cache."""
    return Statement(
        actions=_READ_UPSTREAM,
        resources=tuple(resources),
        principal={"AWS": f"arn:{partition}:iam::{account}:root"},
    )


def check_consumer(services: Sequence[str]) -> tuple[Finding, ...]:
    """Services do not pull through a cache: they read repository policies, or assume a role."""
    return tuple(
        Finding(
            code="pull-through-service",
            property="grantee",
            message=(
                "is Lambda, which does not pull through a cache"
                if service.startswith("lambda.")
                else f"is {service}, and a service does not pull through a cache by itself"
            ),
            given=service,
            allowed="roles, users, groups, accounts and organizations",
            fix=(
                "copy the image into a repository of yours"
                if service.startswith("lambda.")
                else "grant to the role that the service assumes"
            ),
            docs=SERVICE_DOCS,
        )
        for service in services
    )
