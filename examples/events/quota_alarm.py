"""Alarms before ECR throttles pulls, and before a repository is full."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from ecr_constructs import QuotaAlarm, RegistryUsage, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    platform = sns.Topic(stack, "Platform", enforce_ssl=True)
    QuotaAlarm(stack, "Pulls", usage=RegistryUsage.PULLS, percent=70, topics=[platform])
    QuotaAlarm(stack, "Repositories", usage=RegistryUsage.REPOSITORIES, topics=[platform])
    QuotaAlarm(
        stack, "Images", usage=RegistryUsage.IMAGES, repository=api, percent=90, topics=[platform]
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
