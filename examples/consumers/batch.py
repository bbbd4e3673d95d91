"""AWS Batch, on Fargate and on EC2.

The execution role of a job definition pulls its image, wherever the job runs. Instances on EC2 have
a role of their own, with which the ECS agent works; it pulls for definitions without an execution
role alone.
"""

import aws_cdk as cdk
from aws_cdk import aws_batch as batch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs

from ecr_constructs import BatchInstanceRole, SecureRepository, TaskExecutionRole


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(
        app, "Reports", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    report = SecureRepository(stack, "Report", repository_name="shop/report")
    log_group = logs.LogGroup(stack, "Log", retention=logs.RetentionDays.ONE_MONTH)
    runner = TaskExecutionRole(stack, "Runner", pulls_from=[report], log_groups=[log_group])
    image = ecs.ContainerImage.from_ecr_repository(report, "v3")

    batch.EcsJobDefinition(
        stack,
        "OnFargate",
        container=batch.EcsFargateContainerDefinition(
            stack,
            "FargateContainer",
            image=image,
            cpu=0.25,
            memory=cdk.Size.mebibytes(512),
            execution_role=runner.role,
            logging=ecs.LogDriver.aws_logs(stream_prefix="report", log_group=log_group),
        ),
    )
    batch.EcsJobDefinition(
        stack,
        "OnEc2",
        container=batch.EcsEc2ContainerDefinition(
            stack,
            "Ec2Container",
            image=image,
            cpu=2,
            memory=cdk.Size.mebibytes(4096),
            execution_role=runner.role,
            logging=ecs.LogDriver.aws_logs(stream_prefix="report", log_group=log_group),
        ),
    )

    instances = BatchInstanceRole(stack, "Instances")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
        private_subnet_route_table_ids=["rtb-0a1b2c3d4e5f60718", "rtb-0a1b2c3d4e5f60718"],
    )
    batch.ManagedEc2EcsComputeEnvironment(
        stack, "Environment", vpc=vpc, instance_role=instances.role
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
