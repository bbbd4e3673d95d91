"""Which images go, and when, in sentences.

Rules are numbered in the order written. What ECR would refuse is an error here, and so is a list of
patterns, which ECR reads as "and" where nearly everybody means "or".
"""

import aws_cdk as cdk

from ecr_constructs import (
    SecureRepository,
    archive_unpulled,
    expire_after,
    expire_archived,
    expire_untagged,
    keep_last,
    protect,
)


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")

    SecureRepository(
        stack,
        "Api",
        repository_name="shop/api",
        lifecycle=[
            # What runs in production stays, whatever the rules below say.
            *protect("prod*"),
            keep_last(30, tags="v*"),
            expire_after(days=14, tags="pr-*"),
            expire_untagged(after_days=7),
        ],
    )
    # Rarely pulled images cost less in the archive; a year later they go.
    SecureRepository(
        stack,
        "Reports",
        repository_name="shop/reports",
        lifecycle=[archive_unpulled(after_days=90), expire_archived(after_days=365)],
    )
    # Nothing ever expires.
    SecureRepository(stack, "Audit", repository_name="shop/audit", lifecycle=[])
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
