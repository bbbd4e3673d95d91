"""A task in one account whose image is another's.

Both sides allow: the execution role in the account of the task, and the repository's own policy in
the other, for that one role. The role has a name, so either stack may be deployed first.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs

from ecr_constructs import SecureRepository, TaskExecutionRole


def build(app: cdk.App) -> cdk.App:
    images = cdk.Stack(
        app, "Images", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    api = SecureRepository(images, "Api", repository_name="shop/api")

    shop = cdk.Stack(
        app, "Production", env=cdk.Environment(account="222222222222", region="eu-west-1")
    )
    log_group = logs.LogGroup(shop, "Log", retention=logs.RetentionDays.ONE_MONTH)
    runner = TaskExecutionRole(
        shop, "Runner", role_name="shop-runner", pulls_from=[api], log_groups=[log_group]
    )
    task = ecs.FargateTaskDefinition(shop, "Task", execution_role=runner.role)
    task.add_container(
        "api",
        image=ecs.ContainerImage.from_ecr_repository(api, "v1.4.2"),
        logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
