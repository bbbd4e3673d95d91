"""What starts a task, and what the program in it may do: two roles.

The execution role pulls the images and reads the credentials of another registry. The program of
the first task pulls and pushes nothing; that of the second fetches a model with ``oras``.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from ecr_constructs import SecureRepository, TaskExecutionRole, TaskRole


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    models = SecureRepository(stack, "Models", repository_name="shop/models")
    log_group = logs.LogGroup(stack, "Log", retention=logs.RetentionDays.ONE_MONTH)
    elsewhere = secretsmanager.Secret(stack, "Elsewhere", description="Login of registry.acme.com")

    runner = TaskExecutionRole(
        stack, "Runner", pulls_from=[api], log_groups=[log_group], secrets=[elsewhere]
    )

    shop = ecs.FargateTaskDefinition(
        stack, "ShopTask", execution_role=runner.role, task_role=TaskRole(stack, "ShopRole").role
    )
    shop.add_container(
        "api",
        image=ecs.ContainerImage.from_ecr_repository(api, "v1.4.2"),
        logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
    )
    shop.add_container(
        "proxy",
        image=ecs.ContainerImage.from_registry(
            "registry.acme.com/proxy:1.9", credentials=elsewhere
        ),
        logging=ecs.LogDrivers.aws_logs(stream_prefix="proxy", log_group=log_group),
    )

    guessing = TaskRole(stack, "GuessingRole", pulls_from=[models])
    guess = ecs.FargateTaskDefinition(
        stack, "GuessTask", execution_role=runner.role, task_role=guessing.role
    )
    guess.add_container(
        "api",
        image=ecs.ContainerImage.from_ecr_repository(api, "v1.4.2"),
        command=["serve", models.repository_uri_for_tag("v7")],
        logging=ecs.LogDrivers.aws_logs(stream_prefix="guess", log_group=log_group),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
