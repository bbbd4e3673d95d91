"""GitLab CI/CD pushes images without a stored key, from gitlab.com or an instance of your own.

The job asks for a token with `id_tokens: {AWS_TOKEN: {aud: https://gitlab.com}}` and exchanges it
with `aws sts assume-role-with-web-identity`.
"""

import aws_cdk as cdk

from ecr_constructs import GitLabPushRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")

    main = GitLabPushRole(
        stack,
        "MainPush",
        repositories=[api],
        owner="acme/platform",
        project="shop",
        branch="main",
    )
    # A wildcard is asked for by name: whoever may make such a tag gets in.
    releases = GitLabPushRole(
        stack,
        "ReleasePush",
        repositories=[api],
        owner="acme/platform",
        project="shop",
        tag_pattern="v*",
    )
    own_instance = GitLabPushRole(
        stack,
        "OwnInstancePush",
        repositories=[api],
        owner="tools",
        project="shop",
        branch="main",
        host="gitlab.acme.example",
    )
    # GitLab's subject says the tier of a protected environment once the project's
    # ci_id_token_sub_claim_components are project_path, environment_protected, deployment_tier.
    production = GitLabPushRole(
        stack,
        "ProductionPush",
        repositories=[api],
        owner="acme/platform",
        project="deploy",
        environment="production",
    )

    roles = {
        "Main": main,
        "Release": releases,
        "OwnInstance": own_instance,
        "Production": production,
    }
    for name, push in roles.items():
        cdk.CfnOutput(stack, f"{name}PushRoleArn", value=push.role.role_arn)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
