"""CodeBuild: builds that run in your image and push another.

The first project pulls its image with its role. The second lets CodeBuild pull it with its own
credentials, which the policy of the repository allows for that one project.
"""

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_logs as logs

from ecr_constructs import CodeBuildProjects, CodeBuildRole, SecureRepository

BUILD = {
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


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Build", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    tools = SecureRepository(stack, "Tools", repository_name="ci/tools")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    log_group = logs.LogGroup(stack, "Log", retention=logs.RetentionDays.ONE_MONTH)

    builder = CodeBuildRole(
        stack, "Builder", pulls_from=[tools], pushes_to=[api], project_names=["shop-api"]
    )
    codebuild.Project(
        stack,
        "Project",
        project_name="shop-api",
        role=builder.role,
        build_spec=codebuild.BuildSpec.from_object(BUILD),
        environment=codebuild.BuildEnvironment(
            build_image=codebuild.LinuxBuildImage.from_ecr_repository(tools, "v5"), privileged=True
        ),
        environment_variables={
            "REGISTRY": codebuild.BuildEnvironmentVariable(value=api.registry_uri),
            "IMAGE": codebuild.BuildEnvironmentVariable(value=api.repository_uri_for_tag("v1")),
        },
        logging=codebuild.LoggingOptions(
            cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log_group)
        ),
    )

    tools.grant_pull(CodeBuildProjects(names=["shop-lint"]))
    linter = CodeBuildRole(stack, "Linter", project_names=["shop-lint"])
    codebuild.CfnProject(
        stack,
        "Lint",
        name="shop-lint",
        service_role=linter.role.role_arn,
        artifacts=codebuild.CfnProject.ArtifactsProperty(type="NO_ARTIFACTS"),
        environment=codebuild.CfnProject.EnvironmentProperty(
            compute_type="BUILD_GENERAL1_SMALL",
            image=tools.repository_uri_for_tag("v5"),
            image_pull_credentials_type="CODEBUILD",
            type="LINUX_CONTAINER",
        ),
        logs_config=codebuild.CfnProject.LogsConfigProperty(
            cloud_watch_logs=codebuild.CfnProject.CloudWatchLogsConfigProperty(
                status="ENABLED", group_name=log_group.log_group_name
            )
        ),
        source=codebuild.CfnProject.SourceProperty(
            type="NO_SOURCE",
            build_spec='{"version": "0.2", "phases": {"build": {"commands": ["lint"]}}}',
        ),
    )
    log_group.grant_write(linter.role)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
