"""One declaration writes both sides of a replication, in any order and without a cycle."""

import itertools

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    GrantError,
    ImageKey,
    InvalidInputError,
    Registry,
    RegistryPolicy,
    RegistryReplication,
    ReplicaRepositories,
    ReplicatedRepository,
    ReplicationDestination,
    ReplicationRule,
    SecureRepository,
    keep_last,
)
from tests.model.iam.evaluator.support import FULL, decide

from ..conftest import actions, resources, statements_of, templates

TOOLS, SHOP, THIRD = "111111111111", "222222222222", "333333333333"
SOURCE = cdk.Environment(account=TOOLS, region="eu-west-1")
THERE = cdk.Environment(account=SHOP, region="eu-central-1")
FAR = cdk.Environment(account=TOOLS, region="us-east-1")
COPIES = f"arn:aws:ecr:eu-central-1:{SHOP}:repository"
# What AWS's page has: registry-permissions-create-replication.
NEEDED = ("ecr:CreateRepository", "ecr:ReplicateImage")
TEMPLATE = "AWS::ECR::RepositoryCreationTemplate"


def build(app, order, **options):
    """Source and destination, with their parts declared in this order."""
    source, there = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "There", env=THERE)
    api = SecureRepository(source, "Api", repository_name="prod/api")

    def rule():
        rules = [ReplicationRule(to=[there], prefixes=["prod/"], **options)]
        RegistryReplication(source, "Replication", rules=rules)

    def place():
        RegistryPolicy(there, "RegistryPolicy")

    def replica():
        ReplicatedRepository(there, "Api", source=api)

    parts = {"rule": rule, "place": place, "replica": replica}
    for name in order:
        parts[name]()
    return source, there


ORDERS = list(itertools.permutations(["rule", "place", "replica"]))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_no_cycle_and_the_same_in_any_order(flags, order):
    app, first = cdk.App(context=flags), cdk.App(context=flags)
    stacks = build(app, order)
    build(first, ORDERS[0])
    assert templates(app) == templates(first)
    assert [stack.dependencies for stack in stacks] == [[], []]


def registry_policy(app):
    (resource,) = resources(templates(app)["There"], "AWS::ECR::RegistryPolicy").values()
    return resource["Properties"]["PolicyText"]


def decided(policy, who, action, resource):
    """With every identity policy wide open: what the registry of the destination lets in."""
    return decide(who, action, resource, identity=[FULL], registry=policy).decision.value


@pytest.mark.parametrize("repositories", list(ReplicaRepositories), ids=lambda kind: kind.name)
def test_the_source_may_do_what_it_must_and_a_third_account_nothing(app, repositories):
    build(app, ["place", "rule"], repositories=repositories)
    policy = registry_policy(app)
    linked = f"arn:aws:sts::{TOOLS}:assumed-role/AWSServiceRoleForECRReplication/ECRReplication"
    makes = repositories is not ReplicaRepositories.DECLARED
    expected = {"ecr:ReplicateImage": "allow", "ecr:CreateRepository": "implicit-deny"}
    if makes:
        expected["ecr:CreateRepository"] = "allow"
    for action in NEEDED:
        assert decided(policy, linked, action, f"{COPIES}/prod/api") == expected[action]
        # Not what begins otherwise, nor what begins with the same letters.
        for name in ("test/api", "production"):
            assert decided(policy, linked, action, f"{COPIES}/{name}") == "implicit-deny"
        for stranger in (f"arn:aws:iam::{THIRD}:role/x", f"arn:aws:iam::{THIRD}:root"):
            assert decided(policy, stranger, action, f"{COPIES}/prod/api") == "implicit-deny"
    for action in ("ecr:BatchGetImage", "ecr:PutImage", "ecr:DeleteRepository"):
        assert decided(policy, linked, action, f"{COPIES}/prod/api") == "implicit-deny"


def test_several_sources_share_one_policy_and_one_template(app):
    there = cdk.Stack(app, "There", env=THERE)
    for account in (TOOLS, THIRD):
        source = cdk.Stack(
            app, f"From{account}", env=cdk.Environment(account=account, region="eu-west-1")
        )
        rule = ReplicationRule(to=[there], prefixes=["prod/"])
        RegistryReplication(source, "Replication", rules=[rule])
    Registry(there, "Registry")
    policy = registry_policy(app)
    assert len(policy["Statement"]) == 2
    for account in (TOOLS, THIRD):
        who = f"arn:aws:iam::{account}:role/x"
        assert decided(policy, who, "ecr:ReplicateImage", f"{COPIES}/prod/api") == "allow"
    assert len(resources(templates(app)["There"], TEMPLATE)) == 1


def test_the_other_side_may_be_in_another_stage(app):
    there = cdk.Stack(cdk.Stage(app, "Production", env=THERE), "There")
    source = cdk.Stack(cdk.Stage(app, "Tools", env=SOURCE), "Source")
    api = SecureRepository(source, "Api", repository_name="prod/api")
    RegistryReplication(
        source, "Replication", rules=[ReplicationRule(to=[there], prefixes=["prod/"])]
    )
    Registry(there, "Registry")
    ReplicatedRepository(there, "Api", source=api)
    found = templates(app)["Production-There"]
    assert {entry["Type"] for entry in found["Resources"].values()} >= {
        "AWS::ECR::RegistryPolicy",
        TEMPLATE,
        "AWS::ECR::Repository",
    }


@pytest.mark.parametrize(
    ("prefixes", "repositories", "expected"),
    [
        (None, ReplicaRepositories.FROM_TEMPLATE, {"ROOT"}),
        (["prod/", "a/b/"], ReplicaRepositories.FROM_TEMPLATE, {"prod", "a/b"}),
        (["prod"], ReplicaRepositories.AS_ECR_MAKES_THEM, set()),
        (["prod"], ReplicaRepositories.DECLARED, set()),
    ],
)
def test_the_templates_of_what_ecr_makes(app, prefixes, repositories, expected):
    source, far = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Far", env=FAR)
    rule = ReplicationRule(to=[far], prefixes=prefixes, repositories=repositories)
    RegistryReplication(source, "Replication", rules=[rule])
    found = resources(templates(app)["Far"], TEMPLATE).values()
    assert {entry["Properties"]["Prefix"] for entry in found} == expected
    assert all(entry["Properties"]["AppliedFor"] == ["REPLICATION"] for entry in found)
    # Another Region of the account needs no statement.
    assert resources(templates(app)["Far"], "AWS::ECR::RegistryPolicy") == {}


def test_a_prefix_that_no_template_covers_is_an_error_where_one_is_written(app):
    source, far = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Far", env=FAR)
    rule = ReplicationRule(to=[far], prefixes=["prod-"])
    with pytest.raises(InvalidInputError) as caught:
        RegistryReplication(source, "Replication", rules=[rule])
    assert caught.value.code == "replication-prefix-without-template"
    RegistryReplication(
        source, "Replication", rules=[ReplicationRule(to=["us-east-1"], prefixes=["prod-"])]
    )


# --- where a side is not known ------------------------------------------------------------------


@pytest.mark.parametrize("side", ["source", "destination"])
def test_a_stack_that_does_not_say_where_it_is_is_an_error(app, side):
    agnostic = cdk.Stack(app, "Agnostic")
    known = cdk.Stack(app, "Known", env=THERE)
    source, there = (agnostic, known) if side == "source" else (known, agnostic)
    with pytest.raises(InvalidInputError) as caught:
        RegistryReplication(source, "Replication", rules=[ReplicationRule(to=[there])])
    assert caught.value.code == "replication-environment-unknown"
    assert "Agnostic" in caught.value.message


def test_regions_alone_need_no_environment(app):
    stack = cdk.Stack(app, "Agnostic")
    RegistryReplication(stack, "Replication", rules=[ReplicationRule(to=["us-east-1"])])
    (found,) = resources(templates(app)["Agnostic"], "AWS::ECR::ReplicationConfiguration").values()
    (rule,) = found["Properties"]["ReplicationConfiguration"]["Rules"]
    assert rule == {
        "Destinations": [{"Region": "us-east-1", "RegistryId": {"Ref": "AWS::AccountId"}}]
    }


def test_another_account_without_a_place_is_an_error_at_synthesis(app):
    build(app, ["rule"])
    with pytest.raises(RuntimeError, match="Source/Replication needs the policy of the registry 2"):
        app.synth()


def test_another_account_of_another_app_is_a_warning_with_the_statement(app):
    stack = cdk.Stack(app, "Source", env=SOURCE)
    elsewhere = ReplicationDestination(account=SHOP, region="eu-central-1")
    own = ReplicationDestination(account=TOOLS, region="eu-central-1")
    rule = ReplicationRule(to=[elsewhere, own], prefixes=["prod"])
    RegistryReplication(stack, "Replication", rules=[rule])
    (message,) = [entry.entry.data for made in app.synth().stacks for entry in made.messages]
    assert "replication-policy-elsewhere" in message
    assert f'"arn:aws:iam::{TOOLS}:root"' in message
    assert f'"{COPIES}/prod*"' in message


def test_a_stack_of_the_same_registry_is_refused(app):
    source, same = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Same", env=SOURCE)
    with pytest.raises(InvalidInputError) as caught:
        RegistryReplication(source, "Replication", rules=[ReplicationRule(to=[same])])
    assert caught.value.code == "replication-own-registry"
    assert caught.value.construct_path == "Source/Replication"


@pytest.mark.parametrize(
    "rules",
    [
        [{"to": ["us-east-1"]}],
        ReplicationRule(to=["us-east-1"]),
        [ReplicationRule(to="us-east-1")],
        [ReplicationRule(to=["us-east-1"], prefixes="prod/")],
    ],
    ids=repr,
)
def test_options_of_another_type_are_refused(stack, rules):
    with pytest.raises(InvalidInputError) as caught:
        RegistryReplication(stack, "Replication", rules=rules)
    assert caught.value.code == "option-type"


@pytest.mark.parametrize("destination", [None, 7, ("222222222222", "us-east-1")], ids=repr)
def test_destinations_of_another_type_are_refused(stack, destination):
    with pytest.raises(InvalidInputError) as caught:
        RegistryReplication(stack, "Replication", rules=[ReplicationRule(to=[destination])])
    assert (caught.value.code, caught.value.given) == ("replication-destination-type", destination)


# --- the replica --------------------------------------------------------------------------------


def test_a_replica_is_a_repository_of_its_own(app):
    source, far = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Far", env=FAR)
    key = ImageKey(far, "Key")
    api = SecureRepository(source, "Api", repository_name="prod/api", mutable_tags=["latest"])
    RegistryReplication(source, "Replication", rules=[ReplicationRule(to=["us-east-1"])])
    replica = ReplicatedRepository(
        far, "Api", source=api, encryption_key=key, lifecycle=[keep_last(3)], scan_on_push=False
    )
    nodes = iam.Role(far, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    replica.grant_pull(nodes)
    replica.add_to_resource_policy(
        iam.PolicyStatement(principals=[iam.AccountPrincipal(THIRD)], actions=["ecr:BatchGetImage"])
    )
    cdk.CfnOutput(far, "Uri", value=replica.repository_uri)
    cdk.CfnOutput(source, "There", value=replica.repository_uri)
    found = templates(app)["Far"]
    (resource,) = resources(found, "AWS::ECR::Repository").values()
    written = resource["Properties"]
    assert written["RepositoryName"] == "prod/api"
    assert written["EncryptionConfiguration"]["EncryptionType"] == "KMS"
    assert written["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    (excluded,) = written["ImageTagMutabilityExclusionFilters"]
    assert excluded["ImageTagMutabilityExclusionFilterValue"] == "latest"
    assert '"countNumber":3' in written["LifecyclePolicy"]["LifecyclePolicyText"]
    assert written["ImageScanningConfiguration"] == {"ScanOnPush": False}
    assert written["RepositoryPolicyText"]
    assert actions(statements_of(found)) == {
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
    }
    assert resource["DeletionPolicy"] == "Retain"
    output = templates(app)["Source"]["Outputs"]["There"]["Value"]
    assert "111111111111.dkr.ecr.us-east-1." in str(output)
    assert "/prod/api" in str(output)


@pytest.mark.parametrize(
    ("make", "mode"),
    [
        (lambda stack: SecureRepository(stack, "Api", repository_name="prod/api"), "IMMUTABLE"),
        (lambda stack: ecr.Repository(stack, "Api", repository_name="prod/api"), "MUTABLE"),
        (
            lambda stack: ecr.Repository(
                stack,
                "Api",
                repository_name="prod/api",
                image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            ),
            "IMMUTABLE",
        ),
        (lambda stack: SecureRepository.from_repository_name(stack, "Api", "prod/api"), "MUTABLE"),
        (lambda stack: ecr.Repository.from_repository_name(stack, "Api", "prod/api"), "MUTABLE"),
    ],
    ids=["ours", "cdk", "cdk immutable", "adopted", "imported"],
)
def test_tags_move_where_they_move_at_the_source(app, make, mode):
    source, far = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Far", env=FAR)
    ReplicatedRepository(far, "Api", source=make(source))
    RegistryReplication(source, "Replication", rules=[ReplicationRule(to=[far])])
    (resource,) = resources(templates(app)["Far"], "AWS::ECR::Repository").values()
    assert resource["Properties"].get("ImageTagMutability", "MUTABLE") == mode
    assert resource["Properties"]["RepositoryName"] == "prod/api"


@pytest.mark.parametrize(
    ("prefixes", "to"),
    [(["test/"], "us-east-1"), (["prod/"], "us-west-2"), (None, None)],
    ids=["another prefix", "another Region", "no replication"],
)
def test_a_replica_that_nothing_is_copied_to_is_an_error(app, prefixes, to):
    source, far = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Far", env=FAR)
    api = SecureRepository(source, "Api", repository_name="prod/api")
    ReplicatedRepository(far, "Api", source=api)
    if to is not None:
        rule = ReplicationRule(to=[to], prefixes=prefixes)
        RegistryReplication(source, "Replication", rules=[rule])
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert "Far/Api is a replica of 'prod/api' in 111111111111/us-east-1" in str(caught.value)
    assert "prefixes=['prod/api']" in str(caught.value)


def test_the_replication_of_another_app_is_not_looked_for(app):
    far = cdk.Stack(app, "Far", env=FAR)
    api = SecureRepository.from_repository_arn(
        far, "Source", "arn:aws:ecr:eu-west-1:333333333333:repository/prod/api"
    )
    ReplicatedRepository(far, "Api", source=api)
    assert len(resources(templates(app)["Far"], "AWS::ECR::Repository")) == 1


def test_a_replica_needs_a_name_and_another_registry(app):
    source, far = cdk.Stack(app, "Source", env=SOURCE), cdk.Stack(app, "Far", env=FAR)
    unnamed = SecureRepository(source, "Unnamed")
    with pytest.raises(InvalidInputError) as caught:
        ReplicatedRepository(far, "Api", source=unnamed)
    assert (caught.value.code, caught.value.given) == ("replica-source-unnamed", "Source/Unnamed")
    named = SecureRepository(source, "Named", repository_name="prod/api")
    with pytest.raises(InvalidInputError) as caught:
        ReplicatedRepository(source, "Copy", source=named)
    assert caught.value.code == "replica-own-registry"


@pytest.mark.parametrize("side", ["source", "replica"])
def test_a_replica_needs_to_know_both_sides(app, side):
    agnostic, known = cdk.Stack(app, "Agnostic"), cdk.Stack(app, "Known", env=FAR)
    source, there = (agnostic, known) if side == "source" else (known, agnostic)
    api = SecureRepository(source, "Api", repository_name="prod/api")
    with pytest.raises(InvalidInputError, match="Agnostic") as caught:
        ReplicatedRepository(there, "Copy", source=api)
    assert caught.value.code == "replication-environment-unknown"


def test_the_options_of_a_replica_are_those_of_a_repository():
    def options(kind):
        return set(kind.__init__.__annotations__) - {"return", "scope", "id"}

    assert options(ReplicatedRepository) - {"source"} == options(SecureRepository) - {
        "repository_name"
    }


def test_a_statement_that_makes_the_policy_too_long_names_the_replication(app):
    there = cdk.Stack(app, "There", env=THERE)
    source = cdk.Stack(app, "Source", env=SOURCE)
    RegistryPolicy(there, "RegistryPolicy")
    rule = ReplicationRule(
        to=[there],
        prefixes=[f"{'x' * 200}{number}/" for number in range(60)],
        repositories=ReplicaRepositories.DECLARED,
    )
    with pytest.raises(GrantError) as caught:
        RegistryReplication(source, "Replication", rules=[rule])
    assert (caught.value.code, caught.value.construct_path) == (
        "registry-policy-too-long",
        "Source/Replication",
    )
