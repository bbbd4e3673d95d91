"""One document for the statements of the whole app, at the place that the user names."""

import itertools

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    AdoptedRegistryPolicy,
    BasicScanning,
    GrantError,
    InvalidInputError,
    Registry,
    RegistryPolicy,
    add_registry_statement,
)

from ..conftest import OTHER, SHOP, resources, templates

ARN = "arn:aws:ecr:eu-west-1:111111111111:repository"
ENV = cdk.Environment(account=SHOP[0], region=SHOP[1])


def statement(resource=f"{ARN}/prod/*", **elements):
    base = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": ["ecr:ReplicateImage", "ecr:CreateRepository"],
        "Resource": resource,
    }
    return {**base, **elements}


def policies(app):
    """The document of each registry policy, by its stack."""
    return {
        name: resource["Properties"]["PolicyText"]
        for name, template in templates(app).items()
        for resource in resources(template, "AWS::ECR::RegistryPolicy").values()
    }


def messages(app):
    return [
        (entry.id, str(entry.entry.data))
        for stack in app.synth().stacks
        for entry in stack.messages
    ]


def build(app, order):
    """Statements of three stacks and a place in a fourth, in this order."""
    stacks = {name: cdk.Stack(app, name, env=ENV) for name in ("One", "Two", "Three", "Place")}

    def place():
        RegistryPolicy(
            stacks["Place"],
            "RegistryPolicy",
            statements=[
                iam.PolicyStatement(
                    sid="Own",
                    principals=[iam.AccountPrincipal("333333333333")],
                    actions=["ecr:BatchGetImage"],
                    resources=["*"],
                )
            ],
        )

    def one():
        add_registry_statement(stacks["One"], statement())

    def two():
        # The same again, in other words.
        same = statement([f"{ARN}/prod/*"], Action=["ecr:CreateRepository", "ecr:ReplicateImage"])
        add_registry_statement(stacks["Two"], same)

    def three():
        add_registry_statement(stacks["Three"], statement(f"{ARN}/test/*"))

    parts = {"place": place, "one": one, "two": two, "three": three}
    for name in order:
        parts[name]()


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["place", "one", "two", "three"]))[::4], ids="-".join
)
def test_the_document_is_the_same_in_any_order(flags, order):
    app, first = cdk.App(context=flags), cdk.App(context=flags)
    build(app, order)
    build(first, ["place", "one", "two", "three"])
    assert templates(app) == templates(first)


def test_statements_of_all_stacks_are_one_document(app):
    build(app, ["one", "place", "two", "three"])
    found = policies(app)
    assert set(found) == {"Place"}
    statements = found["Place"]["Statement"]
    assert [(entry["Sid"], entry["Resource"]) for entry in statements] == [
        ("AllowCreateRepositoryc94b3d88", f"{ARN}/prod/*"),
        ("AllowCreateRepositoryda70551b", f"{ARN}/test/*"),
        ("Own", "*"),
    ]
    for stack in app.synth().stacks:
        artifacts = [entry.id for entry in stack.dependencies if hasattr(entry, "stack_name")]
        assert artifacts == []


def test_without_a_statement_there_is_no_policy(app):
    RegistryPolicy(cdk.Stack(app, "Shop", env=ENV), "RegistryPolicy")
    assert policies(app) == {}


def test_a_statement_without_a_place_says_where_to_put_one(app):
    add_registry_statement(cdk.Stack(app, "One", env=ENV), statement())
    add_registry_statement(cdk.Stack(app, "Two", env=ENV), statement())
    RegistryPolicy(
        cdk.Stack(app, "There", env=cdk.Environment(account=OTHER[0], region=OTHER[1])), "Policy"
    )
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert "One, Two needs the policy of the registry 111111111111/eu-west-1" in str(caught.value)
    assert "RegistryPolicy(stack, 'RegistryPolicy')" in str(caught.value)


def test_other_registries_and_other_stages_have_their_own(app):
    for name, (account, region) in {"Here": SHOP, "There": OTHER}.items():
        env = cdk.Environment(account=account, region=region)
        stack = cdk.Stack(cdk.Stage(app, name, env=env), "Shop")
        RegistryPolicy(stack, "RegistryPolicy")
        arn = f"arn:aws:ecr:{region}:{account}:repository/{name.lower()}/*"
        add_registry_statement(stack, statement(arn))
    found = policies(app)
    assert {name: entry["Statement"][0]["Resource"] for name, entry in found.items()} == {
        "Here-Shop": f"{ARN}/here/*",
        "There-Shop": "arn:aws:ecr:eu-west-1:222222222222:repository/there/*",
    }


def test_one_registry_over_two_stages_has_one_document(app):
    one, two = (cdk.Stack(cdk.Stage(app, name, env=ENV), "Shop") for name in ("One", "Two"))
    add_registry_statement(one, statement())
    RegistryPolicy(two, "RegistryPolicy")
    assert set(policies(app)) == {"Two-Shop"}


def test_stacks_that_do_not_say_where_they_go_are_one_environment(app):
    one, two = cdk.Stack(app, "One"), cdk.Stack(app, "Two")
    arn = one.format_arn(service="ecr", resource="repository", resource_name="prod/*")
    add_registry_statement(one, statement(arn))
    RegistryPolicy(two, "RegistryPolicy")
    (found,) = policies(app)["Two"]["Statement"]
    assert "AWS::Region" in str(found["Resource"])


def test_a_statement_refers_to_what_is_in_the_stack_of_the_place(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    role = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    add_registry_statement(stack, statement("*", Principal={"AWS": role.role_arn}))
    RegistryPolicy(stack, "RegistryPolicy")
    role.node.default_child.override_logical_id("Renamed")
    (found,) = policies(app)["Shop"]["Statement"]
    assert found["Principal"] == {"AWS": {"Fn::GetAtt": ["Renamed", "Arn"]}}


@pytest.mark.parametrize("first", ["statement", "place"])
def test_a_statement_cannot_refer_to_another_stack(app, first):
    one, two = cdk.Stack(app, "One", env=ENV), cdk.Stack(app, "Two", env=ENV)
    role = iam.Role(one, "Reader", assumed_by=iam.AccountRootPrincipal())

    def ask():
        add_registry_statement(one, statement("*", Principal={"AWS": role.role_arn}))

    def place():
        RegistryPolicy(two, "RegistryPolicy")

    order = [ask, place] if first == "statement" else [place, ask]
    order[0]()
    with pytest.raises(GrantError) as caught:
        order[1]()
    assert caught.value.code == "registry-policy-not-literal"
    assert caught.value.given == ["One/Reader/Resource"]
    assert "Two/RegistryPolicy" in caught.value.message


def test_a_service_acts_for_this_account_alone(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    RegistryPolicy(stack, "RegistryPolicy")
    pull = {"Action": "ecr:BatchGetImage"}
    add_registry_statement(stack, statement(Principal={"Service": "lambda.amazonaws.com"}, **pull))
    add_registry_statement(
        stack,
        statement(
            Principal={"Service": "codebuild.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": "222222222222"}},
            **pull,
        ),
    )
    found = {
        str(entry["Principal"]["Service"]): entry["Condition"]
        for entry in policies(app)["Shop"]["Statement"]
    }
    assert found == {
        "lambda.amazonaws.com": {
            "StringLike": {"aws:SourceArn": "arn:aws:lambda:eu-west-1:111111111111:function:*"}
        },
        "codebuild.amazonaws.com": {"StringEquals": {"aws:SourceAccount": "222222222222"}},
    }


def test_principals_of_cdk_are_taken(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    principals = [
        iam.ServicePrincipal("lambda.amazonaws.com"),
        iam.OrganizationPrincipal("o-a1b2c3d4e5"),
        iam.ArnPrincipal("arn:aws:iam::222222222222:role/reader"),
        iam.AccountPrincipal("222222222222").with_conditions(
            {"StringEquals": {"aws:PrincipalTag/team": "shop"}}
        ),
    ]
    place = RegistryPolicy(stack, "RegistryPolicy")
    for principal in principals:
        place.add_statement(
            iam.PolicyStatement(
                principals=[principal], actions=["ecr:BatchGetImage"], resources=["*"]
            )
        )
    found = {str(e["Principal"]): e.get("Condition") for e in policies(app)["Shop"]["Statement"]}
    assert found == {
        "{'Service': 'lambda.amazonaws.com'}": {
            "StringLike": {"aws:SourceArn": "arn:aws:lambda:eu-west-1:111111111111:function:*"}
        },
        "{'AWS': '*'}": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        "{'AWS': 'arn:aws:iam::222222222222:role/reader'}": None,
        "{'AWS': 'arn:aws:iam::222222222222:root'}": {
            "StringEquals": {"aws:PrincipalTag/team": "shop"}
        },
    }


def test_the_largest_contributors_of_too_long_a_document_are_named(app):
    small, large = (cdk.Stack(app, name, env=ENV) for name in ("Small", "Large"))
    RegistryPolicy(small, "RegistryPolicy")
    add_registry_statement(small, statement())
    taken = itertools.count()

    def until_it_is_full():
        for number in taken:
            add_registry_statement(large, statement(f"{ARN}/team{number}/*"))

    with pytest.raises(GrantError) as caught:
        until_it_is_full()
    assert caught.value.code == "registry-policy-too-long"
    assert caught.value.construct_path == "Large"
    assert caught.value.given > 10_240
    assert caught.value.message.index("Large (") < caught.value.message.index("Small (")
    # What was taken before stays, and fits.
    assert len(str(policies(app)["Small"]).replace(" ", "")) <= 10_240


@pytest.mark.parametrize("second", [RegistryPolicy, AdoptedRegistryPolicy, Registry])
def test_a_registry_has_one_place(app, second):
    RegistryPolicy(cdk.Stack(app, "One", env=ENV), "Policy")
    with pytest.raises(InvalidInputError, match=r"Two/Second.* and One/Policy") as caught:
        second(cdk.Stack(app, "Two", env=ENV), "Second")
    assert caught.value.code == "registry-policy-place-twice"


def test_stacks_that_do_not_say_where_may_have_a_place_each(app):
    one, two, three = (cdk.Stack(app, name) for name in ("One", "Two", "Three"))
    anywhere = {"Resource": "*", "Effect": "Allow", "Action": "ecr:CreateRepository"}
    principals = [
        {"Principal": {"AWS": f"arn:aws:iam::{number:012}:root"}} for number in (2, 3, 4, 5)
    ]
    RegistryPolicy(one, "Policy")
    add_registry_statement(one, {**anywhere, **principals[0]})
    Registry(two, "Registry")
    add_registry_statement(two, {**anywhere, **principals[1]})
    # Without a place of its own, a stack has the first.
    add_registry_statement(three, {**anywhere, **principals[2]})
    with pytest.raises(InvalidInputError, match="Three/Policy and One/Policy"):
        RegistryPolicy(three, "Policy")
    with pytest.raises(InvalidInputError, match="One/Second and One/Policy"):
        RegistryPolicy(one, "Second")
    found = messages(app)
    # They may be deployed to one account and Region: that is a warning.
    assert any("registry-resource-perhaps-twice" in text for _, text in found)
    written = policies(app)
    assert {name: len(document["Statement"]) for name, document in written.items()} == {
        "One": 2,
        "Two": 1,
    }


def test_a_policy_of_somebody_else_is_told_of_with_what_it_needs(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    owner = cdk.Stack(app, "Owner", env=ENV)
    add_registry_statement(stack, statement(), owner=owner)
    AdoptedRegistryPolicy(stack, "RegistryPolicy")
    add_registry_statement(stack, statement(f"{ARN}/test/*"))
    found = messages(app)
    assert {path for path, _ in found} == {"/Shop", "/Owner"}
    assert all('"Sid": "AllowCreateRepository' in text for _, text in found)
    assert all("registry-policy-statement-missing" in text for _, text in found)
    assert policies(app) == {}


def test_a_registry_beside_a_policy_of_somebody_else(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    elsewhere = cdk.Stack(app, "Other", env=cdk.Environment(account="1" * 12, region="us-east-1"))
    with pytest.raises(InvalidInputError, match="111111111111/us-east-1") as caught:
        Registry(stack, "Wrong", policy=AdoptedRegistryPolicy(elsewhere, "RegistryPolicy"))
    assert caught.value.code == "registry-policy-place-elsewhere"
    place = AdoptedRegistryPolicy(stack, "RegistryPolicy")
    registry = Registry(stack, "Registry", policy=place, scanning=BasicScanning())
    assert registry.policy is place
    registry.policy.add_statement(iam.PolicyStatement.from_json(statement()))
    (told,) = messages(app)
    assert told[0] == "/Shop/RegistryPolicy"
    assert policies(app) == {}


def test_an_l1_beside_it_is_found(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    ecr.CfnRegistryPolicy(stack, "Raw", policy_text={})
    RegistryPolicy(stack, "RegistryPolicy").add_statement(
        iam.PolicyStatement(
            principals=[iam.AccountPrincipal("222222222222")],
            actions=["ecr:BatchGetImage"],
            resources=["*"],
        )
    )
    with pytest.raises(RuntimeError, match="Shop/Raw and Shop/RegistryPolicy"):
        app.synth()


def test_a_statement_is_refused_where_it_is_asked_for(app):
    stack = cdk.Stack(app, "Shop", env=ENV)
    place = RegistryPolicy(stack, "RegistryPolicy")
    with pytest.raises(GrantError) as caught:
        place.add_statement(
            iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["ecr:*"], resources=["*"])
        )
    assert (caught.value.code, caught.value.construct_path) == (
        "registry-policy-open",
        "Shop/RegistryPolicy",
    )
    with pytest.raises(InvalidInputError, match="PolicyStatement"):
        RegistryPolicy(cdk.Stack(app, "Two"), "RegistryPolicy", statements=[statement()])
