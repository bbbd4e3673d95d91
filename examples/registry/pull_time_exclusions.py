"""Pulls of a scanner do not count, so that images nobody uses are archived all the same."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    PullTimeUpdateExclusion,
    SecureRepository,
    archive_unpulled,
    expire_untagged,
)


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)
    api = SecureRepository(
        stack,
        "Api",
        repository_name="shop/api",
        lifecycle=[expire_untagged(after_days=7), archive_unpulled(after_days=90)],
    )
    scanner = iam.Role(stack, "Scanner", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    api.grant_pull(scanner)
    PullTimeUpdateExclusion(stack, "ScannerExclusion", role=scanner)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
