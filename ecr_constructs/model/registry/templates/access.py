"""Who pushes to repositories that ECR makes on push.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
"""

from __future__ import annotations

from collections.abc import Sequence

from ...findings import Finding
from ...iam.actions import Access
from .uses import AppliedFor

__all__ = ["check_made_on_push", "check_pusher", "first_push"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"


def first_push(*, has_tags: bool) -> tuple[str, ...]:
    """What a push needs whose repository may not exist yet.

    AWS's page does not say it of a push; as with a cache, whoever makes ECR create a repository
    must be allowed to create it, and to tag it where the template does.
    """
    made = ("ecr:CreateRepository", "ecr:TagResource") if has_tags else ("ecr:CreateRepository",)
    return tuple(sorted({*Access.PUSH.actions, *made}))


def check_made_on_push(uses: Sequence[AppliedFor]) -> tuple[Finding, ...]:
    """A grant to push to repositories that no push makes."""
    if AppliedFor.CREATE_ON_PUSH in uses:
        return ()
    return (
        Finding(
            code="creation-template-not-on-push",
            property="applied_for",
            message="has no CREATE_ON_PUSH, so a push to a repository that does not exist fails",
            given=[use.name for use in uses],
            allowed="a template that applies on push",
            fix="add AppliedFor.CREATE_ON_PUSH, or grant on the repositories that exist",
            docs=DOCS,
        ),
    )


def check_pusher(services: Sequence[str]) -> tuple[Finding, ...]:
    """Services push with a role."""
    return tuple(
        Finding(
            code="creation-template-service",
            property="grantee",
            message=f"is {service}, and a service pushes with a role",
            given=service,
            allowed="roles, users, groups, accounts and organizations",
            fix="grant to the role that the service assumes",
            docs=DOCS,
        )
        for service in services
    )
