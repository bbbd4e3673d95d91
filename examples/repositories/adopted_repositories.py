"""Repositories that stand already and are made elsewhere.

Their policy is not of this app. A grant writes the half that is, and says what is missing of the
other; a grant that could do nothing is an error with the statement to add.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import SecureRepository, TaskExecutionRole


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)

    # By name: in this account and Region. By ARN: anywhere.
    legacy = SecureRepository.from_repository_name(stack, "Legacy", "legacy/api")
    base = SecureRepository.from_repository_arn(
        stack, "Base", "arn:aws:ecr:eu-west-1:222222222222:repository/platform/base"
    )
    # Known only when it is deployed: the ARN alone would not tell the name.
    chosen = cdk.CfnParameter(stack, "ChosenName", default="shop/web")
    web = SecureRepository.from_repository_attributes(
        stack,
        "Web",
        repository_arn=stack.format_arn(
            service="ecr", resource="repository", resource_name=chosen.value_as_string
        ),
        repository_name=chosen.value_as_string,
    )

    TaskExecutionRole(stack, "Runner", pulls_from=[legacy, web])
    builder = iam.Role(stack, "Builder", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    # The builder's half is written; a warning prints the statement that 222222222222 has to add.
    base.grant_pull(builder)
    legacy.grant_pull_push(builder)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
