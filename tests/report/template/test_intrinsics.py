"""Every intrinsic function, decided where the template decides it and open where not."""

from __future__ import annotations

import pytest

from ecr_constructs.report.reading.source import Source
from ecr_constructs.report.template.alternatives import Alternatives, worlds
from ecr_constructs.report.template.app import App
from ecr_constructs.report.template.marks import is_open

REPOSITORY = {"Type": "AWS::ECR::Repository"}
TEMPLATE = {
    "Parameters": {
        "Given": {"Type": "String", "Default": "shop"},
        "Open": {"Type": "String"},
        "Number": {"Type": "Number", "Default": 7},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        "Zones": {"Type": "List<AWS::EC2::AvailabilityZone::Name>", "Default": "x,y"},
        "Kept": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/where/it/is"},
    },
    "Mappings": {"Names": {"eu-west-1": {"repository": "shop/api", "list": ["p", "q"]}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Given"}, "shop"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Maybe": {"Fn::Equals": [{"Ref": "Open"}, "prod"]},
        "Same": {"Fn::Equals": [{"Ref": "Open"}, {"Ref": "Open"}]},
        "AndNo": {"Fn::And": [{"Condition": "Maybe"}, {"Condition": "No"}]},
        "AndMaybe": {"Fn::And": [{"Condition": "Maybe"}, {"Condition": "Yes"}]},
        "OrYes": {"Fn::Or": [{"Condition": "Maybe"}, {"Condition": "Yes"}]},
        "OrMaybe": {"Fn::Or": [{"Condition": "Maybe"}, {"Condition": "No"}]},
        "InRegion": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
        "Circle": {"Condition": "Circle"},
        "Number": {"Fn::Equals": [{"Ref": "Number"}, 7]},
        "Broken": {"Fn::Contains": [[], "x"]},
    },
    "Resources": {
        "Api": REPOSITORY,
        "Web": {**REPOSITORY, "Properties": {"RepositoryName": {"Fn::Sub": "${Given}/web"}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/ci/", "RoleName": "push"}},
        "Policy": {"Type": "AWS::IAM::ManagedPolicy"},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Own": {"Type": "Custom::Thing"},
    },
    "Outputs": {
        "Api": {"Value": {"Fn::GetAtt": ["Api", "Arn"]}, "Export": {"Name": "api-arn"}},
        "Self": {"Value": {"Fn::ImportValue": "self"}, "Export": {"Name": "self"}},
    },
}
OTHER = {"Resources": {"Api": REPOSITORY}}


@pytest.fixture(scope="module")
def stack():
    known = {"account": "111111111111", "region": "eu-west-1"}
    sources = [
        Source(template=TEMPLATE, stack="Shop", file="shop.json", stack_name="Shop", **known),
        Source(template=OTHER, stack="Other", file="other.json", stack_name="Other", **known),
    ]
    return App(sources).top[0]


ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/"


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ({"Ref": "Given"}, "shop"),
        ({"Ref": "Number"}, "7"),
        ({"Ref": "List"}, ["a", "b", "c"]),
        ({"Ref": "Zones"}, ["x", "y"]),
        ({"Ref": "Open"}, "${Open}"),
        ({"Ref": "Kept"}, "${Kept}"),
        ({"Ref": "Missing"}, "${Missing}"),
        ({"Ref": "AWS::AccountId"}, "111111111111"),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::StackName"}, "Shop"),
        ({"Ref": "AWS::StackId"}, "${AWS::StackId}"),
        ({"Ref": "Api"}, "${Shop.Api}"),
        ({"Ref": "Web"}, "shop/web"),
        ({"Ref": "Policy"}, "arn:aws:iam::111111111111:policy/${Policy}"),
        ({"Fn::GetAtt": ["Web", "Arn"]}, ARN + "shop/web"),
        ({"Fn::GetAtt": "Web.Arn"}, ARN + "shop/web"),
        (
            {"Fn::GetAtt": ["Web", "RepositoryUri"]},
            "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web",
        ),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::111111111111:role/ci/push"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "${Queue.Arn}"),
        ({"Fn::GetAtt": ["Own", "Arn"]}, "${Own.Arn}"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Given"}, 1, True]]}, "a/shop/1/true"),
        ({"Fn::Join": ["-", {"Ref": "List"}]}, "a-b-c"),
        ({"Fn::Join": ["-", {"Ref": "Open"}]}, "${Fn::Join}"),
        ({"Fn::Sub": "${Given}:${Api.Arn}:${!Literal}:${AWS::Region}"},
         f"shop:{ARN}${{Shop.Api}}:${{Literal}}:eu-west-1"),
        ({"Fn::Sub": ["${Own}${Given}", {"Own": {"Ref": "Number"}}]}, "7shop"),
        ({"Fn::Sub": "${!aws:username}"}, "${aws:username}"),
        ({"Fn::Select": [1, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["2", {"Ref": "List"}]}, "c"),
        ({"Fn::Select": [9, ["a"]]}, "${Fn::Select}"),
        ({"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Web", "Arn"]}]}]},
         "repository/shop/web"),
        ({"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Api", "Arn"]}]}]},
         "111111111111"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::Split": [",", {"Ref": "Open"}]}, "${Fn::Split}"),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", {"Ref": "Given"}]}, "shop"),
        ({"Fn::If": ["Maybe", "a", "a"]}, "a"),
        ([1, {"Fn::If": ["No", 2, {"Ref": "AWS::NoValue"}]}], [1]),
        ({"a": 1, "b": {"Ref": "AWS::NoValue"}}, {"a": 1}),
        ({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "repository"]}, "shop/api"),
        ({"Fn::FindInMap": ["Names", "eu-west-1", "list"]}, ["p", "q"]),
        ({"Fn::FindInMap": ["Names", "us-east-1", "list"]}, "${Fn::FindInMap}"),
        ({"Fn::FindInMap": ["Names", "x", "y", {"DefaultValue": "d"}]}, "d"),
        ({"Fn::ImportValue": "api-arn"}, f"{ARN}${{Shop.Api}}"),
        ({"Fn::ImportValue": {"Fn::Sub": "api-${Open}"}}, "${api-${Open}}"),
        ({"Fn::ImportValue": "nobodys"}, "${nobodys}"),
        ({"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "Api"}},
         f"{ARN}${{Shop.Api}}"),
        ({"Fn::GetStackOutput": {"StackName": "X", "OutputName": "Y"}}, "${X.Y}"),
        ({"Fn::Base64": "shop"}, "c2hvcA=="),
        ({"Fn::Base64": {"Ref": "Open"}}, "${Fn::Base64}"),
        ({"Fn::Length": {"Ref": "List"}}, 3),
        ({"Fn::ToJsonString": {"a": {"Ref": "Given"}}}, '{"a":"shop"}'),
        ({"Fn::Transform": {"Name": "X"}}, "${Fn::Transform}"),
        ({"Fn::Cidr": ["10.0.0.0/16", 1, 8]}, "${Fn::Cidr}"),
        ("x{{resolve:ssm:/name}}y", "x{{resolve:ssm:/name}}y"),
        ({"Ref": ["broken"]}, "${Ref}"),
        ({"Fn::GetAtt": [1, 2]}, "${Fn::GetAtt}"),
        ({"Fn::Sub": 3}, "${Fn::Sub}"),
        ({"Fn::If": "x"}, "${Fn::If}"),
    ],
)  # fmt: skip
def test_a_function(stack, written, means):
    assert stack.marks.readable(stack.resolve(written)) == means


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("Yes", True),
        ("No", False),
        ("Maybe", None),
        ("Same", True),
        ("AndNo", False),
        ("AndMaybe", None),
        ("OrYes", True),
        ("OrMaybe", None),
        ("InRegion", True),
        ("Circle", None),
        ("Number", True),
        ("Broken", None),
        ("Missing", None),
    ],
)
def test_a_condition(stack, name, holds):
    assert stack.conditions.holds(name) is holds


def test_both_sides_of_an_undecided_condition_are_kept(stack):
    value = stack.resolve({"Fn::Sub": ["arn:${Name}", {"Name": {"Fn::If": ["Maybe", "a", "b"]}}]})
    assert value == Alternatives("Maybe", "arn:a", "arn:b")
    assert list(worlds([value, {"x": value}])) == [
        ((("Maybe", True),), ["arn:a", {"x": "arn:a"}]),
        ((("Maybe", False),), ["arn:b", {"x": "arn:b"}]),
    ]


def test_a_branch_that_is_nothing_is_left_out_in_its_world(stack):
    value = stack.resolve(["x", {"Fn::If": ["Maybe", {"Ref": "AWS::NoValue"}, "y"]}])
    assert [chosen for _, chosen in worlds(value)] == [["x"], ["x", "y"]]


def test_many_conditions_do_not_multiply_for_ever():
    names = [f"C{number}" for number in range(30)]
    template = {
        "Conditions": {name: {"Fn::Equals": [{"Ref": name + "P"}, "x"]} for name in names},
        "Resources": {},
    }
    (stack,) = App([Source(template=template, stack="S", file="s.json")]).top
    listed = stack.resolve([{"Fn::If": [name, name, "no"]} for name in names])
    found = [chosen for _, chosen in worlds(listed)]
    assert len(found) == 2**6
    assert {entry for chosen in found for entry in chosen} == {*names, "no"}
    joined = stack.resolve({"Fn::Join": ["", listed]})
    assert is_open(joined) or isinstance(joined, str)


def test_the_same_unknown_has_the_same_stand_in_and_others_another(stack):
    first, second, third = (stack.resolve({"Fn::Select": [9, [text]]}) for text in ("a", "a", "b"))
    assert first == second != third
    assert stack.resolve({"Ref": "Api"}) != stack.app.top[1].resolve({"Ref": "Api"})


def test_what_a_report_prints_can_be_read_back(stack):
    for written in ({"Ref": "Api"}, {"Ref": "Open"}, {"Fn::GetAtt": ["Api", "Arn"]}):
        value = stack.resolve(written)
        assert stack.marks.told(stack.marks.readable(value)) == value
    assert stack.marks.told("${aws:username}") == "${aws:username}"


def test_without_an_environment_the_pseudo_parameters_stay():
    (stack,) = App([Source(template=TEMPLATE, stack="Shop", file="shop.json")]).top
    arn = stack.marks.readable(stack.resolve({"Fn::GetAtt": ["Web", "Arn"]}))
    assert arn == "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/shop/web"


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
        ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_the_partition_follows_from_the_region(region, partition, suffix):
    (stack,) = App([Source(template=TEMPLATE, stack="S", file="s.json", region=region)]).top
    assert stack.resolve({"Ref": "AWS::Partition"}) == partition
    assert stack.resolve({"Ref": "AWS::URLSuffix"}) == suffix


def test_names_that_need_each_other_have_an_end():
    template = {
        "Resources": {
            "A": {**REPOSITORY, "Properties": {"RepositoryName": {"Ref": "B"}}},
            "B": {**REPOSITORY, "Properties": {"RepositoryName": {"Ref": "A"}}},
        },
        "Outputs": {
            "X": {"Value": {"Fn::ImportValue": "y"}, "Export": {"Name": "x"}},
            "Y": {"Value": {"Fn::ImportValue": "x"}, "Export": {"Name": "y"}},
        },
    }
    (stack,) = App([Source(template=template, stack="S", file="s.json")]).top
    assert isinstance(stack.resolve({"Ref": "A"}), str)
    assert is_open(stack.resolve({"Fn::ImportValue": "x"}))


def test_what_stacks_pass_on_does_not_double_from_stack_to_stack():
    """Each export is the list of the one before it, twice."""
    outputs = {
        f"O{number}": {
            "Value": [{"Fn::ImportValue": f"e{number - 1}"}] * 2 if number else "x",
            "Export": {"Name": f"e{number}"},
        }
        for number in range(60)
    }
    template = {"Resources": {}, "Outputs": outputs}
    (stack,) = App([Source(template=template, stack="S", file="s.json")]).top
    assert stack.resolve({"Fn::ImportValue": "e0"}) == "x"
    assert is_open(stack.resolve({"Fn::ImportValue": "e59"}))


def test_keys_that_stand_in_no_order_are_no_crash(stack):
    """YAML has numbers as keys."""
    assert is_open(stack.resolve({"Fn::GetAtt": {1: "Api", "Arn": 2}}))
