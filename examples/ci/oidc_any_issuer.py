"""Any CI system that signs tokens: the issuer, the audience and the subject are said in full.

Buildkite pushes from one step; CircleCI pulls in any job of one project.
"""

import aws_cdk as cdk

from ecr_constructs import OidcPullRole, OidcPushRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")

    push = OidcPushRole(
        stack,
        "BuildkitePush",
        repositories=[api],
        issuer="https://agent.buildkite.com",
        audience="sts.amazonaws.com",
        # The commit stands in the middle of the subject: any one of this branch, in this step.
        subject_pattern=("organization:acme:pipeline:shop:ref:refs/heads/main:commit:*:step:push"),
    )
    organization = "9f86d081-884c-4d65-9a2f-eaa0c55ad015"
    pull = OidcPullRole(
        stack,
        "CircleCiPull",
        repositories=[api],
        issuer=f"https://oidc.circleci.com/org/{organization}",
        audience=organization,
        subject_pattern=f"org/{organization}/project/60303ae2-6841-4f5c-b1b1-2d1e0b0e7c11/user/*",
    )

    cdk.CfnOutput(stack, "PushRoleArn", value=push.role.role_arn)
    cdk.CfnOutput(stack, "PullRoleArn", value=pull.role.role_arn)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
