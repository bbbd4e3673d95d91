"""Settings that ECR refuses although CloudFormation's schema takes them, in any template."""

from __future__ import annotations

import json

import cloudformation_validate as cloudformation
import pytest

from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.perimeter.value import Perimeter
from ecr_constructs.model.registry.written import RegistryResource, check_registry
from tests.model.registry.effective.settings import scanning

from .pairs import ACCOUNT, ANYWHERE, REFUSED, REGION, TAKEN, allow, cached, policy
from .repository_pairs import ALONE, BOTH, KEY, REPOSITORIES_TAKEN, encrypted, repository

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
    return tuple(each.finding for each in check_registry(given, registry=registry))


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


def places_in(value, before=()):
    """The path to each value inside of one."""
    if before:
        yield before
    parts = value.items() if isinstance(value, dict) else ()
    for key, inner in enumerate(value) if isinstance(value, list) else parts:
        yield from places_in(inner, (*before, key))


def with_later(value, place):
    """The value with one that is known at deployment at this place."""
    if not place:
        return "${Later}"
    key, *rest = place
    copied = list(value) if isinstance(value, list) else dict(value)
    copied[key] = with_later(value[key], rest)
    return copied


SAMPLES = {
    **{f"{kind} that both take": resources for kind, resources in TAKEN.items()},
    **{f"repository {n}": [each] for n, each in enumerate(REPOSITORIES_TAKEN)},
    **{code: [resource] for code, resource in ALONE.items()},
    **{code: [resource] for code, resources in BOTH.items() for resource in resources},
    **{code: resources for code, resources in REFUSED.items() if len(resources) < 10},
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_known_later_adds_no_finding_wherever_it_stands(name):
    resources = SAMPLES[name]
    public = any(kind == "AWS::ECR::PublicRepository" for kind, _ in resources)
    registry = PUBLIC if public else HERE
    known = {finding.code for finding in checked(resources, registry=registry)}
    for number, (kind, properties) in enumerate(resources):
        for place in places_in(properties):
            later = (kind, with_later(properties, place))
            changed = [*resources[:number], later, *resources[number + 1 :]]
            found = {finding.code for finding in checked(changed, registry=registry)}
            assert found <= known, place


def test_a_finding_names_its_resource_and_the_property_of_the_template():
    resources = [
        RegistryResource(kind=kind, properties=properties, path=f"Shop/{number}")
        for number, (kind, properties) in enumerate(
            [
                scanning("BASIC", on_push=["a"]),
                repository(RepositoryName="Shop"),
                scanning("BASIC", on_push=["b"]),
                repository(**encrypted("AES256", KEY)),
            ]
        )
    ]
    found = check_registry(resources, registry=HERE)
    assert [(each.resource.path, each.finding.property) for each in found] == [
        ("Shop/1", "RepositoryName"),
        ("Shop/3", "EncryptionConfiguration"),
        ("Shop/2", "RegistryScanningConfiguration"),
    ]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("lifecycle-no-rules", {"LifecyclePolicyText", "LifecyclePolicy"}),
        (
            "lifecycle-not-json",
            {"LifecyclePolicyText, line 1, column 2", "LifecyclePolicy, line 1, column 2"},
        ),
        (
            "lifecycle-priority",
            {"LifecyclePolicyText.rules[0].rulePriority", "LifecyclePolicy.rules[0].rulePriority"},
        ),
        ("lifecycle-same-priority", {"LifecyclePolicyText.rulePriority",
                                     "LifecyclePolicy.rulePriority"}),
        ("repository-policy-open", {"RepositoryPolicyText", "RepositoryPolicy"}),
    ],
)  # fmt: skip
def test_the_property_is_that_of_the_type(code, names):
    assert {finding.property for each in BOTH[code] for finding in checked([each])} == names


def test_every_property_is_one_of_the_template():
    for resources in SAMPLES.values():
        for each in check_registry(
            [RegistryResource(kind=kind, properties=p, path="x") for kind, p in resources],
            registry=HERE,
        ):
            assert each.finding.property[0].isupper(), each.finding


@pytest.mark.parametrize("kind", [*TAKEN, "Repository", "PublicRepository"])
def test_nothing_is_wrong_only_because_an_environment_is_open(kind):
    later = RegistryAddress(account="${AWS::AccountId}", region="${AWS::Region}")
    own = [each for each in REPOSITORIES_TAKEN if each[0] == f"AWS::ECR::{kind}"]
    found = checked(TAKEN.get(kind, own), registry=later)
    allowed = {"PublicRepository": ["public-repository-region"]}.get(kind, [])
    assert [finding.code for finding in found] == allowed


def test_two_stacks_of_an_open_environment_may_be_of_two_registries():
    later = RegistryAddress(account="${AWS::AccountId}", region="${AWS::Region}")
    kind, properties = scanning("BASIC", on_push=["a"])
    of = [
        RegistryResource(kind=kind, properties=properties, path=f"{stack}/Scan", stack=stack)
        for stack in ("Dev", "Prod")
    ]
    (found,) = check_registry(of, registry=later)
    assert found.finding.code == "registry-resource-perhaps-twice"
    assert found.resource is of[1]
    rules = [
        RegistryResource(kind=kind, properties=properties, path=stack, stack=stack)
        for number in range(30)
        for stack in ("Dev", "Prod")
        for kind, properties in [cached(f"quay{number}", "quay.io")]
    ]
    codes = [found.finding.code for found in check_registry(rules, registry=later)]
    assert set(codes) == {"registry-resource-perhaps-twice"}


def test_other_types_are_passed_over():
    assert checked([("AWS::ECR::Else", {"RepositoryName": 7}), ("Custom::Thing", {})]) == ()


@pytest.mark.parametrize("kind", [*TAKEN, "Repository", "PublicRepository"])
@pytest.mark.parametrize(
    "value", [None, [], "text", 7, {"Rules": "x"}, {"Rules": 7}, {"Rules": [[], 7, None]}]
)
def test_no_template_makes_it_fail(kind, value):
    properties = dict.fromkeys(EVERY_PROPERTY, value)
    for finding in checked([(f"AWS::ECR::{kind}", properties)]):
        assert finding.sentence()
