"""The same shop in every partition: aws, aws-cn and aws-us-gov.

ARNs, domains and endpoints come out right without a word about partitions.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs

from ecr_constructs import (
    Client,
    Encryption,
    GitHubPushRole,
    ImageCommands,
    ImageKey,
    SecureRepository,
    TaskExecutionRole,
)

REGIONS = {"Commercial": "eu-west-1", "China": "cn-north-1", "GovCloud": "us-gov-west-1"}


class Shop(cdk.Stack):
    def __init__(self, app: cdk.App, name: str, *, region: str) -> None:
        super().__init__(app, name, env=cdk.Environment(account="111111111111", region=region))
        # Dual-layer encryption is offered in GovCloud alone; elsewhere it is an error.
        layers = Encryption.KMS_DSSE if region.startswith("us-gov-") else Encryption.KMS
        api = SecureRepository(
            self,
            "Api",
            repository_name="shop/api",
            encryption=layers,
            encryption_key=ImageKey(self, "Key"),
        )
        log_group = logs.LogGroup(self, "Log", retention=logs.RetentionDays.ONE_MONTH)
        runner = TaskExecutionRole(self, "Runner", pulls_from=[api], log_groups=[log_group])
        task = ecs.FargateTaskDefinition(self, "Task", execution_role=runner.role)
        task.add_container(
            "api",
            image=ecs.ContainerImage.from_ecr_repository(api, "v1"),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
        )
        GitHubPushRole(
            self, "Push", repositories=[api], owner="octo-org", project="shop", branch="main"
        )
        ImageCommands(self, "Commands", repository=api, clients=list(Client))


def build(app: cdk.App) -> cdk.App:
    for name, region in REGIONS.items():
        Shop(app, name, region=region)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
