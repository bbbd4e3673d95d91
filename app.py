"""A small, complete shop: three repositories, a key, a Fargate task, CI, a reader outside.

Everything that reaches beyond this stack is off until a context value names it:

    cdk deploy -c github=OWNER/PROJECT      a role for that repository's main branch to push with
    cdk deploy -c account_wide=true         the account's identity provider for GitHub, made here
    cdk deploy -c reader_account=1234...    that account may pull the api
    cdk deploy -c untagged_days=30          keep untagged images longer
    cdk deploy -c release=v2                run that release, which never expires
"""

import os

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from ecr_constructs import (
    LATEST_TAG,
    Client,
    GitHubPushRole,
    ImageCommands,
    ImageKey,
    SecureRepository,
    TaskExecutionRole,
    expire_untagged,
    keep_last,
    protect,
)


class Shop(cdk.Stack):
    """Repositories of a shop, who starts their images and who pushes them."""

    def __init__(self, scope: Construct, construct_id: str, *, env: cdk.Environment) -> None:
        """Make the shop."""
        super().__init__(scope, construct_id, env=env)
        untagged = expire_untagged(after_days=int(self.setting("untagged_days") or 14))
        release = self.setting("release") or "v1"

        # Safe without an option; this one has a key of its own as well.
        key = ImageKey(self, "Key", alias="alias/shop-images")
        api = SecureRepository(
            self,
            "Api",
            repository_name="shop/api",
            encryption_key=key,
            # Old releases go; what runs stays, however many come after it.
            lifecycle=[*protect(release), keep_last(30, tags="v*"), untagged],
        )
        # Say only what differs: `latest` may move, every other tag stays where it is.
        web = SecureRepository(
            self,
            "Web",
            repository_name="shop/web",
            mutable_tags=LATEST_TAG,
            lifecycle=[untagged],
        )
        worker = SecureRepository(
            self, "Worker", repository_name="shop/worker", lifecycle=[untagged]
        )

        # ECS starts the api with a role that can pull two repositories and write one log group.
        log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name="/shop/api",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        runner = TaskExecutionRole(self, "Runner", pulls_from=[api, web], log_groups=[log_group])
        task = ecs.FargateTaskDefinition(self, "Task", execution_role=runner.role)
        task.add_container(
            "api",
            image=ecs.ContainerImage.from_ecr_repository(api, release),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
        )

        if github := self.setting("github"):
            self.let_github_push(github, [api, web, worker])
        if reader := self.setting("reader_account"):
            api.grant_pull(iam.AccountPrincipal(reader))

        cdk.CfnOutput(self, "ApiUri", value=api.repository_uri)
        cdk.CfnOutput(self, "WebUri", value=web.repository_uri)
        cdk.CfnOutput(self, "WorkerUri", value=worker.repository_uri)
        cdk.CfnOutput(self, "ExecutionRoleArn", value=runner.role.role_arn)
        cdk.CfnOutput(self, "TaskDefinitionArn", value=task.task_definition_arn)
        cdk.CfnOutput(self, "KeyArn", value=key.key_arn)
        ImageCommands(self, "Api commands", repository=api, clients=list(Client))

    def let_github_push(self, github: str, repositories: list[SecureRepository]) -> None:
        """Let the main branch of OWNER/PROJECT push."""
        owner, _, project = github.partition("/")
        # There is one provider for GitHub in an account, so making it is asked for by name.
        provider = f"arn:{cdk.Aws.PARTITION}:iam::{self.account}:oidc-provider/"
        makes_provider = self.setting("account_wide") == "true"
        ci = GitHubPushRole(
            self,
            "Ci",
            repositories=repositories,
            owner=owner,
            project=project,
            branch="main",
            provider_arn=(
                None if makes_provider else f"{provider}token.actions.githubusercontent.com"
            ),
        )
        cdk.CfnOutput(self, "CiPushRoleArn", value=ci.role.role_arn)

    def setting(self, name: str) -> str | None:
        """A context value, or None where nobody gave it."""
        value = self.node.try_get_context(name)
        return None if value is None else str(value)


app = cdk.App()
Shop(
    app,
    "Shop",
    env=cdk.Environment(
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=os.environ.get("CDK_DEFAULT_REGION")
    ),
)
app.synth()
