"""One account builds, others cache: ECR to ECR, over accounts and over Regions.

The rule is declared where the cache is, with the stack of the images as its upstream. It makes the
role with which ECR reads there, and writes the statement that lets it in to the registry policy of
the other account. Nothing but names passes between the stacks, so either is deployed first.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import PullThroughCacheRule, RegistryPolicy, SecureRepository, Upstream


def build(app: cdk.App) -> cdk.App:
    tools = cdk.Environment(account="111111111111", region="eu-west-1")
    images = cdk.Stack(app, "Images", env=tools)
    SecureRepository(images, "Api", repository_name="shop/api")
    RegistryPolicy(images, "RegistryPolicy")

    production = cdk.Environment(account="222222222222", region="us-east-1")
    shop = cdk.Stack(app, "Shop", env=production)
    # prod/api here is shop/api there.
    cache = PullThroughCacheRule(
        shop, "Cache", upstream=images, prefix="prod", upstream_prefix="shop"
    )
    nodes = iam.Role(shop, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    cache.grant_pull(nodes)

    # Another Region of the same account needs neither role nor statement.
    tokyo = cdk.Stack(
        app, "Tokyo", env=cdk.Environment(account=tools.account, region="ap-northeast-1")
    )
    PullThroughCacheRule(
        tokyo,
        "Cache",
        upstream=Upstream.ecr(account="111111111111", region="eu-west-1"),
        prefix="ROOT",
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
