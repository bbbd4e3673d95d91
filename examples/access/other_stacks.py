"""One repository, used from another stack and from the stages of a delivery.

A repository with a name is reached by its name wherever a reference cannot go: from a stage, from
another environment, or where the two stacks would need each other.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from ecr_constructs import SecureRepository

TOOLS = cdk.Environment(account="111111111111", region="eu-west-1")


def build(app: cdk.App) -> cdk.App:
    images = cdk.Stack(app, "Images", env=TOOLS)
    api = SecureRepository(images, "Api", repository_name="shop/api")

    # Another stack of the same environment has a reference to the repository; one that the stack
    # of the repository needs itself, as here, has the name instead.
    ci = cdk.Stack(app, "Ci", env=TOOLS)
    pusher = iam.Role(ci, "Pusher", assumed_by=iam.AccountRootPrincipal())
    api.grant_push(pusher)
    images.node.add_dependency(ci)

    for name in ("Beta", "Production"):
        stage = cdk.Stage(app, name, env=TOOLS)
        service = cdk.Stack(stage, "Service")
        lambda_.DockerImageFunction(
            service,
            "Checkout",
            code=lambda_.DockerImageCode.from_ecr(api, tag_or_digest="v1"),
            log_group=logs.LogGroup(service, "Log", retention=logs.RetentionDays.ONE_MONTH),
        )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
