"""Settings that ECR refuses although CloudFormation's schema takes them, in any template."""

from __future__ import annotations

import json

import cloudformation_validate as cloudformation
import pytest

from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.perimeter.value import Perimeter
from ecr_constructs.model.registry.written import RegistryResource, check_registry

from .pairs import ACCOUNT, ANYWHERE, REFUSED, REGION, TAKEN, allow, policy
from .repository_pairs import ALONE, BOTH, REPOSITORIES_TAKEN, repository

HERE = RegistryAddress(account=ACCOUNT, region=REGION)
PUBLIC = RegistryAddress(account=ACCOUNT, region="us-east-1")
ERRORS = (cloudformation.Severity.FATAL, cloudformation.Severity.ERROR)


EVERY_PROPERTY = (
    "Rules",
    "ReplicationConfiguration",
    "PolicyText",
    "Prefix",
    "AppliedFor",
    "PrincipalArn",
    "EcrRepositoryPrefix",
    "UpstreamRegistryUrl",
    "CredentialArn",
    "CustomRoleArn",
    "EncryptionConfiguration",
    "ResourceTags",
    "LifecyclePolicy",
    "RepositoryPolicy",
    "RepositoryPolicyText",
    "RepositoryName",
    "ImageTagMutability",
    "ImageTagMutabilityExclusionFilters",
    "Tags",
)


def checked(resources, *, registry=HERE):
    given = [
        RegistryResource(kind=kind, properties=properties, path=f"Shop/Setting{number}")
        for number, (kind, properties) in enumerate(resources)
    ]
    return check_registry(given, registry=registry)


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """What CloudFormation's schemas refuse of resources."""
    engine = cloudformation.CompositeEngine()
    folder = tmp_path_factory.mktemp("templates")

    def refuses(name, resources):
        written = {
            f"Setting{number}": {"Type": kind, "Properties": properties}
            for number, (kind, properties) in enumerate(resources)
        }
        place = folder / f"{name}.template.json"
        place.write_text(json.dumps({"Resources": written}))
        report = engine.validate_template(place, cloudformation.ValidateConfig())
        return [entry.message for entry in report.diagnostics if entry.severity in ERRORS]

    return refuses


@pytest.mark.parametrize("code", REFUSED)
def test_what_the_schema_takes_and_ecr_refuses(code, schema):
    assert schema(code, REFUSED[code]) == []
    found = checked(REFUSED[code])
    assert code in {finding.code for finding in found}
    for finding in found:
        assert finding.sentence()
        assert finding.docs.startswith("https://docs.aws.amazon.com/")


@pytest.mark.parametrize(
    ("code", "resource"),
    [
        *((code, resource) for code, resources in BOTH.items() for resource in resources),
        *ALONE.items(),
    ],
)
def test_a_repository_that_the_schema_takes_and_ecr_refuses(code, resource, schema):
    assert schema(code, [resource]) == []
    registry = PUBLIC if resource[0] == "AWS::ECR::PublicRepository" else HERE
    # Each sample has one fault, so that a rule cannot hide behind another one.
    assert [finding.code for finding in checked([resource], registry=registry)] == [code]


@pytest.mark.parametrize("resource", REPOSITORIES_TAKEN)
def test_a_repository_that_both_take(resource, schema):
    assert schema("taken", [resource]) == []
    registry = PUBLIC if resource[0] == "AWS::ECR::PublicRepository" else HERE
    assert checked([resource], registry=registry) == ()


def test_public_repositories_are_in_one_region():
    ((kind, properties),) = [each for each in REPOSITORIES_TAKEN if "Public" in each[0]]
    codes = [finding.code for finding in checked([(kind, properties)])]
    assert codes == ["public-repository-region"]


@pytest.mark.parametrize("kind", TAKEN)
def test_what_both_take(kind, schema):
    assert schema(kind, TAKEN[kind]) == []
    assert checked(TAKEN[kind]) == ()


def test_everything_together_is_taken():
    assert checked([each for resources in TAKEN.values() for each in resources]) == ()


def test_whom_the_policy_of_the_registry_shuts_out():
    perimeter = Perimeter(accounts=["333333333333"])
    let_in = allow("ecr:BatchGetImage", Resource=None)
    protected = perimeter.statements(partition="aws", account=ACCOUNT, resources=(ANYWHERE,))
    own = perimeter.statements(partition="aws", account=ACCOUNT)
    found = [
        finding
        for resources in (
            [repository(RepositoryPolicyText={"Statement": [let_in, *own]})],
            [policy(*protected), repository(RepositoryPolicyText={"Statement": [let_in]})],
            [policy(allow(), *protected)],
        )
        for finding in checked(resources)
    ]
    assert [finding.code for finding in found] == ["policy-taken-back"] * 3


def test_where_signing_is_not():
    elsewhere = RegistryAddress(account=ACCOUNT, region="ap-southeast-3")
    codes = {finding.code for finding in checked(TAKEN["SigningConfiguration"], registry=elsewhere)}
    assert "signing-region" in codes


def test_what_is_known_at_deployment_is_not_judged():
    later = RegistryAddress(account="${AWS::AccountId}", region="${AWS::Region}")
    deferred = [
        ("AWS::ECR::PullTimeUpdateExclusion", {"PrincipalArn": "${Role.Arn}"}),
        (
            "AWS::ECR::PullThroughCacheRule",
            {"EcrRepositoryPrefix": "${Prefix}", "UpstreamRegistryUrl": "${Url}"},
        ),
        (
            "AWS::ECR::PullThroughCacheRule",
            {
                "EcrRepositoryPrefix": "hub",
                "UpstreamRegistryUrl": "registry-1.docker.io",
                "CredentialArn": "${Secret}",
            },
        ),
        (
            "AWS::ECR::Repository",
            {
                "RepositoryName": "${Name}",
                "RepositoryPolicyText": "${Policy}",
                "LifecyclePolicy": {"LifecyclePolicyText": "${Lifecycle}"},
                "ImageTagMutability": "${Mode}",
                "ImageTagMutabilityExclusionFilters": "${Filters}",
                "EncryptionConfiguration": {"EncryptionType": "${Kind}", "KmsKey": "${Key.Arn}"},
            },
        ),
    ]
    assert checked(deferred, registry=later) == ()


def test_other_types_are_passed_over():
    assert checked([("AWS::ECR::Else", {"RepositoryName": 7}), ("Custom::Thing", {})]) == ()


@pytest.mark.parametrize("kind", [*TAKEN, "Repository", "PublicRepository"])
@pytest.mark.parametrize("value", [None, [], "text", 7, {"Rules": "x"}, {"Rules": [[], 7, None]}])
def test_no_template_makes_it_fail(kind, value):
    properties = dict.fromkeys(EVERY_PROPERTY, value)
    for finding in checked([(f"AWS::ECR::{kind}", properties)]):
        assert finding.sentence()
