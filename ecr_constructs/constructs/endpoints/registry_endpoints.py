"""RegistryEndpoints: private subnets pull these images, and reach no other repository."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Union, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.endpoints.options import (
    check_dns,
    check_dual_stack,
    check_place,
    check_reached,
    check_regions,
)
from ...model.endpoints.policies import (
    layer_statement,
    log_statement,
    registry_statements,
    secret_statement,
)
from ...model.endpoints.services import (
    RegistryEndpointServices,
    check_endpoint_services,
)
from ...model.iam.actions import Access
from ...model.repository.options import (
    check_access,
    check_flag,
    check_selection,
)
from .._jsii import check, show, stack_of
from ..repository.arns import arn_in
from ..roles.task_images import whereabouts_of

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_secretsmanager as secretsmanager

    from ...model.iam.statement import Statement
    from ..repository.types import RepositoryLike

__all__ = ["RegistryEndpoints"]


class RegistryEndpoints(Construct):
    """The VPC endpoints that pulls need where no way leads to the internet.

    Two interface endpoints for ECR and a gateway endpoint for the layers, which ECR keeps in S3.
    Their policies let these repositories, the login and ECR's layer bucket through, and nothing
    else: neither another repository nor a bucket of somebody else can be reached. Note what that
    means for S3: hosts in these subnets reach no other bucket, unless a statement is added to
    :attr:`layers`, or ``s3_gateway=False`` leaves the gateway to an endpoint that is there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: Union[ec2.IVpc, ec2.Vpc],
        repositories: Sequence[RepositoryLike],
        access: Access = Access.PULL,
        subnets: ec2.SubnetSelection | None = None,
        clients: Sequence[ec2.IConnectable] | None = None,
        log_groups: Sequence[Union[logs.ILogGroup, logs.LogGroup]] = (),
        secrets: Sequence[Union[secretsmanager.ISecret, secretsmanager.Secret]] = (),
        s3_gateway: bool = True,
        dual_stack: bool = False,
        services: RegistryEndpointServices | None = None,
    ) -> None:
        """Make the endpoints.

        :param vpc: the VPC, with DNS support and DNS host names: registry clients use the names
            of ECR, which then lead to the endpoints.
        :param repositories: the repositories that may be reached; in the Region of the VPC, of
            any account.
        :param access: what may be done to them; an identity needs the right for it as well.
            Default: ``Access.PULL``.
        :param subnets: where the endpoints stand, and whose routes lead to the layers. Default:
            one private subnet for each zone, and all route tables of the VPC.
        :param clients: who may connect to the interface endpoints, by security group. Default:
            every address of the VPC.
        :param log_groups: log groups that containers write to; they get an endpoint for
            CloudWatch Logs with a policy for them alone. Default: none, and no such endpoint.
        :param secrets: secrets that containers get; they get an endpoint for Secrets Manager with
            a policy for them alone. Default: none, and no such endpoint.
        :param s3_gateway: whether the gateway endpoint is made. A route table takes one for S3:
            with False the policy of the one that is there must have :attr:`layer_statement`.
            Default: it is made.
        :param dual_stack: whether the endpoints take IPv6 too, and names lead to addresses of both
            kinds; all their subnets must have both. Default: IPv4 alone.
        :param services: ECR's endpoint services by name, where yours are others. Default: the usual
            ones of the Region, in any partition, which lead to ECR's usual host names. AWS lists no
            endpoint service for its FIPS ones.
        :raises InvalidInputError: for names that no endpoint service has, nothing to reach, what is
            in another Region, or a VPC without IPv6 where that is asked for.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
        https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
        """
        stack = stack_of(scope)
        check(
            [
                *check_place(vpc=vpc, subnets=subnets),
                *check_selection(repositories, verb="reach"),
                *check_access(access),
                *check_flag("s3_gateway", s3_gateway),
                *check_flag("dual_stack", dual_stack),
                *check_reached(clients=clients, log_groups=log_groups, secrets=secrets),
            ],
            scope,
            id,
        )
        places = [whereabouts_of(repository) for repository in repositories]
        ipv6 = _ipv6_blocks(vpc) if dual_stack else None
        findings = [
            *check_dns(
                support=getattr(vpc, "dns_support_enabled", None),
                host_names=getattr(vpc, "dns_hostnames_enabled", None),
            ),
            *check_regions(
                stack.region,
                vpc=vpc.env.region,
                repositories={name: region for _, region, name in places},
            ),
            *check_dual_stack(
                dual_stack=dual_stack,
                has_ipv6=None if ipv6 is None else bool(ipv6),
                clients=clients,
            ),
            *(
                check_endpoint_services(services, region=stack.region)
                if services is not None
                else ()
            ),
        ]
        check(findings, scope, id)
        blocks = getattr(vpc, "vpc_ipv6_cidr_blocks", None) if dual_stack else None
        super().__init__(scope, id)
        show(findings, self)
        if ipv6:
            # The VPC has no block to tell of before.
            self.node.add_dependency(*ipv6)
        self._vpc: ec2.IVpc = vpc
        self._subnets = subnets
        self._clients = clients
        self._ipv6 = cdk.Fn.select(0, blocks) if blocks else None
        self._dual_stack = dual_stack
        self._layer_statement = layer_statement(partition=stack.partition, region=stack.region)
        names = services or RegistryEndpointServices.of(stack.region)
        arns = [arn_in(repository, stack, self._vpc) for repository in repositories]
        cached = [
            arn
            for arn, repository in zip(arns, repositories, strict=True)
            if getattr(type(repository), "is_cached", False)
        ]
        policy = registry_statements(access, arns, cached=cached)
        self._api = self._interface("Api", names.api, policy)
        self._docker = self._interface("Docker", names.docker, policy)
        self._layers = self._gateway() if s3_gateway else None
        if log_groups:
            statement = log_statement([group.log_group_arn for group in log_groups])
            self._interface("Logs", f"com.amazonaws.{stack.region}.logs", [statement])
        if secrets:
            statement = secret_statement(
                [secret.secret_full_arn or f"{secret.secret_arn}-??????" for secret in secrets]
            )
            name = f"com.amazonaws.{stack.region}.secretsmanager"
            self._interface("Secrets", name, [statement])

    @property
    def api(self) -> ec2.InterfaceVpcEndpoint:
        """The endpoint of ECR's API."""
        return self._api

    @property
    def docker(self) -> ec2.InterfaceVpcEndpoint:
        """The endpoint of the registry."""
        return self._docker

    @property
    def layers(self) -> ec2.GatewayVpcEndpoint | None:
        """The gateway endpoint of S3, for further statements; None with ``s3_gateway=False``."""
        return self._layers

    @property
    def layer_statement(self) -> iam.PolicyStatement:
        """What the policy of another gateway endpoint of S3 must have for pulls to work."""
        return iam.PolicyStatement.from_json(self._layer_statement.to_json())

    def _interface(
        self, construct_id: str, name: str, policy: Sequence[Statement]
    ) -> ec2.InterfaceVpcEndpoint:
        # Imported here: aws_ec2 costs 0.15 s, and whoever has a VPC has paid it.
        from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415

        endpoint = ec2.InterfaceVpcEndpoint(
            self,
            construct_id,
            vpc=self._vpc,
            service=ec2.InterfaceVpcEndpointService(name, 443),
            # Registry clients know ECR's names alone.
            private_dns_enabled=True,
            subnets=self._subnets,
            open=self._clients is None,
            ip_address_type=self._addresses(),
            dns_record_ip_type=self._records(),
        )
        for client in self._clients or ():
            endpoint.connections.allow_default_port_from(client)
        if self._ipv6 is not None and self._clients is None:
            endpoint.connections.allow_default_port_from(ec2.Peer.ipv6(self._ipv6))
        for statement in policy:
            endpoint.add_to_policy(iam.PolicyStatement.from_json(statement.to_json()))
        return endpoint

    def _gateway(self) -> ec2.GatewayVpcEndpoint:
        from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415

        endpoint = ec2.GatewayVpcEndpoint(
            self,
            "Layers",
            vpc=self._vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[self._subnets] if self._subnets is not None else None,
        )
        if self._dual_stack:
            # Older versions of the class have no such options.
            resource = cast("cdk.CfnResource", endpoint.node.default_child)
            resource.add_property_override("IpAddressType", "dualstack")
            # Without it S3's usual names have no IPv6 addresses.
            resource.add_property_override("DnsOptions.DnsRecordIpType", "dualstack")
        endpoint.add_to_policy(self.layer_statement)
        return endpoint

    def _addresses(self) -> ec2.VpcEndpointIpAddressType | None:
        from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415

        return ec2.VpcEndpointIpAddressType.DUALSTACK if self._dual_stack else None

    def _records(self) -> ec2.VpcEndpointDnsRecordIpType | None:
        from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415

        return ec2.VpcEndpointDnsRecordIpType.DUALSTACK if self._dual_stack else None


def _ipv6_blocks(vpc: ec2.IVpc) -> list[ec2.CfnVPCCidrBlock] | None:
    """What gives a VPC its IPv6 addresses; None where it is not of this app."""
    from aws_cdk import aws_ec2 as ec2  # noqa: PLC0415

    if not isinstance(vpc, ec2.Vpc):
        return None
    # CDK makes the block below the VPC; one that is made by hand stands beside it.
    near = [*vpc.node.find_all(), *cast("Construct", vpc.node.scope).node.children]
    return [
        construct
        for construct in near
        if isinstance(construct, ec2.CfnVPCCidrBlock)
        and (construct.amazon_provided_ipv6_cidr_block or construct.ipv6_cidr_block) is not None
    ]
