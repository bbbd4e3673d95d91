"""EKS on EC2: a managed node group, and the nodes that Auto Mode makes.

The nodes pull the named images and what AWS's own add-ons need, and nothing else of the registry.
"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam

from ecr_constructs import EksAutoNodeRole, EksNodeRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(
        app, "Cluster", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]

    # The VPC CNI plugin of this cluster has no role of its own.
    nodes = EksNodeRole(stack, "Nodes", pulls_from=[api], pod_network=True)
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=subnets,
        private_subnet_route_table_ids=["rtb-0a1b2c3d4e5f60718", "rtb-0a1b2c3d4e5f60718"],
    )
    eks.Nodegroup(
        stack,
        "NodeGroup",
        cluster=eks.Cluster.from_cluster_attributes(stack, "Shop", cluster_name="shop", vpc=vpc),
        node_role=nodes.role,
    )

    # EKS makes these nodes itself.
    automatic = EksAutoNodeRole(stack, "AutoNodes", pulls_from=[api])
    cluster_role = iam.Role(
        stack,
        "ClusterRole",
        assumed_by=iam.SessionTagsPrincipal(iam.ServicePrincipal("eks.amazonaws.com")),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name(name)
            for name in (
                "AmazonEKSBlockStoragePolicy",
                "AmazonEKSClusterPolicy",
                "AmazonEKSComputePolicy",
                "AmazonEKSLoadBalancingPolicy",
                "AmazonEKSNetworkingPolicy",
            )
        ],
    )
    eks.CfnCluster(
        stack,
        "Automatic",
        name="shop-auto",
        role_arn=cluster_role.role_arn,
        resources_vpc_config=eks.CfnCluster.ResourcesVpcConfigProperty(subnet_ids=subnets),
        access_config=eks.CfnCluster.AccessConfigProperty(authentication_mode="API"),
        compute_config=eks.CfnCluster.ComputeConfigProperty(
            enabled=True,
            node_pools=["general-purpose"],
            node_role_arn=automatic.role.role_arn,
        ),
        kubernetes_network_config=eks.CfnCluster.KubernetesNetworkConfigProperty(
            elastic_load_balancing=eks.CfnCluster.ElasticLoadBalancingProperty(enabled=True)
        ),
        storage_config=eks.CfnCluster.StorageConfigProperty(
            block_storage=eks.CfnCluster.BlockStorageProperty(enabled=True)
        ),
        bootstrap_self_managed_addons=False,
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
