"""Whoever is on call hears of serious vulnerabilities, whichever scanner finds them.

Basic scanning tells of each scan; enhanced scanning of the first scan of an image, and of each
vulnerability that becomes known later. All of it arrives in one shape.
"""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from ecr_constructs import EventSubscription, FindingSeverity, ScanFindings, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    # EventBridge is let use the key, for topics of this account alone.
    on_call = sns.Topic(
        stack,
        "OnCall",
        enforce_ssl=True,
        master_key=kms.Key(stack, "Key", enable_key_rotation=True),
    )
    EventSubscription(
        stack,
        "Vulnerabilities",
        events=[ScanFindings(at_least=FindingSeverity.HIGH)],
        repositories=[api],
        prefixes=["base/"],
        target=on_call,
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
