"""Tasks in subnets without a way to the internet pull two images, and reach nothing else.

The endpoint policies let these repositories through, and ECR's layer bucket: neither another
registry nor a bucket of somebody else can be used to carry data out.
"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs

from ecr_constructs import RegistryEndpoints, SecureRepository, TaskExecutionRole


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    proxy = SecureRepository(stack, "Proxy", repository_name="shop/proxy")
    log_group = logs.LogGroup(stack, "Log", retention=logs.RetentionDays.ONE_MONTH)

    vpc = ec2.Vpc(
        stack,
        "Vpc",
        max_azs=2,
        restrict_default_security_group=False,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="Tasks", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        ],
    )
    RegistryEndpoints(
        stack,
        "Endpoints",
        vpc=vpc,
        repositories=[api, proxy],
        log_groups=[log_group],
    )

    runner = TaskExecutionRole(stack, "Runner", pulls_from=[api, proxy], log_groups=[log_group])
    task = ecs.FargateTaskDefinition(stack, "Task", execution_role=runner.role)
    for name, repository in {"api": api, "proxy": proxy}.items():
        task.add_container(
            name,
            image=ecs.ContainerImage.from_ecr_repository(repository, "v1"),
            logging=ecs.LogDrivers.aws_logs(stream_prefix=name, log_group=log_group),
        )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
