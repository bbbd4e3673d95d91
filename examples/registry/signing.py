"""Managed signing: ECR signs each image that is pushed, with the rights of who pushes it."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_signer as signer

from ecr_constructs import SecureRepository, SigningConfiguration, SigningRule


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)
    profile = signer.SigningProfile(
        stack, "Profile", platform=signer.Platform.NOTATION_OCI_SHA384_ECDSA
    )
    signing = SigningConfiguration(
        stack, "Signing", rules=[SigningRule(profile=profile, repositories=["prod/*"])]
    )

    api = SecureRepository(stack, "Api", repository_name="prod/api")
    builder = iam.Role(stack, "Builder", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    api.grant_push(builder)
    signing.grant_sign(builder)

    verifier = iam.Role(stack, "Verifier", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    api.grant_pull(verifier)
    signing.grant_verify(verifier)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
