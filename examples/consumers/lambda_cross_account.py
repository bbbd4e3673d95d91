"""A Lambda function in one account whose image is another's.

The policy of the repository lets Lambda in for that function, and the role of the other account
that makes it.
"""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from ecr_constructs import LambdaFunctions, SecureRepository

PRODUCTION = "222222222222"
CLOUDFORMATION = (
    f"arn:aws:iam::{PRODUCTION}:role/cdk-hnb659fds-cfn-exec-role-{PRODUCTION}-eu-west-1"
)


def build(app: cdk.App) -> cdk.App:
    images = cdk.Stack(
        app, "Images", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    resize = SecureRepository(images, "Resize", repository_name="shop/resize")
    resize.grant_pull(
        LambdaFunctions(account=PRODUCTION, names=["shop-resize"], made_by=[CLOUDFORMATION])
    )

    shop = cdk.Stack(app, "Production", env=cdk.Environment(account=PRODUCTION, region="eu-west-1"))
    lambda_.DockerImageFunction(
        shop,
        "Resize",
        function_name="shop-resize",
        code=lambda_.DockerImageCode.from_ecr(resize, tag_or_digest="v1"),
        log_group=logs.LogGroup(shop, "Log", retention=logs.RetentionDays.ONE_MONTH),
    )
    shop.node.add_dependency(images)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
