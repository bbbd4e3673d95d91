"""Nodes of EKS: what all pods there pull with."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from aws_cdk import aws_lambda as lambda_

from ecr_constructs import (
    EksAutoNodeRole,
    EksFargatePodRole,
    EksHybridNodeRole,
    EksNodeRole,
    InvalidInputError,
    SecureRepository,
    TaskExecutionRole,
)
from ecr_constructs.model.consumers.by_role.eks_add_ons import add_on_accounts

from ..conftest import statements_of, templates
from .conftest import Stories
from .support import ACCOUNT, AGENT_PULL, OPEN, OTHER, PULL, REGION, TOKEN, Stack, assumes

ADD_ONS = "602401143452"
NODES = [
    ("eks_nodes", "Nodes", PULL),
    ("eks_nodes", "AutoNodes", PULL),
    ("eks_fargate", "Pods", AGENT_PULL),
    ("eks_hybrid", "Activated", PULL),
    ("eks_hybrid", "Certified", PULL),
]
TRUST_ANCHOR = (
    "arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/a1b2c3d4-0000-1111-2222-a1b2c3d4e5f6"
)


@pytest.mark.parametrize(("story", "path", "pull"), NODES)
def test_nodes_pull_the_named_images_and_those_of_add_ons(
    stories: Stories, story: str, path: str, pull: frozenset[str]
) -> None:
    role = stories(story)["Cluster"].role(path)
    assert role.ecr("shop/api") == pull
    assert role.ecr("shop/secret") == role.ecr("shop/api", policy=OPEN, account=OTHER) == set()
    assert role.account_actions() == {TOKEN}
    # Without them no node becomes ready; AWS lets every account pull them.
    assert role.ecr("amazon-k8s-cni", policy=OPEN, account=ADD_ONS) == PULL
    assert role.ecr("eks/pause", policy=OPEN, account=ADD_ONS, region="us-east-1") == set()
    # What no policy can name by a resource.
    assert role.resources_of_everything() <= {TOKEN, "ssm:DescribeInstanceInformation"}
    assert not any("ContainerRegistry" in arn for arn in role.managed)


def test_ec2_gets_the_roles_of_its_nodes(stories: Stories) -> None:
    stack = stories("eks_nodes")["Cluster"]
    for path in ("Nodes", "AutoNodes"):
        assert stack.role(path).assumed_by("ec2.amazonaws.com")
        assert not stack.role(path).assumed_by("eks.amazonaws.com")
    policy = "arn:aws:iam::aws:policy/"
    assert stack.role("Nodes").managed == [
        f"{policy}AmazonEKSWorkerNodePolicy",
        f"{policy}AmazonEKS_CNI_Policy",
    ]
    assert stack.role("AutoNodes").managed == [f"{policy}AmazonEKSWorkerNodeMinimalPolicy"]


def test_eks_gets_the_role_of_pods_for_the_profiles_of_one_cluster(stories: Stories) -> None:
    role = stories("eks_fargate")["Cluster"].role("Pods")
    service = "eks-fargate-pods.amazonaws.com"
    profile = f"arn:aws:eks:{REGION}:{ACCOUNT}:fargateprofile/shop/shop/1234"
    # The ARN names the account, and EKS's page asks for nothing more.
    assert role.assumed_by(service, SourceArn=profile)
    for wrong in (
        profile.replace("/shop/shop/", "/other/shop/"),
        profile.replace(REGION, "us-east-1"),
        profile.replace(ACCOUNT, OTHER),
    ):
        assert not role.assumed_by(service, SourceAccount=ACCOUNT, SourceArn=wrong)
    assert not role.assumed_by(service)


def test_the_constructs_of_cdk_take_the_roles(app, stack) -> None:
    network = {"vpc_id": "vpc-1", "availability_zones": ["eu-west-1a"]}
    subnets = {"private_subnet_ids": ["subnet-1"], "private_subnet_route_table_ids": ["rtb-1"]}
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", **network, **subnets)
    kubectl = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:kubectl:1"
    cluster = eks.Cluster(
        stack,
        "Cluster",
        vpc=vpc,
        version=eks.KubernetesVersion.V1_31,
        default_capacity=0,
        vpc_subnets=[ec2.SubnetSelection(subnets=vpc.private_subnets)],
        kubectl_layer=lambda_.LayerVersion.from_layer_version_arn(stack, "Kubectl", kubectl),
    )
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    nodes = EksNodeRole(stack, "Nodes", pulls_from=[api])
    pods = EksFargatePodRole(stack, "Pods", pulls_from=[api], cluster_name=cluster.cluster_name)
    cluster.add_nodegroup_capacity("Managed", node_role=nodes.role)
    cluster.add_fargate_profile(
        "Profile", pod_execution_role=pods.role, selectors=[eks.Selector(namespace="shop")]
    )
    made = Stack(ACCOUNT, templates(app)["Shop"]["Resources"])
    for path, pull in (("Nodes", PULL), ("Pods", AGENT_PULL)):
        assert made.role(path).ecr("shop/api") == pull
        assert not any("ContainerRegistry" in arn for arn in made.role(path).managed)
    ((name, _),) = made.of_kind("Custom::AWSCDK-EKS-Cluster")
    source = f"arn:aws:eks:{REGION}:{ACCOUNT}:fargateprofile/{name}/shop/1234"
    service = "eks-fargate-pods.amazonaws.com"
    assert made.role("Pods").assumed_by(service, SourceAccount=ACCOUNT, SourceArn=source)
    assert not made.role("Pods").assumed_by(
        service, SourceAccount=ACCOUNT, SourceArn=source.replace(name, "other")
    )


class TestHybridNodes:
    @pytest.fixture
    def stack(self, stories: Stories) -> Stack:
        return stories("eks_hybrid")["Cluster"]

    def test_an_activation_is_of_this_account(self, stack: Stack) -> None:
        role = stack.role("Activated")
        service, source = "ssm.amazonaws.com", f"arn:aws:ssm:{REGION}:{ACCOUNT}:*"
        assert role.assumed_by(service, SourceAccount=ACCOUNT, SourceArn=source)
        assert not role.assumed_by(
            service, SourceAccount=OTHER, SourceArn=source.replace(ACCOUNT, OTHER)
        )
        assert not role.assumed_by(service)
        assert not role.assumed_by("rolesanywhere.amazonaws.com", SourceArn=TRUST_ANCHOR)

    def test_an_activated_node_joins_its_cluster_and_takes_itself_off(self, stack: Stack) -> None:
        role = stack.role("Activated")
        cluster = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shop"
        instance = f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/mi-1"
        assert role.may("eks:DescribeCluster", cluster)
        assert not role.may("eks:DescribeCluster", f"{cluster}-2")
        assert not role.may("eks:UpdateClusterConfig", cluster)
        tagged = {"ssm:resourceTag/EKSClusterARN": cluster}
        assert role.may("ssm:DeregisterManagedInstance", instance, context=tagged)
        assert not role.may(
            "ssm:DeregisterManagedInstance",
            instance,
            context={"ssm:resourceTag/EKSClusterARN": f"{cluster}-2"},
        )
        assert not role.may("ssm:DeregisterManagedInstance", instance)

    def test_a_certified_node_is_named_after_its_certificate(self, stack: Stack) -> None:
        role = stack.role("Certified")
        service = "rolesanywhere.amazonaws.com"
        subject = {"PrincipalTag/x509Subject/CN": "node-1"}
        # The key of the session's name is one of STS.
        trust = {"aws:SourceArn": TRUST_ANCHOR, "sts:RoleSessionName": "node-1"}
        assert assumes(role.trust, service, {**trust, "aws:PrincipalTag/x509Subject/CN": "node-1"})
        assert not assumes(
            role.trust, service, {**trust, "aws:PrincipalTag/x509Subject/CN": "node-2"}
        )
        assert not assumes(role.trust, service, trust)
        for action in ("sts:TagSession", "sts:SetSourceIdentity"):
            assert role.assumed_by(service, action, SourceArn=TRUST_ANCHOR, **subject)
            assert not role.assumed_by(service, action, SourceArn=f"{TRUST_ANCHOR}0", **subject)
        assert not role.assumed_by("ssm.amazonaws.com", SourceAccount=ACCOUNT)


def test_where_the_region_is_not_known_every_registry_of_add_ons_is_named(app) -> None:
    stack = cdk.Stack(app, "Cluster")
    EksNodeRole(stack, "Nodes", pulls_from=[])
    (add_ons,) = [
        statement
        for statement in statements_of(templates(app)["Cluster"])
        if statement["Resource"] != "*"
    ]
    assert len(add_ons["Resource"]) == len(set(add_on_accounts("${AWS::Region}"))) == 27
    assert add_on_accounts("us-gov-west-1") == ("013241004608",)
    assert add_on_accounts("us-isob-east-1") == ("187977181151",)


def test_add_on_images_can_be_left_to_copies(app, stack) -> None:
    api = SecureRepository(stack, "Api")
    EksNodeRole(stack, "Nodes", pulls_from=[api], add_on_images=False)
    assert "602401143452" not in str(templates(app)["Shop"])


@pytest.mark.parametrize(
    ("kind", "options", "option"),
    [
        (EksNodeRole, {"add_on_images": "no"}, "add_on_images"),
        (EksNodeRole, {"pod_network": 1}, "pod_network"),
        (EksNodeRole, {"role_name": "a b"}, "role_name"),
        (EksAutoNodeRole, {"add_on_images": None}, "add_on_images"),
        (EksFargatePodRole, {"cluster_name": "-shop"}, "cluster_name"),
        (EksFargatePodRole, {"cluster_name": "arn:aws:eks:x:1:cluster/a"}, "cluster_name"),
        (EksHybridNodeRole, {"cluster_name": "*"}, "cluster_name"),
        (
            EksHybridNodeRole,
            {"cluster_name": "shop", "trust_anchor_arn": "arn:aws:iam::1:role/x"},
            "trust_anchor_arn",
        ),
    ],
)
def test_what_eks_could_not_have_is_refused(stack, kind, options, option) -> None:
    with pytest.raises(InvalidInputError) as caught:
        kind(stack, "Nodes", pulls_from=[], **options)
    assert caught.value.findings[0].property == option
    assert caught.value.construct_path == "Shop/Nodes"
    assert stack.node.try_find_child("Nodes") is None


def test_a_name_is_no_repository(stack) -> None:
    for make in (EksNodeRole, TaskExecutionRole):
        with pytest.raises(InvalidInputError, match="pulls_from: has the name of a repository"):
            make(stack, "Nodes", pulls_from=["shop/api"])
    assert stack.node.try_find_child("Nodes") is None


def test_one_repository_alone_is_no_list(stack) -> None:
    api = SecureRepository(stack, "Api")
    with pytest.raises(InvalidInputError, match=r"pulls_from=\[\.\.\.\]"):
        EksNodeRole(stack, "Nodes", pulls_from=api)
