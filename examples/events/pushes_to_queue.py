"""A worker is told of pushes, deletions, signatures and replicas of a team's images.

Repositories of the team that are yet to come are meant as well: they share a prefix.
"""

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs

from ecr_constructs import EventSubscription, ImageEvent


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    undelivered = sqs.Queue(stack, "Undelivered", enforce_ssl=True)
    images = sqs.Queue(stack, "Images", enforce_ssl=True)
    EventSubscription(
        stack,
        "TeamImages",
        events=[
            ImageEvent.PUSHED,
            ImageEvent.DELETED,
            ImageEvent.SIGNED,
            ImageEvent.REPLICATED,
            ImageEvent.REPLICATION_FAILED,
        ],
        prefixes=["shop/"],
        target=images,
        dead_letter_queue=undelivered,
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
