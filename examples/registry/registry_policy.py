"""The registry policy: statements of several constructs and stacks, one document, one place.

It is about every repository of the account and Region, those that do not exist yet included. Who
asks first, and in which stack, does not matter; what is asked twice is written once.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import RegistryPolicy, SecureRepository, add_registry_statement


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    shop = cdk.Stack(app, "Shop", env=env)
    SecureRepository(shop, "Base", repository_name="base/python")
    platform = cdk.Stack(app, "Platform", env=env)
    base_images = platform.format_arn(service="ecr", resource="repository", resource_name="base/*")

    # Asked for in one stack, before there is a place ...
    add_registry_statement(
        shop,
        iam.PolicyStatement(
            sid="ProductionPullsBaseImages",
            principals=[iam.AccountPrincipal("222222222222")],
            actions=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            resources=[base_images],
        ),
    )
    # ... and written in another, which names it.
    RegistryPolicy(
        platform,
        "RegistryPolicy",
        statements=[
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["ecr:DeleteRepository", "ecr:BatchDeleteImage"],
                resources=[base_images],
                conditions={
                    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/janitor"}
                },
            )
        ],
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
