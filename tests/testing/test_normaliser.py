"""The normaliser takes away what CDK versions change, and nothing that a reviewer wants to see."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_constructs._snapshot import normalised, template_of, text_of

HASH = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
REGISTRY = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"


def resource(**properties: object) -> dict[str, object]:
    return {"Resources": {"One": {"Type": "AWS::Some::Thing", "Properties": properties}}}


def properties_of(template: dict[str, object]) -> dict[str, object]:
    return json.loads(text_of(template))["Resources"]["One"]["Properties"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"{HASH}.zip", "<asset>.zip"),
        (f"prefix/{HASH}.zip", "prefix/<asset>.zip"),
        (f"https://s3.eu-west-1.amazonaws.com/cdk-assets/{HASH}.json", None),
        (f"{REGISTRY}/cdk-hnb659fds-container-assets-1-eu-west-1:{HASH}", None),
    ],
)
def test_hashes_of_assets_are_gone(written: str, kept: str | None) -> None:
    expected = kept or written.replace(HASH, "<asset>")
    assert properties_of(resource(Key=written, Sub={"Fn::Sub": written})) == {
        "Key": expected,
        "Sub": {"Fn::Sub": expected},
    }


@pytest.mark.parametrize(
    "written",
    [
        f"sha256:{HASH}",
        f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/api@sha256:{HASH}",
        f"/shop/api@sha256:{HASH}",
        f"the key {HASH} of something",
        HASH[:40],
    ],
)
def test_digests_and_other_hashes_stay(written: str) -> None:
    assert properties_of(resource(Image=written)) == {"Image": written}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("nodejs22.x", "<nodejs>"),
        ("python3.13", "<python>"),
        ("java21", "<java>"),
        ("provided.al2023", "provided.al2023"),
        ({"Fn::FindInMap": ["LatestNodeRuntimeMap", {"Ref": "AWS::Region"}, "value"]}, "<nodejs>"),
        ({"Fn::FindInMap": ["Mine", {"Ref": "AWS::Region"}, "value"]}, None),
        ({"Ref": "Runtime"}, None),
    ],
)
def test_runtimes_are_families(written: object, kept: str | None) -> None:
    assert properties_of(resource(Runtime=written)) == {"Runtime": kept or written}


def test_what_cdk_adds_for_itself_is_gone() -> None:
    template = {
        **resource(Name="x"),
        "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>"}},
        "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
        "Conditions": {"CDKMetadataAvailable": {"Fn::Or": []}},
        "Mappings": {"LatestNodeRuntimeMap": {"eu-west-1": {"value": "nodejs22.x"}}},
    }
    template["Resources"]["CDKMetadata"] = {"Type": "AWS::CDK::Metadata"}
    template["Resources"]["One"]["Metadata"] = {
        "aws:cdk:path": "Shop/One",
        "aws:asset:path": f"asset.{HASH}",
    }
    assert normalised(template) == resource(Name="x")


def test_ones_own_of_the_same_kind_stay() -> None:
    template = {
        **resource(Name="x"),
        "Parameters": {"BootstrapVersion": {}, "Name": {"Type": "String"}},
        "Rules": {"CheckBootstrapVersion": {}, "Mine": {"Assertions": []}},
        "Metadata": {"aws:cdk:path": "Shop", "ecr_constructs:removal": {"reason": "a preview"}},
        "Description": "A shop",
    }
    left = normalised(template)
    assert left["Parameters"] == {"Name": {"Type": "String"}}
    assert left["Rules"] == {"Mine": {"Assertions": []}}
    assert left["Description"] == "A shop"


def test_lists_of_actions_are_sorted_where_order_means_nothing() -> None:
    statement = {"Effect": "Allow", "Action": ["ecr:PutImage", "ecr:BatchGetImage"]}
    # An action of a load balancer is not one of IAM: there the first that fits decides.
    listener = {"Action": ["second", "first"], "Actions": ["b", "a"]}
    found = properties_of(resource(Statement=[statement], Listener=listener))
    assert found["Statement"] == [
        {"Effect": "Allow", "Action": ["ecr:BatchGetImage", "ecr:PutImage"]}
    ]
    assert found["Listener"] == listener


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text("ab:/.", max_size=4),
        st.just(f"{HASH}.zip"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["Action", "Effect", "Runtime", "Metadata", "Resources", "x"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # machines are shared
@given(template=st.dictionaries(st.sampled_from(["Resources", "Parameters", "Rules"]), VALUES))
def test_normalising_again_changes_nothing_and_the_template_stays(
    template: dict[str, object],
) -> None:
    before = copy.deepcopy(template)
    once = normalised(template)
    assert template == before
    assert normalised(once) == once


def test_what_has_no_template_is_refused() -> None:
    with pytest.raises(TypeError, match="a list has no template: compare a Stack"):
        template_of([])  # type: ignore[arg-type]
