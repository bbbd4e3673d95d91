"""GitHub Actions pushes images without a stored key.

One role for each kind of run, each pinned to one branch or environment. The workflow needs
`permissions: id-token: write` and the role as `role-to-assume`.
"""

import aws_cdk as cdk

from ecr_constructs import GitHubPushRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    web = SecureRepository(stack, "Web", repository_name="shop/web")

    # The first role without a provider makes the account's identity provider for GitHub.
    main = GitHubPushRole(
        stack,
        "MainPush",
        repositories=[api, web],
        owner="octo-org",
        project="shop",
        branch="main",
    )
    # A job with `environment: production` is known as that environment, not as its branch.
    production = GitHubPushRole(
        stack,
        "ProductionPush",
        repositories=[api],
        owner="octo-org",
        project="shop",
        environment="production",
    )
    # There is one provider in an account: where it stands already, name it.
    docs = GitHubPushRole(
        stack,
        "DocsPush",
        repositories=[web],
        owner="octo-org",
        project="docs",
        tag="v1",
        provider_arn=(
            f"arn:{stack.partition}:iam::{stack.account}"
            ":oidc-provider/token.actions.githubusercontent.com"
        ),
    )
    # BuildKit reads its cache before it pushes; pushing alone does not include that.
    api.grant_pull(main.role)

    for name, push in {"Main": main, "Production": production, "Docs": docs}.items():
        cdk.CfnOutput(stack, f"{name}PushRoleArn", value=push.role.role_arn)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
