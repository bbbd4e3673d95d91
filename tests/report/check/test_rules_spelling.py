"""Names and values are those of CloudFormation's own schemas, and what was meant is said."""

from __future__ import annotations

import json
import re

import cloudformation_validate as cloudformation
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.report.check.registries import ECR_TYPES
from ecr_constructs.report.check.spelling import check_spelling

from .rules import UNDECIDED, either, found, located, resource, source

# Every property of every type, with a value that it can have.
FILTERS = [{"Filter": "shop", "FilterType": "PREFIX_MATCH"}]
SCANNED = [{"Filter": "*", "FilterType": "WILDCARD"}]
SIGNED = [{"Filter": "shop", "FilterType": "WILDCARD_MATCH"}]
TAGS = [{"Key": "team", "Value": "shop"}]
SETTINGS = {
    "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": "alias/images"},
    "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
    "ImageTagMutabilityExclusionFilters": [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": "latest",
        }
    ],
}
POLICY = {"Version": "2012-10-17", "Statement": []}
WRITTEN = {
    "Repository": {
        **SETTINGS,
        "EmptyOnDelete": False,
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "LifecyclePolicy": {"LifecyclePolicyText": "{}", "RegistryId": "111111111111"},
        "RepositoryName": "shop",
        "RepositoryPolicyText": POLICY,
        "Tags": TAGS,
    },
    "PublicRepository": {
        "RepositoryCatalogData": {
            "AboutText": "a",
            "Architectures": ["ARM"],
            "OperatingSystems": ["Linux"],
            "RepositoryDescription": "a",
            "UsageText": "a",
        },
        "RepositoryName": "shop",
        "RepositoryPolicyText": POLICY,
        "Tags": TAGS,
    },
    "RepositoryCreationTemplate": {
        **SETTINGS,
        "AppliedFor": ["REPLICATION"],
        "CustomRoleArn": "arn:aws:iam::111111111111:role/r",
        "Description": "a",
        "LifecyclePolicy": "{}",
        "Prefix": "shop",
        "RepositoryPolicy": "{}",
        "ResourceTags": TAGS,
    },
    "PullThroughCacheRule": {
        "CredentialArn": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:a",
        "CustomRoleArn": "arn:aws:iam::111111111111:role/r",
        "EcrRepositoryPrefix": "hub",
        "UpstreamRegistry": "docker-hub",
        "UpstreamRegistryUrl": "registry-1.docker.io",
        "UpstreamRepositoryPrefix": "ROOT",
    },
    "PullTimeUpdateExclusion": {"PrincipalArn": "arn:aws:iam::111111111111:role/r"},
    "RegistryPolicy": {"PolicyText": POLICY},
    "RegistryScanningConfiguration": {
        "Rules": [{"RepositoryFilters": SCANNED, "ScanFrequency": "SCAN_ON_PUSH"}],
        "ScanType": "BASIC",
    },
    "ReplicationConfiguration": {
        "ReplicationConfiguration": {
            "Rules": [
                {
                    "Destinations": [{"Region": "eu-west-1", "RegistryId": "111111111111"}],
                    "RepositoryFilters": FILTERS,
                }
            ]
        }
    },
    "SigningConfiguration": {
        "Rules": [
            {
                "RepositoryFilters": SIGNED,
                "SigningProfileArn": "arn:aws:signer:eu-west-1:111111111111:/signing-profiles/ab",
            }
        ]
    },
}
OTHERS = ("Zone", "repositoryname", "Tag", "FilterTypes", "Rule", "KmsKeyId")
CODES = {"Additional properties": "property-unknown", "is not one of": "property-value-unknown"}
# Values of which rules with pages of their own speak.
ELSEWHERE = ("FilterType", "ScanFrequency", "ScanType", "AppliedFor")


def holders(value, at=()):
    """Every mapping in it, by its place."""
    if isinstance(value, dict):
        yield at
    listed = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else listed:
        if name not in ("PolicyText", "RepositoryPolicyText"):
            yield from holders(inner, (*at, name))


def values(value, at=()):
    """Every text in it, by its place."""
    if isinstance(value, str):
        yield at
    listed = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else listed:
        yield from values(inner, (*at, name))


def with_entry(value, at, entry):
    copy = json.loads(json.dumps(value))
    inside = copy
    for name in at[:-1]:
        inside = inside[name]
    inside[at[-1]] = entry
    return copy


def places(properties, kind="Repository", **more):
    given = source({"A": resource(f"AWS::ECR::{kind}", properties)}, **more)
    return {(each.finding.code, each.finding.property) for each in located(check_spelling, given)}


def one(properties, kind="Repository", **attributes):
    given = source({"A": resource(f"AWS::ECR::{kind}", properties, **attributes)})
    (only,) = located(check_spelling, given)
    return only.finding


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """What CloudFormation's schemas say of names and values, as code and property."""
    engine = cloudformation.CompositeEngine()
    place = tmp_path_factory.mktemp("templates") / "template.json"

    def refuses(kind, properties):
        resources = {"A": resource(f"AWS::ECR::{kind}", properties)}
        place.write_text(json.dumps({"Resources": resources}))
        found = set()
        for each in engine.validate_template(place, cloudformation.ValidateConfig()).diagnostics:
            for text, code in CODES.items():
                path = re.sub(r"\.(\d+)", r"[\1]", each.property_path or "")
                if text in each.message and path.split(".")[-1].split("[")[0] not in ELSEWHERE:
                    found.add((code, path.removeprefix("Properties.")))
        return found

    return refuses


def test_every_type_is_written():
    assert {f"AWS::ECR::{kind}" for kind in WRITTEN} == set(ECR_TYPES)


@pytest.mark.parametrize("kind", WRITTEN)
def test_names_and_values_are_those_of_the_schema(refused, kind):
    properties = WRITTEN[kind]
    assert places(properties, kind) == refused(kind, properties) == set()
    for at in holders(properties):
        for name in OTHERS:
            given = with_entry(properties, (*at, name), "a")
            assert places(given, kind) == refused(kind, given) != set()
    for at in values(properties):
        given = with_entry(properties, at, "elsewhere")
        assert places(given, kind) == refused(kind, given)


@pytest.mark.parametrize(
    ("properties", "fix"),
    [
        ({"ImageScaningConfiguration": {}}, "write ImageScanningConfiguration"),
        ({"repositoryName": "shop"}, "write RepositoryName"),
        ({"ScanOnPush": True}, "write it as ImageScanningConfiguration.ScanOnPush"),
        ({"LifecyclePolicy": {"Tags": []}}, "write it as Tags"),
        ({"ImageTagMutability": "Mutable"}, "write MUTABLE"),
        ({"ImageTagMutability": "immutable-with-exclusion"}, "write IMMUTABLE_WITH_EXCLUSION"),
        ({"EncryptionConfiguration": {"EncryptionType": "aes-256"}}, "write AES256"),
        ({"EncryptionConfiguration": {"EncryptionType": "none"}}, "write one of these"),
    ],
    ids=str,
)
def test_what_was_meant_is_the_fix(properties, fix):
    finding = one(properties)
    assert (finding.fix, finding.severity.value) == (fix, "danger")


def test_a_name_like_no_other_may_be_a_new_one():
    assert one({"Zone": "a"}).severity.value == "warning"


def test_attributes():
    assert one({}, DeletionPolicy="retain").fix == "write Retain"
    assert one({}, UpdateReplacePolicy="RetainExceptOnCreate").code == "property-value-unknown"
    assert one({}, DeletionPolcy="Retain").fix == "write DeletionPolicy"
    assert one({}, RepositoryName="shop").fix == "write it below Properties"
    for fine in ("Retain", "RetainExceptOnCreate", "Delete", {"Ref": "Policy"}):
        resources = {"A": resource("AWS::ECR::Repository", DeletionPolicy=fine)}
        template = {**UNDECIDED, "Transform": "AWS::LanguageExtensions"}
        assert found(check_spelling, resources, template=template) == []


def test_what_is_not_known_is_not_judged():
    later = [{"Ref": "Stage"}, {"Fn::Sub": "${Stage}x"}, {"Fn::Unknown": "x"}, 7, ["x"], {}]
    for value in later:
        assert places({"ImageTagMutability": value}, template=UNDECIDED) == set()
    assert places({"Fn::Transform": {"Name": "AWS::Include"}}) == set()
    wrong = {"Zone": "a", "ImageTagMutability": "Mutable"}
    assert places(wrong, template={"Transform": ["AWS::Serverless-2016-10-31"]})
    assert places(wrong, template={"Transform": ["OurMacro"]}) == set()


def test_a_side_of_a_condition_is_looked_at():
    mode = either("MUTABLE", "Immutable")
    (only,) = located(
        check_spelling,
        source(
            {"A": resource("AWS::ECR::Repository", {"ImageTagMutability": mode})},
            template=UNDECIDED,
        ),
    )
    assert only.finding.message.endswith("(where IsProd does not hold)")


@given(
    st.sampled_from(sorted(WRITTEN)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["Rules", "Tags", "Key", "x"]), inner, max_size=2)
        ),
        max_leaves=6,
    ),
)
def test_any_value_is_taken(kind, value):
    for name in WRITTEN[kind]:
        found_there = places({name: value}, kind)
        assert all(place.startswith(name) for _, place in found_there)
