import pytest

from ecr_constructs.model.endpoints.services import (
    RegistryEndpointServices,
    check_endpoint_services,
)
from ecr_constructs.model.findings import Severity

from ..answers import DEFERRED_TEXTS, codes, dangerous, only


@pytest.mark.parametrize(
    ("region", "prefix"),
    [
        ("eu-west-1", "com.amazonaws"),
        ("us-gov-west-1", "com.amazonaws"),
        ("us-isob-east-1", "gov.sgov.sc2s"),
        ("us-iso-west-1", "gov.ic.c2s"),
        ("us-isof-south-1", "gov.ic.hci.csp"),
        ("eu-isoe-west-1", "uk.adc-e.cloud"),
        ("eusc-de-east-1", "eu.amazonaws"),
        ("cn-northwest-1", "cn.com.amazonaws"),
        ("${AWS::Region}", "com.amazonaws"),
    ],
)
def test_the_services_of_a_region(region, prefix):
    services = RegistryEndpointServices.of(region)
    assert services.api == f"{prefix}.{region}.ecr.api"
    assert services.docker == f"{prefix}.{region}.ecr.dkr"
    assert check_endpoint_services(services, region=region) == ()


@pytest.mark.parametrize(
    "name",
    ["com.amazonaws.us-gov-west-1.ecr.api-fips", "aws.api.us-gov-west-1.ecr-fips", *DEFERRED_TEXTS],
)
def test_services_by_name(name):
    services = RegistryEndpointServices(api=name, docker=name)
    assert dangerous(check_endpoint_services(services, region="us-gov-west-1")) == []


def test_a_fips_service_is_one_that_aws_does_not_list():
    usual = RegistryEndpointServices.of("us-gov-west-1")
    services = RegistryEndpointServices(api=f"{usual.api}-fips", docker=usual.docker)
    finding = only(check_endpoint_services(services, region="us-gov-west-1"))
    assert (finding.code, finding.given) == ("endpoint-service-fips", services.api)
    assert finding.severity is Severity.WARNING
    assert "NAT gateway" in finding.fix
    assert check_endpoint_services(usual, region="us-gov-west-1") == ()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ecr.api",
        "com.amazonaws.eu-west-1.ecr.api",
        "https://api.ecr.us-east-1.amazonaws.com",
        "com.amazonaws.us-east-1.",
        "com.amazonaws.us-east-1.ecr api",
        7,
        None,
    ],
)
def test_what_is_no_service_of_the_region(name):
    usual = RegistryEndpointServices.of("us-east-1")
    services = RegistryEndpointServices(api=name, docker=usual.docker)
    finding = only(check_endpoint_services(services, region="us-east-1"))
    assert (finding.code, finding.given) == ("endpoint-service-invalid", name)
    both = RegistryEndpointServices(api=name, docker=name)
    assert codes(check_endpoint_services(both, region="us-east-1")) == [finding.code] * 2


def test_what_are_no_services():
    finding = only(check_endpoint_services("ecr", region="${AWS::Region}"))
    assert finding.property == "services"
    assert "com.amazonaws.REGION.ecr.api" in finding.allowed
    here = only(check_endpoint_services("ecr", region="us-east-1"))
    assert "com.amazonaws.us-east-1.ecr.api" in here.allowed
