"""Alarms on the pulls of a repository: when nobody pulls for a day, and when far too many do."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from ecr_constructs import PullCountAlarm, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    owners = sns.Topic(stack, "Owners", enforce_ssl=True)
    PullCountAlarm(stack, "Unused", repository=api, fewer_than=1, minutes=1440, topics=[owners])
    PullCountAlarm(stack, "Storm", repository=api, more_than=5000, topics=[owners])
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
