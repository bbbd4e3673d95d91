"""What the options of endpoints are, for callers whose type checker is off.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping

from ..deferred import is_deferred
from ..findings import Finding
from ..repository.options import check_construct, check_each
from .services import ENDPOINT_DOCS

__all__ = ["check_dns", "check_dual_stack", "check_place", "check_reached", "check_regions"]


def check_place(*, vpc: object, subnets: object) -> tuple[Finding, ...]:
    """Whether it is a VPC, and a selection of its subnets or none."""
    found = check_construct(
        "vpc",
        vpc,
        "vpc_id",
        noun="a VPC",
        fix="give an ec2.Vpc of the app, or ec2.Vpc.from_lookup(...)",
        docs=ENDPOINT_DOCS,
    )
    if subnets is None:
        return found
    return found + check_construct(
        "subnets",
        subnets,
        "subnet_group_name",
        noun="an ec2.SubnetSelection",
        fix="write subnets=ec2.SubnetSelection(subnets=[...]), or by the name of their group",
        docs=ENDPOINT_DOCS,
    )


def check_reached(*, clients: object, log_groups: object, secrets: object) -> tuple[Finding, ...]:
    """Whether who connects has security groups, and whether logs and secrets are such."""
    kinds = {
        "clients": (clients, "connections", "what has security groups"),
        "log_groups": (log_groups, "log_group_arn", "a log group"),
        "secrets": (secrets, "secret_arn", "a secret"),
    }
    return tuple(
        finding
        for option, (values, attribute, noun) in kinds.items()
        if not (option == "clients" and values is None)
        for finding in check_each(option, values, attribute, noun=noun, docs=ENDPOINT_DOCS)
    )


def check_dns(*, support: object, host_names: object) -> tuple[Finding, ...]:
    """Whether the names of ECR can lead to the endpoints; None where the VPC does not say.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
    """
    options = {"enable_dns_support": support, "enable_dns_hostnames": host_names}
    off = [option for option, value in options.items() if value is False]
    if not off:
        return ()
    return (
        Finding(
            code="endpoint-vpc-dns",
            property="vpc",
            message="does not answer for the names of ECR, by which clients come to the endpoints",
            given=", ".join(f"{option}=False" for option in off),
            allowed="a VPC with DNS support and DNS host names",
            fix=f"leave {' and '.join(off)} out of the ec2.Vpc",
            docs="https://docs.aws.amazon.com/vpc/latest/privatelink/"
            "privatelink-access-aws-services.html",
        ),
    )


def check_regions(home: str, *, vpc: str, repositories: Mapping[str, str]) -> tuple[Finding, ...]:
    """Whether everything is in the Region of the stack, as far as that is known.

    Endpoints stand in one Region, and lead to the registries and the layers of that Region.

    :param home: the Region of the stack.
    :param vpc: the Region of the VPC.
    :param repositories: the Region of each repository, by its name.
    """
    where = (
        ("vpc", "is", vpc, f"make the endpoints in a stack of {vpc}"),
        *(
            ("repositories", f"has {name}, which is", region, "replicate its images to this Region")
            for name, region in repositories.items()
        ),
    )
    return tuple(
        Finding(
            code="endpoint-elsewhere",
            property=option,
            message=f"{what} in another Region than the endpoints",
            given=region,
            allowed=home,
            fix=fix,
            docs=ENDPOINT_DOCS,
        )
        for option, what, region, fix in where
        if not is_deferred(home) and not is_deferred(region) and region != home
    )


def check_dual_stack(
    *, dual_stack: object, has_ipv6: bool | None, clients: object
) -> tuple[Finding, ...]:
    """Whether the VPC has IPv6, and it can be said which of its addresses may connect.

    :param has_ipv6: None for a VPC of elsewhere, which does not say.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    if dual_stack is not True or has_ipv6 or (has_ipv6 is None and clients is not None):
        return ()
    unknown = has_ipv6 is None
    return (
        Finding(
            code="endpoint-dual-stack-clients-unknown" if unknown else "endpoint-dual-stack-vpc",
            property="dual_stack",
            message="needs to know who connects by IPv6, and the VPC does not say its addresses"
            if unknown
            else "needs subnets with addresses of both kinds, and the VPC has no IPv6",
            given=dual_stack,
            allowed="a VPC of this app with IPv6" + (", or clients" if unknown else ""),
            fix="write clients=[service], say"
            if unknown
            else "make the VPC with ip_protocol=ec2.IpProtocol.DUAL_STACK, or leave dual_stack out",
            docs=ENDPOINT_DOCS,
        ),
    )
