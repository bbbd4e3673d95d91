"""The rules of the registry on templates: environments, conditions, and what is not decided."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .apps import (
    CODES,
    OPEN_POLICY,
    REFUSED,
    cache_rule,
    checked,
    codes,
    refused,
    repository,
    scanning,
    source,
)

PROD = {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
UNDECIDED = {"Parameters": {"Stage": {"Type": "String"}}, "Conditions": PROD}


def undecided(resources):
    return source(resources, template=UNDECIDED)


def messages(*sources):
    return [each.finding.message for each in refused(*sources)]


def test_each_finding_is_about_the_resource_that_has_it():
    found = refused(source({"Fine": repository(), "Api": repository(**REFUSED)}))
    assert [each.finding.code for each in found] == CODES
    assert {each.resource.logical_id for each in found} == {"Api"}


def test_a_registry_is_that_of_an_account_and_region():
    one = source({"Scan": scanning()}, stack="One")
    assert codes(one, source({"Scan": scanning()}, stack="Two")) == ["registry-resource-twice"]
    assert codes(one, source({"Scan": scanning()}, stack="Two", region="eu-central-1")) == []
    assert codes(one, source({"Scan": scanning()}, stack="Two", account="222222222222")) == []


def test_stacks_of_an_open_environment_are_perhaps_one_registry():
    opened = [
        source({"Scan": scanning()}, stack=stack, account=None, region=None)
        for stack in ("Dev", "Prod")
    ]
    assert codes(*opened) == []
    rules = {f"Rule{number}": cache_rule(f"quay{number}") for number in range(30)}
    assert codes(source({**rules, "More": cache_rule("quay0")})) == ["registry-resource-twice"]
    many = [
        source(rules, stack=stack, account=None, region=None) for stack in ("Dev", "Prod", "Test")
    ]
    assert codes(*many) == []


def test_a_nested_stack_is_of_the_registry_around_it():
    inner = source({"Scan": scanning()}, account=None, region=None)
    outer = source(
        {"Scan": scanning(), "Nested": {"Type": "AWS::CloudFormation::Stack"}},
        account=None,
        region=None,
        nested={"Nested": inner},
    )
    (found,) = refused(outer)
    assert found.finding.code == "registry-resource-twice"
    assert found.stack.source is inner


@pytest.mark.parametrize(
    "later",
    [
        {"Ref": "Name"},
        {"Fn::Sub": "Shop/${Name}"},
        {"Fn::ImportValue": "Shop"},
        {"Fn::GetAtt": ["Thing", "Name"]},
        {"Fn::Unknown": "Shop"},
        "{{resolve:ssm:/Shop/NAME}}",
        "Shop{{resolve:ssm:/Shop/NAME}}",
    ],
    ids=str,
)
def test_what_is_known_at_deployment_is_not_judged(later):
    resources = {"Api": repository(RepositoryName=later), "Thing": {"Type": "Custom::Thing"}}
    given = source(resources, template={"Parameters": {"Name": {"Type": "String"}}})
    assert codes(given) == []


def test_a_default_is_judged():
    parameters = {"Parameters": {"Name": {"Type": "String", "Default": "Shop"}}}
    given = source({"Api": repository(RepositoryName={"Ref": "Name"})}, template=parameters)
    assert codes(given) == ["repository-name-invalid"]


def test_a_condition_of_the_resource_is_none_of_its_findings():
    resource = {**repository(RepositoryName="Shop"), "Condition": "IsProd"}
    assert messages(undecided({"Api": resource})) == ["has upper-case letters"]


def test_a_finding_that_holds_one_way_alone_says_which():
    either = {"Fn::If": ["IsProd", "Shop", "shop"]}
    told = messages(undecided({"Api": repository(RepositoryName=either)}))
    assert told == ["has upper-case letters (where IsProd holds)"]
    other = {"Fn::If": ["IsProd", "shop", "Shop"]}
    told = messages(undecided({"Api": repository(RepositoryName=other)}))
    assert told == ["has upper-case letters (where IsProd does not hold)"]
    policy = {"Fn::If": ["IsProd", OPEN_POLICY, {"Ref": "AWS::NoValue"}]}
    both = repository(RepositoryName="Shop", RepositoryPolicyText=policy)
    assert messages(undecided({"Api": both})) == [
        "has upper-case letters",
        "allows every AWS account there is (where IsProd holds)",
    ]


def test_two_of_which_one_depends_on_a_condition():
    prod = scanning(Condition="IsProd")
    (told,) = messages(undecided({"A": scanning(), "B": prod}))
    assert told.endswith("the second fails, or overwrites the first")
    (told,) = messages(undecided({"A": prod, "B": scanning()}))
    assert told.endswith("the second fails, or overwrites the first (where IsProd holds)")


def equals(value):
    return {"Fn::Equals": [{"Ref": "Stage"}, value]}


def condition(name):
    return {"Condition": name}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (equals("prod"), {"Fn::Not": [condition("One")]}, False),
        (equals("prod"), {"Fn::Not": [equals("prod")]}, False),
        (equals("prod"), equals("test"), False),
        (equals("prod"), {"Fn::Equals": ["test", {"Ref": "Stage"}]}, False),
        (equals("1"), equals(2), False),
        (equals("prod"), {"Fn::And": [equals("test"), {"Fn::Equals": [{"Ref": "P"}, "x"]}]}, False),
        (equals("prod"), {"Fn::Or": [equals("test"), equals("dev")]}, False),
        ({"Fn::Not": [{"Fn::Or": [equals("a"), equals("b")]}]}, equals("b"), False),
        (equals("prod"), {"Fn::Or": [equals("test"), equals("prod")]}, True),
        (equals("prod"), {"Fn::Equals": [{"Ref": "P"}, "x"]}, True),
        (equals("prod"), {"Fn::Not": [equals("test")]}, True),
        (condition("Other"), condition("One"), True),
        (equals("prod"), {"Fn::Equals": [{"Ref": "P"}, {"Ref": "Stage"}]}, True),
    ],
)
def test_two_that_are_never_there_together_are_not_two(one, other, together):
    parameters = {name: {"Type": "String"} for name in ("Stage", "P")}
    template = {"Parameters": parameters, "Conditions": {"One": one, "Other": other}}
    resources = {"A": scanning(Condition="One"), "B": scanning(Condition="Other")}
    assert codes(source(resources, template=template)) == ["registry-resource-twice"] * together


def test_of_many_conditions_none_is_lost():
    names = [f"C{number}" for number in range(8)]
    conditions = {name: equals(name) for name in names}
    template = {"Parameters": {"Stage": {"Type": "String"}}, "Conditions": conditions}
    resources = {
        name: {**cache_rule(f"quay{name.lower()}"), "Condition": name} for name in names[:-1]
    }
    prefix = {"Fn::If": [names[-1], "quay", "other"]}
    resources["Last"] = cache_rule(prefix)
    resources["Inner"] = cache_rule("quay/inner")
    found = checked(source(resources, template=template)).findings
    assert [(each.resource.logical_id, each.finding.code) for each in found] == [
        ("Inner", "pull-through-prefix-nested")
    ]


def named(*names, **more):
    resources = {
        f"R{number}": {**repository(RepositoryName=name), **more}
        for number, name in enumerate(names)
    }
    return undecided(resources)


def test_a_name_is_that_of_one_repository_of_an_account_and_region():
    one = source({"Api": repository(RepositoryName="shop/api")}, stack="One")

    def beside(kind="AWS::ECR::Repository", name="shop/api", **more):
        other = {"Type": kind, "Properties": {"RepositoryName": name}}
        return codes(one, source({"Api": other}, stack="Two", **more))

    assert beside() == ["repository-name-twice"]
    assert beside(region="eu-central-1") == []
    assert beside(account="222222222222") == []
    assert beside(account=None) == []
    assert beside(name="shop/api2") == []
    assert "repository-name-twice" not in beside("AWS::ECR::PublicRepository")
    (found,) = refused(one, source({"Api": repository(RepositoryName="shop/api")}, stack="Two"))
    assert found.stack.source.stack == "Two"
    assert "of One/Api too" in found.finding.message


def test_a_name_twice_in_one_stack_is_sure_wherever_it_goes():
    resources = {name: repository(RepositoryName="shop/api") for name in ("A", "B", "C")}
    opened = {"account": None, "region": None}
    found = refused(source(resources, **opened))
    assert [each.resource.logical_id for each in found] == ["B", "C"]
    other = source({"A": resources["A"]}, stack="Other", **opened)
    assert codes(source({"A": resources["A"]}, **opened), other) == []
    inner = source({"B": resources["B"]}, **opened)
    nested = {"A": resources["A"], "N": {"Type": "AWS::CloudFormation::Stack"}}
    assert codes(source(nested, nested={"N": inner}, **opened)) == ["repository-name-twice"]


def test_names_that_are_made_up_or_told_at_deployment_are_not_one_name():
    assert codes(source({"A": repository(), "B": repository()})) == []
    assert codes(named({"Ref": "Stage"}, {"Ref": "Stage"})) == []
    assert codes(named("", "")) == codes(named("")) * 2
    own = {"Fn::Sub": "shop-${AWS::AccountId}"}
    assert codes(named(own, own)) == ["repository-name-twice"]


def test_a_name_twice_by_conditions():
    def either(yes, no):
        return {"Fn::If": ["IsProd", yes, no]}

    assert messages(named("shop", either("shop", "other"))) == [
        (
            "is the name of Shop/R0 too, and a registry has one of a name: the second fails "
            "(where IsProd holds)"
        )
    ]
    assert codes(named(either("shop", "one"), either("two", "shop"))) == []
    template = {**UNDECIDED, "Conditions": {**PROD, "IsNot": {"Fn::Not": [condition("IsProd")]}}}
    apart = {
        place: {**repository(RepositoryName="shop"), "Condition": place}
        for place in ("IsProd", "IsNot")
    }
    assert codes(source(apart, template=template)) == []


def test_a_policy_of_the_registry_takes_back_what_a_repository_grants():
    document = {
        "Statement": [
            {
                "Effect": effect,
                "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
                "Action": "ecr:BatchGetImage",
                **more,
            }
            for effect, more in (("Allow", {}),)
        ]
    }
    deny = {
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "ecr:*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}},
            }
        ]
    }
    policy = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": deny}}
    api = repository(RepositoryName="shop/api", RepositoryPolicyText=document)

    def taken_back(*sources):
        found = checked(*sources).findings
        return [each.resource.logical_id for each in found if "taken-back" in each.finding.code]

    assert taken_back(source({"Api": api})) == []
    assert taken_back(source({"Api": api, "Policy": policy})) == ["Api"]
    elsewhere = source({"Policy": policy}, stack="Other", region="eu-central-1")
    assert taken_back(source({"Api": api}), elsewhere) == []


VALUES = st.sampled_from(["shop", "Shop", "shop//api", {"Ref": "AWS::NoValue"}])
EITHER = st.recursive(
    VALUES, lambda inner: st.tuples(st.sampled_from("AB"), inner, inner).map(
        lambda drawn: {"Fn::If": list(drawn)}
    ), max_leaves=4,
)  # fmt: skip
SETTINGS = st.sampled_from([scanning(), cache_rule("quay"), cache_rule("quay/io"), cache_rule("x")])
RESOURCES = st.dictionaries(
    st.sampled_from("RSTUV"),
    st.tuples(
        EITHER.map(lambda name: repository(RepositoryName=name)) | SETTINGS,
        st.sampled_from([None, "A", "B"]),
    ).map(lambda drawn: {**drawn[0], **({"Condition": drawn[1]} if drawn[1] else {})}),
    min_size=1,
)


def with_conditions(resources, *decided):
    """Where a parameter has a default, its condition is decided."""
    parameters = {
        name: {"Type": "String", **({} if value is None else {"Default": value})}
        for name, value in zip("AB", decided, strict=True)
    }
    conditions = {name: {"Fn::Equals": [{"Ref": name}, "x"]} for name in "AB"}
    return source(resources, template={"Parameters": parameters, "Conditions": conditions})


@settings(max_examples=150)
@given(RESOURCES)
def test_what_is_not_decided_is_found_as_it_is_decided_one_way_or_another(resources):
    def found(*decided):
        return {
            (each.resource.logical_id, each.finding.code)
            for each in refused(with_conditions(resources, *decided))
        }

    every_way = [found(*decided) for decided in itertools.product("xy", repeat=2)]
    assert found(None, None) == set().union(*every_way)


def test_a_number_or_boolean_of_yaml_is_the_text_that_cloudformation_makes_of_it():
    filters = [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": 2024,
        }
    ]
    plain = repository(
        Tags=[{"Key": "cost-center", "Value": 4711}, {"Key": 1, "Value": True}],
        ImageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        ImageTagMutabilityExclusionFilters=filters,
    )
    assert codes(source({"Api": plain, "Rule": cache_rule(2024)})) == []
    assert codes(source({"Api": repository(Tags=[{"Key": "aws:x", "Value": 1}])})) == [
        "resource-tags-invalid"
    ]


def test_of_many_that_are_one_setting_each_is_told_once():
    scans = {f"Scan{number}": scanning() for number in range(6)}
    found = refused(source(scans))
    assert [each.resource.logical_id for each in found] == list(scans)[1:]


def test_what_depends_on_many_conditions_names_a_few_of_them():
    names = [f"C{number}" for number in range(40)]
    nothing = {"Ref": "AWS::NoValue"}
    tags = [{"Fn::If": [name, {"Key": f"aws:{name}", "Value": "x"}, nothing]} for name in names]
    conditions = {name: {"Fn::Equals": [{"Ref": "Stage"}, {"Ref": name}]} for name in names}
    parameters = {name: {"Type": "String"} for name in ("Stage", *names)}
    template = {"Parameters": parameters, "Conditions": conditions}
    told = messages(source({"Api": repository(Tags=tags)}, template=template))
    assert len(told) == len(names)
    assert any("(where C0 holds)" in message for message in told)
    assert any("and 25 more)" in message for message in told)
    assert max(map(len, told)) < 400
