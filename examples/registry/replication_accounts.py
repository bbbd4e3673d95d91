"""Images are copied to another account: one declaration writes both sides.

The rule stands where the images are pushed. At the other side it adds the statement that lets them
in to the registry policy, and nobody but the account of the images gets in. Nothing but names,
accounts and Regions passes between the stacks, so either is deployed first.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    Registry,
    ReplicaRepositories,
    ReplicatedRepository,
    ReplicationRule,
    SecureRepository,
)


def build(app: cdk.App) -> cdk.App:
    tools = cdk.Environment(account="111111111111", region="eu-west-1")
    production = cdk.Environment(account="222222222222", region="eu-west-1")
    images = cdk.Stack(app, "Images", env=tools)
    shop = cdk.Stack(app, "Shop", env=production)

    api = SecureRepository(images, "Api", repository_name="prod/api")
    web = SecureRepository(images, "Web", repository_name="prod/web")
    Registry(
        images,
        "Registry",
        replication=[
            ReplicationRule(
                to=[shop],
                prefixes=["prod/"],
                # Those below, and no other: ECR may not make a repository there.
                repositories=ReplicaRepositories.DECLARED,
            ),
        ],
    )

    # The place of the registry policy of the other account.
    Registry(shop, "Registry")
    nodes = iam.Role(shop, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    for name, source in (("Api", api), ("Web", web)):
        ReplicatedRepository(shop, name, source=source).grant_pull(nodes)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
