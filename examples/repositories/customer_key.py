"""Images under a key of your own, or of another account.

Whoever pushes or pulls needs no KMS permission: ECR works with the grants that it makes itself.
"""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from ecr_constructs import Encryption, ImageKey, SecureRepository

SECURITY_ACCOUNT = "222222222222"


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)

    # Rotated every 90 days, kept when the stack goes, used by ECR alone.
    key = ImageKey(stack, "Key", alias="alias/shop-images", rotation_period_days=90)
    SecureRepository(stack, "Api", repository_name="shop/api", encryption_key=key)

    # The key that AWS manages for ECR in each account.
    SecureRepository(stack, "Web", repository_name="shop/web", encryption=Encryption.KMS)

    # A key that the security account keeps. Its policy has to hold what the output prints.
    foreign = kms.Key.from_key_arn(
        stack,
        "SecurityKey",
        f"arn:aws:kms:eu-west-1:{SECURITY_ACCOUNT}:key/12345678-90ab-cdef-1234-567890abcdef",
    )
    SecureRepository(stack, "Payments", repository_name="shop/payments", encryption_key=foreign)
    cdk.CfnOutput(
        stack,
        "SecurityKeyStatements",
        value=stack.to_json_string(
            ImageKey.statements_for(account=stack.account, region=stack.region)
        ),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
