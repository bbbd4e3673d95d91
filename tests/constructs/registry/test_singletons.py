"""One setting for each registry, whoever declares the second one and wherever it stands."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import cloudformation_include as include

from ecr_constructs import (
    BasicScanning,
    EnhancedScanning,
    InvalidInputError,
    PullTimeUpdateExclusion,
    Registry,
    RegistryReplication,
    RegistryScanning,
    ReplicationRule,
    SigningConfiguration,
    SigningRule,
)

from ..conftest import OTHER, SHOP, resources, templates

PROFILE = "arn:aws:signer:eu-west-1:111111111111:/signing-profiles/shop"
ROLE = "arn:aws:iam::111111111111:role/scanner"
KINDS = {
    "RegistryScanning": (RegistryScanning, {"scanning": BasicScanning()}),
    "RegistryReplication": (RegistryReplication, {"rules": [ReplicationRule(to=["us-east-1"])]}),
    "SigningConfiguration": (SigningConfiguration, {"rules": [SigningRule(profile=PROFILE)]}),
    "PullTimeUpdateExclusion": (PullTimeUpdateExclusion, {"role": ROLE}),
}
each_kind = pytest.mark.parametrize("kind", sorted(KINDS))


def make(kind, scope, construct_id="One"):
    construct, options = KINDS[kind]
    return construct(scope, construct_id, **options)


def stack_of(scope, name, place=SHOP):
    account, region = place
    return cdk.Stack(scope, name, env=cdk.Environment(account=account, region=region))


def raw_scanning(scope, construct_id="Raw"):
    return ecr.CfnRegistryScanningConfiguration(scope, construct_id, scan_type="BASIC", rules=[])


@each_kind
def test_a_second_one_is_refused_where_it_is_made(app, kind):
    make(kind, stack_of(app, "First"))
    second = stack_of(app, "Second")
    with pytest.raises(InvalidInputError) as caught:
        make(kind, second, "Two")
    assert caught.value.code == "registry-resource-twice"
    assert caught.value.construct_path == "Second/Two"
    assert caught.value.given == ["First/One", "Second/Two"]
    # Nothing of it is left in the template.
    left = templates(app)["Second"].get("Resources", {}).values()
    assert [entry for entry in left if entry["Type"].startswith("AWS::ECR")] == []


@each_kind
def test_another_account_or_region_has_its_own(app, kind):
    places = {"Here": SHOP, "There": OTHER, "Elsewhere": (SHOP[0], "eu-west-2")}
    for name, place in places.items():
        make(kind, stack_of(app, name, place))
    assert set(templates(app)) == set(places)


@each_kind
def test_one_stack_is_one_registry_wherever_it_goes(app, kind):
    stack = cdk.Stack(app, "Agnostic")
    make(kind, stack)
    nested = cdk.NestedStack(stack, "Nested")
    for scope in (stack, nested):
        with pytest.raises(InvalidInputError, match="the second fails, or overwrites"):
            make(kind, scope, "Two")


def test_other_stages_are_the_same_account(app):
    beta, production = (cdk.Stage(app, name) for name in ("Beta", "Production"))
    make("RegistryScanning", stack_of(beta, "Shop"))
    with pytest.raises(InvalidInputError, match="Production/Shop/One and Beta/Shop/One"):
        make("RegistryScanning", stack_of(production, "Shop"))


def test_a_registry_and_a_part_of_it_are_two(app):
    make("RegistryScanning", stack_of(app, "Part"))
    with pytest.raises(InvalidInputError, match="Whole/Registry/Scanning and Part/One"):
        Registry(stack_of(app, "Whole"), "Registry", scanning=EnhancedScanning())


def test_other_roles_are_excluded_beside_it(app):
    stack = stack_of(app, "Shop")
    make("PullTimeUpdateExclusion", stack)
    PullTimeUpdateExclusion(stack, "Two", role=f"{ROLE}-2")
    assert len(resources(templates(app)["Shop"], "AWS::ECR::PullTimeUpdateExclusion")) == 2


def test_a_registry_takes_a_hundred_exclusions(app):
    stack = stack_of(app, "Shop")
    for number in range(100):
        PullTimeUpdateExclusion(stack, f"Role{number}", role=f"{ROLE}{number}")
    with pytest.raises(InvalidInputError) as caught:
        PullTimeUpdateExclusion(stack, "Role100", role=f"{ROLE}100")
    assert caught.value.code == "registry-resources-number"


# --- what others declare ------------------------------------------------------------------------


def refusal(app):
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    return str(caught.value)


def test_an_l1_is_found_at_synthesis_before_or_after(app):
    raw_scanning(stack_of(app, "First"))
    make("RegistryScanning", stack_of(app, "Second"))
    message = refusal(app)
    assert "First/Raw and Second/One both write one setting" in message
    assert "111111111111/eu-west-1" in message


def test_an_untyped_l1_is_found(app):
    make("PullTimeUpdateExclusion", stack_of(app, "First"))
    cdk.CfnResource(
        stack_of(app, "Second"),
        "Raw",
        type="AWS::ECR::PullTimeUpdateExclusion",
        properties={"PrincipalArn": ROLE},
    )
    cdk.CfnResource(
        stack_of(app, "Third"),
        "Raw",
        type="AWS::ECR::PullTimeUpdateExclusion",
        properties={"PrincipalArn": f"{ROLE}-2"},
    )
    message = refusal(app)
    assert "Second/Raw and First/One" in message
    assert "Third" not in message


def test_an_included_template_is_found(app, tmp_path):
    template = tmp_path / "included.json"
    document = {
        "Resources": {
            "Theirs": {
                "Type": "AWS::ECR::RegistryScanningConfiguration",
                "Properties": {"ScanType": "BASIC", "Rules": []},
            }
        }
    }
    template.write_text(json.dumps(document))
    include.CfnInclude(stack_of(app, "Old"), "Included", template_file=str(template))
    make("RegistryScanning", stack_of(app, "New"))
    assert "Old/Included/Theirs and New/One" in refusal(app)


def test_an_l1_of_another_stage_is_found(app):
    raw_scanning(stack_of(cdk.Stage(app, "Beta"), "Shop"))
    make("RegistryScanning", stack_of(app, "Shop"))
    assert "Beta/Shop/Raw and Shop/One" in refusal(app)


def test_two_l1s_are_found_where_the_library_is_at_work(app):
    raw_scanning(stack_of(app, "First"))
    raw_scanning(stack_of(app, "Second"))
    make("PullTimeUpdateExclusion", stack_of(app, "Third"))
    assert "Second/Raw and First/Raw" in refusal(app)


def test_resources_of_others_are_left_alone(app):
    raw_scanning(stack_of(app, "There", OTHER))
    make("RegistryScanning", stack_of(app, "Here"))
    cdk.CfnResource(stack_of(app, "Third"), "Raw", type="AWS::S3::Bucket")
    assert len(templates(app)) == 3


# --- where nobody knows -------------------------------------------------------------------------


def messages(app):
    return [
        (entry.level, entry.entry.data, entry.id)
        for stack in app.synth().stacks
        for entry in stack.messages
    ]


def test_an_unknown_environment_is_a_warning(app):
    make("RegistryScanning", stack_of(app, "Known"))
    make("RegistryScanning", cdk.Stack(app, "Agnostic"))
    raw_scanning(cdk.Stack(app, "Raw"))
    found = messages(app)
    assert {level for level, *_ in found} == {cdk.cx_api.SynthesisMessageLevel.WARNING}
    assert all("registry-resource-perhaps-twice" in str(data) for _, data, _ in found)
    assert {path for *_, path in found} == {"/Agnostic/One", "/Raw/Raw"}


def test_a_known_other_region_is_no_warning(app):
    make("RegistryScanning", stack_of(app, "Known"))
    elsewhere = cdk.Stack(app, "Elsewhere", env=cdk.Environment(region="eu-west-2"))
    make("RegistryScanning", elsewhere)
    assert messages(app) == []


def test_an_l1_with_a_condition_is_a_warning(app):
    make("RegistryScanning", stack_of(app, "First"))
    second = stack_of(app, "Second")
    condition = cdk.CfnCondition(second, "Wanted", expression=cdk.Fn.condition_equals("a", "b"))
    raw_scanning(second).cfn_options.condition = condition
    (level, data, path), *rest = messages(app)
    assert rest == []
    assert (level, path) == (cdk.cx_api.SynthesisMessageLevel.WARNING, "/Second/Raw")
    assert "registry-resource-perhaps-twice" in str(data)


def test_two_apps_know_nothing_of_each_other(flags):
    for _ in range(2):
        make("RegistryScanning", stack_of(cdk.App(context=flags), "Shop"))
