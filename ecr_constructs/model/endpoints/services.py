"""The endpoint services that a pull from a private subnet needs.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..deferred import is_deferred, masked
from ..findings import Finding, Severity

__all__ = ["RegistryEndpointServices", "check_endpoint_services"]

ENDPOINT_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html"
LIST_DOCS: Final = (
    "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"
)
_API, _DOCKER = "ecr.api", "ecr.dkr"
# The domain of the partition, read from its end.
_PREFIXES: Final = {
    "cn-": "cn.com.amazonaws",
    "eu-isoe-": "uk.adc-e.cloud",
    "eusc-": "eu.amazonaws",
    "us-iso-": "gov.ic.c2s",
    "us-isob-": "gov.sgov.sc2s",
    "us-isof-": "gov.ic.hci.csp",
}
_NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+){2,}")
_PART = re.compile(r"[a-z0-9.-]+")


@dataclass(frozen=True, kw_only=True)
class RegistryEndpointServices:
    """The names of ECR's two endpoint services, for where they are not the usual ones.

    AWS's list has no FIPS service for ECR, and none is made up here. Where
    ``aws ec2 describe-vpc-endpoint-services`` lists one in your Region, its name goes here.

    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
    """

    api: str
    """What the API of ECR is called through (``com.amazonaws.us-east-1.ecr.api``)."""
    docker: str
    """What registry clients pull and push through (``com.amazonaws.us-east-1.ecr.dkr``)."""

    @classmethod
    def of(cls, region: str) -> RegistryEndpointServices:
        """The usual names in a Region of any partition.

        :param region: the Region. One that is known only at deployment is taken for one of the
            commercial ones or of AWS GovCloud, whose services begin with ``com.amazonaws``.
        """
        prefix = next(
            (value for start, value in _PREFIXES.items() if region.startswith(start)),
            "com.amazonaws",
        )
        return cls(api=f"{prefix}.{region}.{_API}", docker=f"{prefix}.{region}.{_DOCKER}")


def check_endpoint_services(services: object, *, region: str) -> tuple[Finding, ...]:
    """What cannot be the names of endpoint services in this Region; and what AWS does not list."""
    if not isinstance(services, RegistryEndpointServices):
        return (_finding(services, "is no RegistryEndpointServices", region),)
    names = (services.api, services.docker)
    return (
        *(
            _finding(name, "is not the name of an endpoint service here", region)
            for name in names
            if not _is_service(name, region)
        ),
        *(_not_listed(name) for name in names if _is_service(name, region) and "fips" in name),
    )


def _is_service(name: object, region: str) -> bool:
    if not isinstance(name, str):
        return False
    if is_deferred(name):
        return bool(_PART.fullmatch(masked(name)))
    here = is_deferred(region) or f".{region}." in name
    return here and bool(_NAME.fullmatch(name))


def _not_listed(name: str) -> Finding:
    return Finding(
        code="endpoint-service-fips",
        property="services",
        message="is not in AWS's list, which has no FIPS endpoint service of ECR",
        given=name,
        allowed="a service that 'aws ec2 describe-vpc-endpoint-services' lists in the Region",
        fix="look there first; without it, FIPS host names of ECR need a NAT gateway or a proxy",
        docs=LIST_DOCS,
        severity=Severity.WARNING,
    )


def _finding(given: object, message: str, region: str) -> Finding:
    where = "REGION" if is_deferred(region) else region
    return Finding(
        code="endpoint-service-invalid",
        property="services",
        message=message,
        given=given,
        allowed=f"names of two services, com.amazonaws.{where}.ecr.api and ...ecr.dkr, say",
        fix="take them from 'aws ec2 describe-vpc-endpoint-services'",
        docs=ENDPOINT_DOCS,
    )
