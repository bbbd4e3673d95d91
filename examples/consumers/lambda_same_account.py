"""Lambda functions made of images, by tag and by digest.

Lambda pulls them itself, by the policy of the repository. Where functions are named to it first,
only those are let in: CDK's own request then widens nothing.
"""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from ecr_constructs import LambdaFunctions, SecureRepository

RESIZE_DIGEST = "sha256:" + "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    log_group = logs.LogGroup(stack, "Log", retention=logs.RetentionDays.ONE_MONTH)

    # Every function of this account and Region, as CDK asks for it.
    mail = SecureRepository(stack, "Mail", repository_name="shop/mail")
    lambda_.DockerImageFunction(
        stack,
        "SendMail",
        code=lambda_.DockerImageCode.from_ecr(mail, tag_or_digest="v1"),
        log_group=log_group,
    )

    # One function.
    resize = SecureRepository(stack, "Resize", repository_name="shop/resize")
    resize.grant_pull(LambdaFunctions(names=["shop-resize"]))
    lambda_.DockerImageFunction(
        stack,
        "ResizeImage",
        function_name="shop-resize",
        code=lambda_.DockerImageCode.from_ecr(resize, tag_or_digest=RESIZE_DIGEST),
        log_group=log_group,
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
