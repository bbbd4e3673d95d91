"""Roles of EKS nodes: on EC2, by Auto Mode, for pods on Fargate, and outside AWS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.consumers.by_role.eks import (
    auto_node_role,
    check_cluster_name,
    check_trust_anchor,
    fargate_pod_role,
    hybrid_node_role,
    node_role,
)
from ...model.repository.options import check_flag
from .role import ConsumerRole, home_of

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["EksAutoNodeRole", "EksFargatePodRole", "EksHybridNodeRole", "EksNodeRole"]


class EksNodeRole(ConsumerRole):
    """The role of managed and self-managed EKS nodes on EC2: what all pods there pull with.

    Pass ``.role`` as ``node_role`` of a node group.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike],
        add_on_images: bool = True,
        pod_network: bool = False,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the pods' images.
        :param add_on_images: whether nodes pull from the registries of AWS that hold the images of
            EKS add-ons. Default: True, since no node becomes ready without them; False where your
            own registry has copies.
        :param pod_network: whether the VPC CNI plugin works with the role of the nodes
            (``AmazonEKS_CNI_Policy``). Default: False: AWS recommends that the plugin has a role of
            its own; a cluster whose plugin has none needs True.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Runs EKS nodes".
        :raises InvalidInputError: where IAM would refuse the name or the description.

        https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
        """
        super().__init__(
            scope,
            id,
            plan=node_role(home_of(scope), add_on_images=add_on_images, pod_network=pod_network),
            findings=[
                *check_flag("add_on_images", add_on_images),
                *check_flag("pod_network", pod_network),
            ],
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )


class EksAutoNodeRole(ConsumerRole):
    """The role of the nodes that EKS Auto Mode makes: what all pods there pull with.

    Pass ``.role.role_arn`` as ``node_role_arn`` of the cluster's compute configuration.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike],
        add_on_images: bool = True,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the pods' images.
        :param add_on_images: as in :class:`EksNodeRole`. Default: True.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Runs EKS Auto Mode nodes".
        :raises InvalidInputError: where IAM would refuse the name or the description.

        https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
        """
        super().__init__(
            scope,
            id,
            plan=auto_node_role(home_of(scope), add_on_images=add_on_images),
            findings=check_flag("add_on_images", add_on_images),
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )


class EksFargatePodRole(ConsumerRole):
    """The pod execution role of EKS on Fargate: what starts the pods, not what runs in them.

    Pass ``.role`` as ``pod_execution_role`` of a Fargate profile. EKS alone may assume it, for the
    profiles of the named cluster. The log router of the pods, where it is on, writes with this role
    as well: the log group is another grant.
    https://docs.aws.amazon.com/eks/latest/userguide/fargate-logging.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike],
        cluster_name: str,
        add_on_images: bool = True,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the pods' images.
        :param cluster_name: the cluster whose profiles get the role; ``cluster.cluster_name``, too.
        :param add_on_images: as in :class:`EksNodeRole`: CoreDNS runs on Fargate, too. Default:
            True.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: "Starts EKS pods on Fargate".
        :raises InvalidInputError: where IAM or EKS would refuse a name.

        https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html
        """
        super().__init__(
            scope,
            id,
            plan=fargate_pod_role(
                home_of(scope), cluster_name=cluster_name, add_on_images=add_on_images
            ),
            findings=[
                *check_cluster_name(cluster_name),
                *check_flag("add_on_images", add_on_images),
            ],
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )


class EksHybridNodeRole(ConsumerRole):
    """The role of EKS nodes outside AWS: what all pods there pull with.

    A node gets it by an activation of Systems Manager, or, with a ``trust_anchor_arn``, by a
    certificate and IAM Roles Anywhere: its session is then named after the certificate's subject.
    Tag activations with ``EKSClusterARN``, so that a node can take itself off and no other.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pulls_from: Sequence[RepositoryLike],
        cluster_name: str,
        trust_anchor_arn: str | None = None,
        add_on_images: bool = True,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param pulls_from: the repositories of the pods' images.
        :param cluster_name: the cluster that the nodes join; ``cluster.cluster_name``, too.
        :param trust_anchor_arn: the trust anchor of IAM Roles Anywhere that knows the nodes'
            certificates. Default: none; nodes are activated by Systems Manager.
        :param add_on_images: as in :class:`EksNodeRole`. Default: True.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: says how the nodes are known.
        :raises InvalidInputError: where IAM, EKS or IAM Roles Anywhere would refuse an option.

        https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-creds.html
        """
        super().__init__(
            scope,
            id,
            plan=hybrid_node_role(
                home_of(scope),
                cluster_name=cluster_name,
                trust_anchor_arn=trust_anchor_arn,
                add_on_images=add_on_images,
            ),
            findings=[
                *check_cluster_name(cluster_name),
                *check_trust_anchor(trust_anchor_arn),
                *check_flag("add_on_images", add_on_images),
            ],
            pulls_from=pulls_from,
            role_name=role_name,
            description=description,
        )
