"""An image that CDK builds and pushes, pulled by hosts of this account and of another one.

`cdk deploy` pushes assets to the repository of the bootstrap stack. For the roles here the pull is
written; the other account's half of it is in the bootstrap template, which
`hardened_bootstrap_template(template, pulled_by=["222222222222"])` writes.
"""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam

from ecr_constructs import AssetRepository

IMAGE = Path(__file__).parents[1] / "images" / "worker"


def build(app: cdk.App) -> cdk.App:
    tools = cdk.Environment(account="111111111111", region="eu-west-1")
    production = cdk.Environment(account="222222222222", region="eu-west-1")
    ec2 = iam.ServicePrincipal("ec2.amazonaws.com")

    stack = cdk.Stack(app, "Worker", env=tools)
    asset = ecr_assets.DockerImageAsset(stack, "Image", directory=str(IMAGE))
    images = AssetRepository.of(asset)
    images.grant_pull(iam.Role(stack, "Hosts", assumed_by=ec2))
    cdk.CfnOutput(stack, "ImageUri", value=asset.image_uri)

    # Without an asset at hand: the repository of the environment that a stack deploys to.
    own = AssetRepository.from_bootstrap(stack, "BootstrapRepository")
    own.grant_read(iam.Role(stack, "Auditor", assumed_by=iam.AccountRootPrincipal()))

    elsewhere = cdk.Stack(app, "Elsewhere", env=production)
    images.grant_pull(iam.Role(elsewhere, "Hosts", role_name="worker-hosts", assumed_by=ec2))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
