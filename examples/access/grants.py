"""Who may do what with a repository of the same account.

Each grant is the least that works, logging in included: pull and push work from start to end, and
nothing more is allowed.
"""

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from ecr_constructs import SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")

    # A role, a user, a group.
    deployer = iam.Role(stack, "Deployer", assumed_by=iam.AccountRootPrincipal())
    api.grant_read(deployer)
    api.grant_delete(deployer)
    api.grant_push(iam.User(stack, "Uploader"))
    operators = iam.Group(stack, "Operators")
    api.grant_pull(operators)
    api.grant_admin(operators)

    # A CodeBuild project pushes with its own role.
    log_group = logs.LogGroup(stack, "BuildLog", retention=logs.RetentionDays.ONE_MONTH)
    build_spec = {
        "version": "0.2",
        "phases": {
            "build": {
                "commands": [
                    'aws ecr get-login-password | docker login -u AWS --password-stdin "$REGISTRY"',
                    'docker build -t "$IMAGE" .',
                    'docker push "$IMAGE"',
                ]
            }
        },
    }
    project = codebuild.Project(
        stack,
        "Build",
        build_spec=codebuild.BuildSpec.from_object(build_spec),
        environment=codebuild.BuildEnvironment(
            build_image=codebuild.LinuxBuildImage.STANDARD_7_0, privileged=True
        ),
        environment_variables={
            "REGISTRY": codebuild.BuildEnvironmentVariable(value=api.registry_uri),
            "IMAGE": codebuild.BuildEnvironmentVariable(value=api.repository_uri_for_tag("v1")),
        },
        logging=codebuild.LoggingOptions(
            cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log_group)
        ),
    )
    api.grant_pull_push(project)

    # CDK asks for the pull of a Lambda function itself; the repository limits it to functions of
    # this account and Region.
    lambda_.DockerImageFunction(
        stack,
        "Resize",
        code=lambda_.DockerImageCode.from_ecr(api, tag_or_digest="v1"),
        log_group=logs.LogGroup(stack, "ResizeLog", retention=logs.RetentionDays.ONE_MONTH),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
