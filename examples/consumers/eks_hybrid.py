"""EKS nodes outside AWS: known by activations of Systems Manager, or by certificates.

A cluster needs one of the two. An access entry lets the nodes join.
"""

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_rolesanywhere as rolesanywhere

from ecr_constructs import EksHybridNodeRole, SecureRepository

TRUST_ANCHOR = (
    "arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/a1b2c3d4-0000-1111-2222-a1b2c3d4e5f6"
)


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(
        app, "Cluster", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    api = SecureRepository(stack, "Api", repository_name="shop/api")

    activated = EksHybridNodeRole(stack, "Activated", pulls_from=[api], cluster_name="shop")
    eks.CfnAccessEntry(
        stack,
        "ActivatedEntry",
        cluster_name="shop",
        principal_arn=activated.role.role_arn,
        type="HYBRID_LINUX",
    )

    certified = EksHybridNodeRole(
        stack,
        "Certified",
        pulls_from=[api],
        cluster_name="factory",
        trust_anchor_arn=TRUST_ANCHOR,
    )
    eks.CfnAccessEntry(
        stack,
        "CertifiedEntry",
        cluster_name="factory",
        principal_arn=certified.role.role_arn,
        type="HYBRID_LINUX",
    )
    rolesanywhere.CfnProfile(
        stack,
        "Profile",
        name="factory-nodes",
        enabled=True,
        accept_role_session_name=True,
        role_arns=[certified.role.role_arn],
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
