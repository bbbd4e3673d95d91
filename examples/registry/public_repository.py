"""Images for everybody: a repository in the Amazon ECR Public Gallery."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    GalleryArchitecture,
    GalleryOperatingSystem,
    PublicRepository,
    RepositoryCatalogData,
)


def build(app: cdk.App) -> cdk.App:
    # Public repositories are made in us-east-1, and pulled from everywhere.
    stack = cdk.Stack(
        app, "Gallery", env=cdk.Environment(account="111111111111", region="us-east-1")
    )
    agent = PublicRepository(
        stack,
        "Agent",
        repository_name="shop-agent",
        catalog_data=RepositoryCatalogData(
            description="Sends the events of a shop",
            about_text="# Shop agent\n\nSends events to the shop.",
            usage_text="```\ndocker run public.ecr.aws/ALIAS/shop-agent\n```",
            architectures=[GalleryArchitecture.X86_64, GalleryArchitecture.ARM_64],
            operating_systems=[GalleryOperatingSystem.LINUX],
        ),
    )
    release = iam.Role(stack, "Release", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    agent.grant_push(release)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
