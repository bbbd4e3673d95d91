from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.regions import WITHOUT_SIGNING, partition_of
from ecr_constructs.model.registry.singletons import (
    IDENTIFIED_BY,
    SINGLETONS,
    Claim,
    check_number,
    check_second,
)

from ..answers import STRING_TOKEN, only

HERE = RegistryAddress(account="111111111111", region="eu-west-1")
OTHER_REGION = RegistryAddress(account="111111111111", region="eu-central-1")
OTHER_ACCOUNT = RegistryAddress(account="222222222222", region="eu-west-1")
NO_ACCOUNT = RegistryAddress(account=STRING_TOKEN, region="eu-west-1")
NOWHERE = RegistryAddress(account=STRING_TOKEN, region="${AWS::Region}")
ADDRESSES = (HERE, OTHER_REGION, OTHER_ACCOUNT, NO_ACCOUNT, NOWHERE)


def claim(path="One/Policy", *, kind="AWS::ECR::RegistryPolicy", registry=HERE, key=None):
    return Claim(kind=kind, registry=registry, path=path, stack=path.split("/")[0], key=key)


def test_an_address_is_said_as_far_as_it_is_known():
    assert [str(address) for address in ADDRESSES] == [
        "111111111111/eu-west-1",
        "111111111111/eu-central-1",
        "222222222222/eu-west-1",
        "unknown/eu-west-1",
        "unknown/unknown",
    ]
    assert [address.known for address in ADDRESSES] == [True, True, True, False, False]


@given(st.sampled_from(ADDRESSES), st.sampled_from(ADDRESSES))
def test_one_may_be_another_both_ways_or_neither(one, another):
    assert one.may_be(another) == another.may_be(one)
    assert one.may_be(one)
    if one.known and another.known:
        assert one.may_be(another) == (one == another)


def test_a_second_setting_names_both():
    finding = only(check_second(claim(), claim("Two/Policy")))
    assert finding.code == "registry-resource-twice"
    assert "One/Policy" in finding.message
    assert "Two/Policy" in finding.message
    assert "111111111111/eu-west-1" in finding.message


@pytest.mark.parametrize("registry", [OTHER_REGION, OTHER_ACCOUNT], ids=str)
def test_another_registry_has_its_own(registry):
    assert check_second(claim(), claim("Two/Policy", registry=registry)) == ()


@pytest.mark.parametrize("registry", [NO_ACCOUNT, NOWHERE], ids=str)
def test_what_may_be_one_registry_is_a_warning(registry):
    for pair in (
        (claim(), claim("Two/Policy", registry=registry)),
        (claim(registry=registry), claim("Two/Policy")),
        (claim(registry=registry), claim("Two/Policy", registry=registry)),
    ):
        finding = only(check_second(*pair))
        assert finding.code == "registry-resource-perhaps-twice"
        assert finding.severity is Severity.WARNING


def test_one_stack_is_one_registry_wherever_it_goes():
    pair = (claim(registry=NOWHERE), claim("One/Another", registry=NOWHERE))
    assert only(check_second(*pair)).severity is Severity.DANGER


def test_what_a_condition_decides_is_a_warning():
    conditional = replace(claim("Two/Policy"), conditional=True)
    for pair in ((claim(), conditional), (conditional, claim())):
        assert only(check_second(*pair)).severity is Severity.WARNING
    elsewhere = replace(conditional, registry=OTHER_REGION)
    assert check_second(claim(), elsewhere) == ()


def test_kinds_and_keys_are_told_apart():
    rule = "AWS::ECR::PullThroughCacheRule"
    assert check_second(claim(), claim("Two/Rule", kind=rule, key="quay")) == ()
    hub = claim("One/Hub", kind=rule, key="hub")
    assert check_second(hub, claim("Two/Quay", kind=rule, key="quay")) == ()
    assert check_second(hub, claim("Two/Deferred", kind=rule, key=STRING_TOKEN)) == ()
    assert "'hub/'" in only(check_second(hub, claim("Two/Hub", kind=rule, key="hub/"))).property


def test_every_type_is_a_type_of_ecr():
    assert {name.split("::")[1] for name in SINGLETONS | set(IDENTIFIED_BY)} == {"ECR"}
    assert not SINGLETONS & set(IDENTIFIED_BY)


def test_a_registry_takes_so_many_and_no_more():
    kind = "AWS::ECR::PullTimeUpdateExclusion"
    one, two = (claim(f"One/{key}", kind=kind, key=key) for key in "ab")
    third = claim("Two/c", kind=kind, key="c")
    assert check_number(third, [one, two], at_most=3) == ()
    assert check_number(third, [one, two], at_most=None) == ()
    elsewhere = claim("Two/c", kind=kind, key="c", registry=OTHER_REGION)
    assert check_number(elsewhere, [one, two], at_most=2) == ()
    assert only(check_number(third, [one, two], at_most=2)).given == "Two/c"


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eu-isoe-west-1", "aws-iso-e"),
        (STRING_TOKEN, None),
    ],
)
def test_the_partition_of_a_region(region, partition):
    assert partition_of(region) == partition


def test_regions_without_signing_are_regions():
    assert {partition_of(region) for region in WITHOUT_SIGNING} == {"aws", "aws-cn"}
    assert "eu-west-1" not in WITHOUT_SIGNING
