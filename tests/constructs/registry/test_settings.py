"""Scanning, signing and exclusions, alone and as parts of a Registry."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_signer as signer
from constructs import Construct

from ecr_constructs import (
    AppliedFor,
    BasicScanning,
    CacheRule,
    CreationTemplate,
    EnhancedScanning,
    GrantError,
    InvalidInputError,
    PullTimeUpdateExclusion,
    Registry,
    RegistryScanning,
    ReplicationRule,
    SecureRepository,
    SigningConfiguration,
    SigningRule,
    Upstream,
    Via,
)

from ..conftest import resources, statements_of, templates

PROFILE = "arn:aws:signer:eu-west-1:111111111111:/signing-profiles/shop"
ROLE = "arn:aws:iam::111111111111:role/tools/backup"


def messages(app):
    return [str(entry.entry.data) for stack in app.synth().stacks for entry in stack.messages]


def the_one(app, kind):
    (found,) = resources(templates(app)["Shop"], kind).values()
    return found["Properties"]


def test_enhanced_scanning(app, stack):
    scanning = EnhancedScanning(continuous=["prod/*"], scan_on_push=["test/*", "*"])
    RegistryScanning(stack, "Scanning", scanning=scanning)
    assert the_one(app, "AWS::ECR::RegistryScanningConfiguration") == scanning.properties()
    assert messages(app) == []


def test_basic_scanning_by_hand(app, stack):
    RegistryScanning(stack, "Scanning", scanning=BasicScanning(scan_on_push=[]))
    found = the_one(app, "AWS::ECR::RegistryScanningConfiguration")
    assert found == {"ScanType": "BASIC", "Rules": []}


def test_a_filter_that_is_covered_is_a_warning(app, stack):
    RegistryScanning(stack, "Scanning", scanning=EnhancedScanning(scan_on_push=["test/*"]))
    (message,) = messages(app)
    assert "scanning-filter-covered" in message


@pytest.mark.parametrize(
    ("scanning", "code"),
    [
        (BasicScanning(scan_on_push=["Prod"]), "scanning-filters-invalid"),
        (BasicScanning(scan_on_push="prod"), "option-type"),
        (EnhancedScanning(continuous="prod"), "option-type"),
        (EnhancedScanning(continuous=[]), "scanning-nothing"),
        ("ENHANCED", "scanning-kind"),
        (None, "scanning-kind"),
    ],
    ids=repr,
)
def test_scanning_that_is_refused(stack, scanning, code):
    with pytest.raises(InvalidInputError) as caught:
        RegistryScanning(stack, "Scanning", scanning=scanning)
    assert (caught.value.code, caught.value.construct_path) == (code, "Shop/Scanning")


def test_the_basic_scanner_cannot_be_told_to_scan_continuously():
    with pytest.raises(TypeError, match="continuous"):
        BasicScanning(continuous=["*"])


# --- signing ------------------------------------------------------------------------------------


def test_signing_and_its_grants(app, stack):
    profile = signer.SigningProfile(
        stack, "Profile", platform=signer.Platform.NOTATION_OCI_SHA384_ECDSA
    )
    signing = SigningConfiguration(
        stack,
        "Signing",
        rules=[
            SigningRule(profile=profile, repositories=["prod/*"]),
            SigningRule(profile=PROFILE),
            SigningRule(profile=PROFILE, repositories=["test/*"]),
        ],
    )
    builder, verifier = (
        iam.Role(stack, name, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        for name in ("Builder", "Verifier")
    )
    signing.grant_sign(builder)
    signing.grant_verify(verifier)
    arn = {"Fn::GetAtt": ["Profile6F32097C", "Arn"]}
    assert the_one(app, "AWS::ECR::SigningConfiguration") == {
        "Rules": [
            {
                "SigningProfileArn": arn,
                "RepositoryFilters": [{"Filter": "prod/*", "FilterType": "WILDCARD_MATCH"}],
            },
            {"SigningProfileArn": PROFILE},
            {
                "SigningProfileArn": PROFILE,
                "RepositoryFilters": [{"Filter": "test/*", "FilterType": "WILDCARD_MATCH"}],
            },
        ]
    }
    sign, verify = sorted(statements_of(templates(app)["Shop"]), key=str, reverse=True)
    assert (sign["Action"], sign["Resource"]) == ("signer:SignPayload", [PROFILE, arn])
    assert verify["Action"] == "signer:GetRevocationStatus"
    assert sorted(verify["Resource"], key=str) == [
        "arn:aws:signer:eu-west-1:111111111111:/signing-jobs/*",
        PROFILE,
        f"{PROFILE}/*",
        arn,
        {"Fn::Join": ["", [arn, "/*"]]},
    ]
    assert messages(app) == []


def test_a_profile_for_functions_is_refused(stack):
    profile = signer.SigningProfile(
        stack, "Profile", platform=signer.Platform.AWS_LAMBDA_SHA384_ECDSA
    )
    with pytest.raises(InvalidInputError) as caught:
        SigningConfiguration(stack, "Signing", rules=[SigningRule(profile=profile)])
    assert caught.value.code == "signing-profile-platform"


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([], "signing-rules-number"),
        ([SigningRule(profile=PROFILE)] * 11, "signing-rules-number"),
        ([SigningRule(profile="shop")], "signing-profile-invalid"),
        ([SigningRule(profile=None)], "signing-profile-invalid"),
        ([SigningRule(profile=PROFILE, repositories=["prod/"])], "signing-filters-invalid"),
        ([SigningRule(profile=PROFILE, repositories="prod/*")], "option-type"),
        ([PROFILE], "option-type"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_signing_that_is_refused(stack, rules, code):
    with pytest.raises(InvalidInputError) as caught:
        SigningConfiguration(stack, "Signing", rules=rules)
    assert (caught.value.code, caught.value.construct_path) == (code, "Shop/Signing")


def test_a_region_without_signing_is_refused(app):
    stack = cdk.Stack(app, "Zurich", env=cdk.Environment(region="eu-central-2"))
    with pytest.raises(InvalidInputError) as caught:
        SigningConfiguration(stack, "Signing", rules=[SigningRule(profile=PROFILE)])
    assert "signing-region" in {finding.code for finding in caught.value.findings}


def test_a_grant_that_nothing_would_take_is_refused_or_told(app, stack):
    signing = SigningConfiguration(stack, "Signing", rules=[SigningRule(profile=PROFILE)])
    with pytest.raises(GrantError) as caught:
        signing.grant_sign(iam.AccountPrincipal("222222222222"))
    assert caught.value.code == "signing-grantee"
    assert "signer:SignPayload" in caught.value.fix
    imported = iam.Role.from_role_arn(stack, "Imported", ROLE, mutable=False)
    signing.grant_sign(imported)
    (message,) = messages(app)
    assert "grant-identity-not-writable" in message
    assert PROFILE in message


def test_an_imported_role_that_may_be_changed_takes_the_grant(app, stack):
    signing = SigningConfiguration(stack, "Signing", rules=[SigningRule(profile=PROFILE)])
    signing.grant_sign(iam.Role.from_role_arn(stack, "Imported", ROLE))
    (statement,) = statements_of(templates(app)["Shop"])
    assert statement["Resource"] == PROFILE
    assert messages(app) == []


# --- exclusions ---------------------------------------------------------------------------------


def test_exclusions(app, stack):
    role = iam.Role(stack, "Scanner", assumed_by=iam.AccountRootPrincipal())
    PullTimeUpdateExclusion(stack, "One", role=role)
    PullTimeUpdateExclusion(stack, "Two", role=ROLE)
    PullTimeUpdateExclusion(stack, "Three", role=iam.Role.from_role_name(stack, "Other", "other"))
    found = resources(templates(app)["Shop"], "AWS::ECR::PullTimeUpdateExclusion").values()
    arns = [entry["Properties"]["PrincipalArn"] for entry in found]
    assert arns[:2] == [{"Fn::GetAtt": ["Scanner1EAEC57B", "Arn"]}, ROLE]
    assert str(arns[2]).endswith(":role/other") or "role/other" in str(arns[2])


@pytest.mark.parametrize("role", ["arn:aws:iam::111111111111:user/ci", "backup", None, 7], ids=repr)
def test_who_is_no_role_is_refused(stack, role):
    with pytest.raises(InvalidInputError) as caught:
        PullTimeUpdateExclusion(stack, "Exclusion", role=role)
    assert caught.value.code == "pull-time-exclusion-role-invalid"


def test_a_user_of_the_app_is_refused(stack):
    with pytest.raises(InvalidInputError, match="Exclusion"):
        PullTimeUpdateExclusion(stack, "Exclusion", role=iam.User(stack, "User"))


# --- the registry -------------------------------------------------------------------------------


def test_a_registry_makes_what_is_given_and_nothing_else(app, stack):
    assert Registry(stack, "Registry").scanning is None
    assert [kind for kind in _types(app) if kind.startswith("AWS::ECR")] == []


def _types(app):
    return {resource["Type"] for resource in templates(app)["Shop"].get("Resources", {}).values()}


def test_a_registry_is_its_parts(app, stack):
    role = iam.Role(stack, "Scanner", assumed_by=iam.AccountRootPrincipal())
    registry = Registry(
        stack,
        "Registry",
        scanning=BasicScanning(),
        replication=[ReplicationRule(to=["us-east-1"])],
        policy=[
            iam.PolicyStatement(
                principals=[iam.AccountPrincipal("222222222222")],
                actions=["ecr:BatchGetImage"],
                resources=["*"],
            )
        ],
        signing=[SigningRule(profile=PROFILE)],
        pull_time_exclusions=[role, ROLE],
    )
    assert isinstance(registry.scanning, RegistryScanning)
    assert isinstance(registry.signing, SigningConfiguration)
    assert registry.replication is not None
    assert registry.policy.node.path == "Shop/Registry/Policy"
    assert {kind for kind in _types(app) if kind.startswith("AWS::ECR")} == {
        "AWS::ECR::PullTimeUpdateExclusion",
        "AWS::ECR::RegistryPolicy",
        "AWS::ECR::RegistryScanningConfiguration",
        "AWS::ECR::ReplicationConfiguration",
        "AWS::ECR::SigningConfiguration",
    }


def test_roles_of_one_id_are_excluded_beside_each_other(app, stack):
    pairs = [Construct(stack, name) for name in ("One", "Two")]
    roles = [iam.Role(pair, "Role", assumed_by=iam.AccountRootPrincipal()) for pair in pairs]
    arns = [f"arn:aws:iam::111111111111:role/{path}/scanner" for path in ("a", "b")]
    Registry(stack, "Registry", pull_time_exclusions=[*roles, *arns])
    found = resources(templates(app)["Shop"], "AWS::ECR::PullTimeUpdateExclusion")
    assert len(found) == 4


def test_what_is_effective_is_what_the_whole_app_sets(app, stack):
    registry = Registry(
        stack,
        "Registry",
        scanning=EnhancedScanning(continuous=["prod/*"]),
        replication=[ReplicationRule(to=["us-east-1"], prefixes=["prod/"])],
    )
    beside = cdk.Stack(
        app, "Beside", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    SigningConfiguration(
        beside, "Signing", rules=[SigningRule(profile=PROFILE, repositories=["prod/*"])]
    )
    cdk.CfnResource(
        beside,
        "Template",
        type="AWS::ECR::RepositoryCreationTemplate",
        properties={
            "Prefix": "prod",
            "AppliedFor": ["REPLICATION"],
            "EncryptionConfiguration": {"EncryptionType": "KMS"},
        },
    )
    elsewhere = cdk.Stack(
        app, "Elsewhere", env=cdk.Environment(account="222222222222", region="eu-west-1")
    )
    Registry(elsewhere, "Registry", replication=[ReplicationRule(to=["us-west-2"])])
    SecureRepository(beside, "Declared", repository_name="prod/declared")

    made = registry.effective("prod/api", via=Via.REPLICATION)
    assert made.scan.frequency == "CONTINUOUS_SCAN"
    assert [each.region for each in made.replicates_to] == ["us-east-1"]
    assert made.signing_profiles == (PROFILE,)
    assert made.creation_template is not None
    assert made.encryption == "KMS"
    pushed = registry.effective("prod/api", via=Via.CREATE_ON_PUSH)
    assert pushed.creation_template is None
    declared = registry.effective("prod/declared")
    assert (declared.lifecycle, declared.encryption) == ("repository", "AES256")
    assert registry.effective("test/api").scan.frequency == "OFF"


@pytest.mark.parametrize("options", [{"policy": ["*"]}, {"pull_time_exclusions": ROLE}], ids=str)
def test_options_of_another_type_are_refused(stack, options):
    with pytest.raises(InvalidInputError) as caught:
        Registry(stack, "Registry", **options)
    assert (caught.value.code, caught.value.construct_path) == ("option-type", "Shop/Registry")


@pytest.mark.parametrize(
    ("option", "listed"),
    [
        ("pull_through", [Upstream.quay(), CacheRule(upstream=Upstream.k8s(), prefix="quay")]),
        (
            "templates",
            [
                CreationTemplate(prefix=prefix, applied_for=[AppliedFor.CREATE_ON_PUSH])
                for prefix in ("team", "team/")
            ],
        ),
        ("pull_time_exclusions", 2 * ["arn:aws:iam::111111111111:role/scanner"]),
    ],
)
def test_a_setting_that_is_listed_twice_is_refused_before_cdk_sees_it(stack, option, listed):
    with pytest.raises(InvalidInputError) as caught:
        Registry(stack, "Registry", **{option: listed})
    assert caught.value.code == "registry-setting-listed-twice"
    assert caught.value.findings[0].property == option
