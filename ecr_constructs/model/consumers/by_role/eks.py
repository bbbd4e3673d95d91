"""EKS: nodes that pull for the pods, wherever the nodes are.

https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html
https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-creds.html
"""

from __future__ import annotations

import re

from ...deferred import is_deferred
from ...findings import Finding
from ...iam.actions import TASK_EXECUTION_PULL
from ...iam.statement import Statement
from ..home import Home
from .eks_add_ons import add_on_pull
from .role_plan import RolePlan, account_and_source, service_trust, source

__all__ = [
    "auto_node_role",
    "check_cluster_name",
    "check_trust_anchor",
    "fargate_pod_role",
    "hybrid_node_role",
    "node_role",
]

_CLUSTER = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
_TRUST_ANCHOR = re.compile(r"arn:[^:]+:rolesanywhere:[^:]+:[^:]+:trust-anchor/[0-9a-zA-Z-]+")
_EC2 = "ec2.amazonaws.com"
_ROLES_ANYWHERE = "rolesanywhere.amazonaws.com"
_CLUSTER_DOCS = "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html"
_HYBRID_DOCS = "https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-creds.html"


def node_role(home: Home, *, add_on_images: bool, pod_network: bool) -> RolePlan:
    """Managed and self-managed nodes on EC2.

    EC2 hands a role out to instances of its own account alone, and says no source.
    """
    network = ("AmazonEKS_CNI_Policy",) if pod_network else ()
    return RolePlan(
        description="Runs EKS nodes",
        trust=(service_trust(_EC2),),
        statements=add_on_pull(home) if add_on_images else (),
        managed_policies=("AmazonEKSWorkerNodePolicy", *network),
    )


def auto_node_role(home: Home, *, add_on_images: bool) -> RolePlan:
    """Nodes that EKS Auto Mode makes; their network and volumes are the cluster's affair."""
    return RolePlan(
        description="Runs EKS Auto Mode nodes",
        trust=(service_trust(_EC2),),
        statements=add_on_pull(home) if add_on_images else (),
        managed_policies=("AmazonEKSWorkerNodeMinimalPolicy",),
    )


def fargate_pod_role(home: Home, *, cluster_name: str, add_on_images: bool) -> RolePlan:
    """Pods on Fargate: EKS gets the role for the profiles of one cluster."""
    profiles = home.arn("eks", f"fargateprofile/{cluster_name}/*")
    return RolePlan(
        description="Starts EKS pods on Fargate",
        trust=(service_trust("eks-fargate-pods.amazonaws.com", source(profiles)),),
        pull=TASK_EXECUTION_PULL,
        statements=add_on_pull(home) if add_on_images else (),
    )


def hybrid_node_role(
    home: Home, *, cluster_name: str, trust_anchor_arn: str | None, add_on_images: bool
) -> RolePlan:
    """Nodes outside AWS, known by an activation of Systems Manager or by a certificate."""
    cluster = home.arn("eks", f"cluster/{cluster_name}")
    joining = Statement(
        actions=("eks:DescribeCluster", "eks:ListAccessEntries"), resources=(cluster,)
    )
    add_ons = add_on_pull(home) if add_on_images else ()
    if trust_anchor_arn is not None:
        return RolePlan(
            description="Runs EKS hybrid nodes known by certificates",
            trust=_certificates(trust_anchor_arn),
            statements=(joining, *add_ons),
        )
    return RolePlan(
        description="Runs EKS hybrid nodes known by activations",
        trust=(service_trust("ssm.amazonaws.com", account_and_source(home, home.arn("ssm", "*"))),),
        statements=(
            joining,
            Statement(
                actions=("ssm:DeregisterManagedInstance",),
                resources=(home.arn("ssm", "managed-instance/*"),),
                conditions={"StringEquals": {"ssm:resourceTag/EKSClusterARN": cluster}},
            ),
            # It knows no resource.
            Statement(actions=("ssm:DescribeInstanceInformation",), resources=("*",)),
            *add_ons,
        ),
        managed_policies=("AmazonSSMManagedInstanceCore",),
    )


def check_cluster_name(name: object) -> tuple[Finding, ...]:
    """What is wrong with the name of a cluster."""
    if isinstance(name, str) and (is_deferred(name) or _CLUSTER.fullmatch(name)):
        return ()
    return (
        Finding(
            code="eks-cluster-name-invalid",
            property="cluster_name",
            message="is not the name of a cluster",
            given=name,
            allowed="1 to 100 letters, digits, '-' and '_', a letter or digit first",
            fix="give the name alone, no ARN",
            docs=_CLUSTER_DOCS,
        ),
    )


def check_trust_anchor(arn: object) -> tuple[Finding, ...]:
    """What is wrong with the ARN of a trust anchor; None stands for one left out."""
    if arn is None:
        return ()
    if isinstance(arn, str):
        text = re.sub(r"\$\{[^}]*\}", "x", arn)
        if (is_deferred(arn) and not arn.startswith("arn:")) or _TRUST_ANCHOR.fullmatch(text):
            return ()
    return (
        Finding(
            code="eks-trust-anchor-invalid",
            property="trust_anchor_arn",
            message="is not the ARN of a trust anchor of IAM Roles Anywhere",
            given=arn,
            allowed="arn:PARTITION:rolesanywhere:REGION:ACCOUNT:trust-anchor/ID",
            fix="take it from 'aws rolesanywhere list-trust-anchors', or leave it out for "
            "activations of Systems Manager",
            docs=_HYBRID_DOCS,
        ),
    )


def _certificates(trust_anchor_arn: str) -> tuple[Statement, ...]:
    """The node is the subject of its certificate, and its session is named after it."""
    anchor = {"ArnEquals": {"aws:SourceArn": trust_anchor_arn}}
    service = {"Service": _ROLES_ANYWHERE}
    subject = {"sts:RoleSessionName": "${aws:PrincipalTag/x509Subject/CN}"}
    return (
        Statement(
            actions=("sts:AssumeRole",),
            principal=service,
            conditions={"StringEquals": subject, **anchor},
        ),
        Statement(
            actions=("sts:SetSourceIdentity", "sts:TagSession"),
            principal=service,
            conditions=anchor,
        ),
    )
