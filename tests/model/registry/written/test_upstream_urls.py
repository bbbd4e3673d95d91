"""The address of an upstream is any text in a template: none of them makes the check fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.written.cache_rules import check_cache_properties, upstream_of

from .pairs import ACCOUNT, REGION

HERE = RegistryAddress(account=ACCOUNT, region=REGION)


@given(
    st.one_of(
        st.from_regex(r"\A[\w-]{1,15}\.dkr\.ecr\.[a-z0-9-]{1,20}\.amazonaws\.com\Z"),
        st.from_regex(r"\A[a-zA-Z0-9-]{1,80}\.azurecr\.io\Z"),
        st.text(max_size=40),
    )
)
def test_an_address_is_an_upstream_or_a_finding(url):
    properties = {"EcrRepositoryPrefix": "cache", "UpstreamRegistryUrl": url}
    upstream = upstream_of(properties)
    codes = {finding.code for finding in check_cache_properties(properties, registry=HERE)}
    if "${" not in url:
        assert (upstream is None) is ("pull-through-upstream-unknown-url" in codes)


@pytest.mark.parametrize(
    "url",
    [
        f"{ACCOUNT}.dkr.ecr.ireland.amazonaws.com",
        f"{ACCOUNT[1:]}.dkr.ecr.us-east-1.amazonaws.com",
        "a-b-c-d.azurecr.io",
        "shop.azurecr.io",
    ],
)
def test_no_registry_can_be_there(url):
    assert upstream_of({"UpstreamRegistryUrl": url}) is None


@pytest.mark.parametrize(
    ("url", "registry"),
    [
        (f"{ACCOUNT}.dkr.ecr.us-gov-west-1.amazonaws.com", "ecr"),
        ("https://quay.io/", "quay"),
        ("acmeimages-x1y2z3.azurecr.io", "azure-container-registry"),
    ],
)
def test_a_registry_is_known_by_its_address(url, registry):
    assert upstream_of({"UpstreamRegistryUrl": url}).registry == registry
