"""An App Runner service made of an image of the registry.

App Runner reads the image with the access role. What the program does is another role's.
"""

import aws_cdk as cdk
from aws_cdk import aws_apprunner as apprunner

from ecr_constructs import AppRunnerAccessRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Web", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    web = SecureRepository(stack, "Web", repository_name="shop/web")

    access = AppRunnerAccessRole(stack, "Access", pulls_from=[web])
    service = apprunner.CfnService(
        stack,
        "Service",
        source_configuration=apprunner.CfnService.SourceConfigurationProperty(
            authentication_configuration=apprunner.CfnService.AuthenticationConfigurationProperty(
                access_role_arn=access.role.role_arn
            ),
            # The tag never moves, so a deployment is another tag here.
            auto_deployments_enabled=False,
            image_repository=apprunner.CfnService.ImageRepositoryProperty(
                image_identifier=web.repository_uri_for_tag("v1"),
                image_repository_type="ECR",
                image_configuration=apprunner.CfnService.ImageConfigurationProperty(port="8080"),
            ),
        ),
    )
    # App Runner reads the image when the service is made: the role must have its policy by then.
    service.node.add_dependency(access)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
