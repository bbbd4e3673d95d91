"""A Fargate task that can start, with a role that can do nothing else.

The execution role pulls two repositories, writes one log group and reads one secret and one
parameter. A container that uses anything else is an error that names what to add.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm

from ecr_constructs import SecureRepository, TaskExecutionRole

PROXY_DIGEST = "sha256:" + "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    proxy = SecureRepository(stack, "Proxy", repository_name="shop/proxy")
    log_group = logs.LogGroup(stack, "Log", retention=logs.RetentionDays.ONE_MONTH)
    password = secretsmanager.Secret(stack, "Password", description="Password of the database")
    flags = ssm.StringParameter(stack, "Flags", string_value="new-checkout")

    runner = TaskExecutionRole(
        stack,
        "Runner",
        pulls_from=[api, proxy],
        log_groups=[log_group],
        secrets=[password],
        parameters=[flags],
    )
    task = ecs.FargateTaskDefinition(stack, "Task", execution_role=runner.role)
    task.add_container(
        "api",
        image=ecs.ContainerImage.from_ecr_repository(api, "v1.4.2"),
        logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
        secrets={
            "DATABASE_PASSWORD": ecs.Secret.from_secrets_manager(password),
            "FLAGS": ecs.Secret.from_ssm_parameter(flags),
        },
    )
    task.add_container(
        "proxy",
        image=ecs.ContainerImage.from_ecr_repository(proxy, PROXY_DIGEST),
        logging=ecs.LogDrivers.aws_logs(stream_prefix="proxy", log_group=log_group),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
