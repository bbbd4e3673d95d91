"""What of the options of endpoints would not be one network with the registry."""

import pytest

from ecr_constructs.model.endpoints.options import check_dns, check_dual_stack, check_regions

from ..answers import codes, only


@pytest.mark.parametrize(
    ("dual_stack", "has_ipv6", "clients", "code"),
    [
        (True, None, None, "endpoint-dual-stack-clients-unknown"),
        (True, None, [], None),
        (True, True, None, None),
        (True, True, [], None),
        (True, False, None, "endpoint-dual-stack-vpc"),
        (True, False, [], "endpoint-dual-stack-vpc"),
        (False, False, None, None),
        (False, None, None, None),
    ],
)
def test_ipv6_is_there_and_its_clients_are_known(dual_stack, has_ipv6, clients, code):
    found = check_dual_stack(dual_stack=dual_stack, has_ipv6=has_ipv6, clients=clients)
    assert codes(found) == ([] if code is None else [code])
    for finding in found:
        assert only([finding]).property == "dual_stack"


def test_names_of_ecr_lead_to_the_endpoints():
    for support, host_names in ((True, True), (None, None), (True, None)):
        assert check_dns(support=support, host_names=host_names) == ()
    finding = only(check_dns(support=True, host_names=False))
    assert (finding.property, finding.given) == ("vpc", "enable_dns_hostnames=False")
    both = only(check_dns(support=False, host_names=False))
    assert "enable_dns_support and enable_dns_hostnames" in both.fix


DEFERRED = "${Token[AWS.Region.4]}"


@pytest.mark.parametrize("home", ["eu-west-1", DEFERRED])
@pytest.mark.parametrize("region", ["eu-west-1", DEFERRED])
def test_what_is_here_or_may_be(home, region):
    assert check_regions(home, vpc=region, repositories={"shop/api": region}) == ()


def test_what_is_in_another_region():
    found = check_regions(
        "eu-west-1",
        vpc="eu-west-1",
        repositories={"shop/api": "eu-west-1", "shop/web": "us-east-1", "base": DEFERRED},
    )
    finding = only(found)
    assert (finding.code, finding.property, finding.given, finding.allowed) == (
        "endpoint-elsewhere",
        "repositories",
        "us-east-1",
        "eu-west-1",
    )
    assert "shop/web" in finding.message
    vpc = only(check_regions("eu-west-1", vpc="us-east-1", repositories={}))
    assert (vpc.property, vpc.fix) == ("vpc", "make the endpoints in a stack of us-east-1")
