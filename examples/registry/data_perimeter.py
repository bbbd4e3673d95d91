"""A data perimeter: nobody outside reaches an image, whatever else allows it.

It denies and never allows: inside everything is as it was, and AWS's own services (replication, the
cache, scanning, Lambda and CodeBuild for resources inside) go on as before.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import DataPerimeter, RegistryPolicy, SecureRepository

ORGANIZATION = "o-a1b2c3d4e5"


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)
    RegistryPolicy(stack, "RegistryPolicy")

    # The organization and one partner, for every repository of the account and Region.
    perimeter = DataPerimeter(organizations=[ORGANIZATION], accounts=["333333333333"])
    perimeter.protect_registry(stack)

    # One repository is for this account alone, and its images pass through our endpoints; the
    # service role of CodeBuild comes from AWS's network.
    payments = SecureRepository(stack, "Payments", repository_name="shop/payments")
    inner = DataPerimeter(
        accounts=[env.account or ""],
        vpc_endpoints=["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"],
        exempt_roles=["arn:aws:iam::111111111111:role/build-*"],
    )
    inner.protect_repositories(payments)

    api = SecureRepository(stack, "Api", repository_name="shop/api")
    api.grant_pull(iam.AccountPrincipal("333333333333"))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
