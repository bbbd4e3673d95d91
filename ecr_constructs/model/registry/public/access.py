"""Who pushes to a public repository.

https://docs.aws.amazon.com/AmazonECR/latest/public/docker-push-ecr-image.html
https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
"""

from __future__ import annotations

from typing import Final

from ...findings import Finding
from ...iam.statement import Statement

__all__ = ["PUSH", "outside_account", "token_statement"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/public/docker-push-ecr-image.html"

PUSH: Final = tuple(
    f"ecr-public:{action}"
    for action in (
        "BatchCheckLayerAvailability",
        "CompleteLayerUpload",
        "InitiateLayerUpload",
        "PutImage",
        "UploadLayerPart",
    )
)
"""``docker push`` from start to end, without logging in. Pulling needs no permission."""


def token_statement() -> Statement:
    """Logging in to the public registry, which AWS does with a bearer token."""
    return Statement(
        actions=("ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"), resources=("*",)
    )


def outside_account(grantee: str) -> Finding:
    """A public registry is logged in to by an identity policy of its own account."""
    return Finding(
        code="public-repository-grantee",
        property="grantee",
        message="is no role, user or group of the account of the repository",
        given=grantee,
        allowed="a role, user or group of this account",
        fix="let whoever pushes assume a role of this account, and grant to the role",
        docs=DOCS,
    )
