"""EKS pods on Fargate: the pod execution role of one cluster's profiles.

It starts the pods. What runs in them has roles of its own.
"""

import aws_cdk as cdk
from aws_cdk import aws_eks as eks

from ecr_constructs import EksFargatePodRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(
        app, "Cluster", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    pods = EksFargatePodRole(stack, "Pods", pulls_from=[api], cluster_name="shop")
    eks.CfnFargateProfile(
        stack,
        "Profile",
        cluster_name="shop",
        fargate_profile_name="shop",
        pod_execution_role_arn=pods.role.role_arn,
        selectors=[eks.CfnFargateProfile.SelectorProperty(namespace="shop")],
        subnets=["subnet-0a1b2c3d4e5f60718"],
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
