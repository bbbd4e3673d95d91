"""What repositories have that ECR makes itself: on push, for replicas, and everywhere else.

A template changes nothing that exists, and the longest prefix counts.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    LATEST_TAG,
    AppliedFor,
    ImageKey,
    RepositoryCreationTemplate,
    expire_untagged,
    keep_last,
)


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)

    # docker push to team/anything makes the repository. Tags are immutable, but for latest.
    team = RepositoryCreationTemplate(
        stack,
        "Team",
        prefix="team",
        applied_for=[AppliedFor.CREATE_ON_PUSH],
        mutable_tags=LATEST_TAG,
        lifecycle=[expire_untagged(after_days=7), keep_last(50, tags="v*")],
    )

    # There is no repository yet to grant on: the template grants on all that it makes.
    ci = iam.Role(stack, "Ci", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    team.grant_push(ci)

    # Longer than "team", so it counts for team/payments/...: a key of your own and resource tags
    # need a role, which is made and may do that alone.
    RepositoryCreationTemplate(
        stack,
        "Payments",
        prefix="team/payments",
        applied_for=[AppliedFor.CREATE_ON_PUSH],
        encryption_key=ImageKey(stack, "Key"),
        resource_tags={"team": "payments"},
        policy_statements=[
            iam.PolicyStatement(
                actions=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                principals=[iam.OrganizationPrincipal("o-a1b2c3d4e5")],
            )
        ],
    )

    # Replicas of everything else: their tags follow the source.
    RepositoryCreationTemplate(
        stack,
        "Replicas",
        prefix="ROOT",
        applied_for=[AppliedFor.REPLICATION],
        description="Replicas of the build account",
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
