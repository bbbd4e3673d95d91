"""GitHub Actions pulls images without a stored key: tests of pull requests, and a deployment.

A role that pulls does nothing else, so one for pull requests is harmless to the images.
"""

import aws_cdk as cdk

from ecr_constructs import GitHubPullRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    base = SecureRepository(stack, "Base", repository_name="shop/base")
    api = SecureRepository(stack, "Api", repository_name="shop/api")

    checks = GitHubPullRole(
        stack,
        "ChecksPull",
        repositories=[base],
        owner="octo-org",
        project="shop",
        pull_requests=True,
    )
    releases = GitHubPullRole(
        stack,
        "ReleasesPull",
        repositories=[base, api],
        owner="octo-org",
        project="shop",
        branch_pattern="release/*",
    )

    cdk.CfnOutput(stack, "ChecksPullRoleArn", value=checks.role.role_arn)
    cdk.CfnOutput(stack, "ReleasesPullRoleArn", value=releases.role.role_arn)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
