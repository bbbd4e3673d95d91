"""Layers that one repository of the registry has need not be pushed to another."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import BlobMounting, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))

    # Once for each account and Region.
    BlobMounting(stack, "BlobMounting")

    # Whoever pushes an image on top of the base mounts its layers, and so must be allowed to read
    # them.
    base = SecureRepository(stack, "Base", repository_name="shop/base")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    pusher = iam.Role(stack, "Pusher", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    base.grant_pull(pusher)
    api.grant_push(pusher)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
