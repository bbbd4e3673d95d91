"""Images are copied to other Regions of the account, for speed and for the day one is down.

ECR copies images and nothing else: the replica that is declared has its own lifecycle, grants and
policy. Repositories that ECR makes for the others get their settings from a creation template.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    RegistryReplication,
    ReplicatedRepository,
    ReplicationRule,
    SecureRepository,
    keep_last,
    protect,
)

ACCOUNT = "111111111111"


def build(app: cdk.App) -> cdk.App:
    dublin = cdk.Stack(app, "Dublin", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"))
    tokyo = cdk.Stack(app, "Tokyo", env=cdk.Environment(account=ACCOUNT, region="ap-northeast-1"))

    api = SecureRepository(dublin, "Api", repository_name="prod/api")
    RegistryReplication(
        dublin,
        "Replication",
        rules=[
            # A stack, so that what the copies need is written there; and a Region by its name.
            ReplicationRule(to=[tokyo], prefixes=["prod/"]),
            ReplicationRule(to=["eu-central-1"], prefixes=["prod/", "tools/"]),
        ],
    )

    # Fewer versions than at the source, and the one that runs here.
    replica = ReplicatedRepository(
        tokyo, "Api", source=api, lifecycle=[*protect("v1"), keep_last(10, tags="v*")]
    )
    nodes = iam.Role(tokyo, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    replica.grant_pull(nodes)
    cdk.CfnOutput(tokyo, "Image", value=replica.repository_uri_for_tag("v1"))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
