"""Repositories that are replaced, deleted, moved, or less safe than they were."""

from __future__ import annotations

import pytest

from ecr_constructs.report.reading.source import Source
from tests.report.check.apps import scanning, source
from tests.report.check.rules import KEPT, UNDECIDED, either

from .sides import codes, diff, found, key, messages, repository, under

DELETED = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
OTHER = {"Topic": {"Type": "AWS::SNS::Topic"}}
API = {"Api": repository(), **OTHER}
REPLACED = [("Api", "danger", "repository-replaced")]
MAY_BE = [("Api", "warning", "repository-replaced")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (repository("shop/api"), repository("shop/web"), REPLACED),
        (repository("shop/api"), repository(None), REPLACED),
        (repository(None), repository("shop/api"), REPLACED),
        (repository(None), repository(None), []),
        (repository({"Ref": "Stage"}), repository({"Ref": "Stage"}), []),
        (repository({"Ref": "Stage"}), repository("shop/api"), MAY_BE),
        (
            repository({"Fn::Sub": "${Stage}/api"}),
            repository({"Fn::Sub": "${Stage}/web"}),
            REPLACED,
        ),
        (repository({"Fn::Sub": "${Stage}/api"}), repository("prod/api"), MAY_BE),
        (repository({"Fn::Sub": "${Stage}/api"}), repository("prod/web"), REPLACED),
        (repository("shop"), repository({"Fn::Sub": "shop/${Stage}"}), REPLACED),
        (repository(**under("a")), repository(**under("b")), REPLACED),
        (repository(), repository(EncryptionConfiguration={"EncryptionType": "AES256"}), REPLACED),
        (repository(**under({"Ref": "Stage"})), repository(**under("b")), MAY_BE),
        (repository(), repository(ImageTagMutability="IMMUTABLE", Tags=[]), []),
    ],
    ids=range(14),
)
def test_what_replaces_a_repository(old, new, expected):
    assert found({"Api": old}, {"Api": new}) == expected


def test_a_replacement_says_what_becomes_of_the_old_one():
    def said(before, after, name="shop/web"):
        return messages({"Api": repository(attributes=before)}, {
            "Api": repository(name, attributes=after)
        })[0]  # fmt: skip

    assert "the old one stays in the account" in said(KEPT, KEPT)
    assert "the old one is deleted" in said(DELETED, DELETED)
    assert "whether the old one stays is open" in said(DELETED, KEPT)
    (told,) = messages({"Api": repository()}, {"Api": repository(**under("k"))})
    assert "fails to make a second one named shop/api" in told


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (KEPT, [("Api", "warning", "repository-orphaned")]),
        ({"DeletionPolicy": "RetainExceptOnCreate"}, [("Api", "warning", "repository-orphaned")]),
        (DELETED, [("Api", "danger", "repository-deleted")]),
        ({}, [("Api", "danger", "repository-deleted")]),
        ({"DeletionPolicy": {"Ref": "Stage"}}, [("Api", "warning", "repository-deleted")]),
        ({"DeletionPolicy": either("Retain", "Delete")}, [
            ("Api", "danger", "repository-deleted"), ("Api", "warning", "repository-orphaned"),
        ]),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_repository_that_leaves(attributes, expected):
    assert found({"Api": repository(attributes=attributes), **OTHER}, OTHER) == expected


def test_images_that_go_with_the_repository_are_said():
    emptied = repository(attributes=DELETED, EmptyOnDelete=True)
    assert "with every image in it" in messages({"Api": emptied, **OTHER}, OTHER)[0]
    full = repository(attributes=DELETED)
    assert "unless it still holds images" in messages({"Api": full, **OTHER}, OTHER)[0]


def test_a_condition_that_takes_a_repository_away():
    gone = {"Api": repository(attributes={**DELETED, "Condition": "IsProd"})}
    there = {"Api": repository(attributes=DELETED)}
    assert found(there, gone) == [("Api", "danger", "repository-deleted")]
    assert messages(there, gone)[0].endswith("(where IsProd does not hold)")
    assert found(gone, there) == []
    never = {"Conditions": {"IsProd": {"Fn::Equals": ["a", "b"]}}}
    told = messages(source(there, template=never), source(gone, template=never))
    assert "no longer holds" in told[0]


def stage_is(value):
    return {"Fn::Equals": [{"Ref": "Stage"}, value]}


@pytest.mark.parametrize(
    ("old", "new", "deleted"),
    [
        (stage_is("prod"), stage_is("live"), True),
        (stage_is("prod"), {"Fn::Not": [stage_is("prod")]}, True),
        ({"Fn::Or": [stage_is("prod"), stage_is("live")]}, stage_is("prod"), True),
        # Where the old one holds, the new one does.
        (stage_is("prod"), {"Fn::Or": [stage_is("prod"), stage_is("live")]}, False),
        (stage_is("prod"), {"Fn::Not": [{"Fn::Not": [stage_is("prod")]}]}, False),
        (stage_is("prod"), {"Fn::Equals": ["prod", {"Ref": "Stage"}]}, False),
        (stage_is("prod"), {"Fn::Equals": ["prod", "prod"]}, False),
        ({"Fn::Equals": [{"Ref": "IsProd"}, "a"]}, {"Condition": "IsProd"}, False),
    ],
    ids=range(8),
)
def test_a_condition_that_means_something_else_under_its_name(old, new, deleted):
    def side(definition):
        attributes = {**DELETED, "Condition": "IsProd"}
        template = {**UNDECIDED, "Conditions": {"IsProd": definition}}
        return source({"Api": repository(attributes=attributes)}, template=template)

    assert found(side(old), side(new)) == [("Api", "danger", "repository-deleted")] * deleted
    for message in messages(side(old), side(new)):
        assert message.endswith("(where the old IsProd holds and the new IsProd does not hold)")


MOVED = [("Web", "danger", "repository-moved")]


def test_a_repository_under_another_logical_id():
    assert found(API, {"Web": repository(), **OTHER}) == MOVED
    assert "Api" in messages(API, {"Web": repository(), **OTHER})[0]
    # Another name is another repository.
    other = {"Web": repository("shop/web"), **OTHER}
    assert found(API, other) == [("Api", "warning", "repository-orphaned")]


def test_a_name_that_another_repository_takes_over():
    new = {"Api": repository("shop/other"), "Web": repository("shop/api")}
    assert found(API, new) == [("Api", "danger", "repository-replaced"), *MOVED]


def test_a_repository_in_another_stack():
    old = (source(API, stack="A"), source(OTHER, stack="B"))
    new = (source(OTHER, stack="A"), source({"Web": repository(), **OTHER}, stack="B"))
    assert found(old, new) == MOVED
    assert "in the stack A" in messages(old, new)[0]
    elsewhere = source({"Web": repository(), **OTHER}, stack="B", region="eu-west-2")
    apart = (old[0], source(OTHER, stack="B", region="eu-west-2"))
    assert codes(apart, (new[0], elsewhere)) == ["repository-orphaned"]


def test_a_name_that_two_conditions_share_is_not_moved():
    both = {
        "Api": repository(attributes={**KEPT, "Condition": "IsProd"}),
        "Web": repository(attributes={**KEPT, "Condition": "IsTest"}),
    }
    assert found(both, both) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (KEPT, DELETED, ["DeletionPolicy", "UpdateReplacePolicy"]),
        (KEPT, {}, ["DeletionPolicy", "UpdateReplacePolicy"]),
        (KEPT, {"DeletionPolicy": "Retain"}, ["UpdateReplacePolicy"]),
        (DELETED, {}, []),
        ({"DeletionPolicy": {"Ref": "Stage"}}, DELETED, []),
        (KEPT, {**KEPT, "DeletionPolicy": "RetainExceptOnCreate"}, []),
    ],
    ids=range(6),
)
def test_a_retention_that_is_given_up(old, new, expected):
    changes = diff({"Api": repository(attributes=old)}, {"Api": repository(attributes=new)})
    assert {each.finding.code for each in changes} <= {"retention-removed"}
    assert [each.finding.property for each in changes] == expected


def test_what_depends_on_a_condition_says_so():
    new = {"Api": repository(attributes={**KEPT, "DeletionPolicy": either("Delete", "Retain")})}
    assert messages({"Api": repository()}, new) == [
        "kept the repository where its stack goes, and no longer does (where IsProd holds)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"ImageTagMutability": "IMMUTABLE"}, {}, ["tags-mutable"]),
        ({"ImageTagMutability": "IMMUTABLE"}, {"ImageTagMutability": "IMMUTABLE"}, []),
        ({}, {"ImageTagMutability": "MUTABLE"}, []),
        ({"ImageScanningConfiguration": {"ScanOnPush": True}}, {}, ["scan-off"]),
        ({}, {"ImageScanningConfiguration": {"ScanOnPush": True}}, []),
    ],
    ids=range(5),
)
def test_settings_that_are_given_up(old, new, expected):
    assert codes({"Api": repository(**old)}, {"Api": repository(**new)}) == expected


def test_a_registry_that_scans_no_longer():
    old = {"Api": repository(), "Scan": scanning()}
    assert codes(old, {"Api": repository()}) == ["scan-off"]
    assert codes({"Api": repository()}, old) == []


def test_images_that_will_go_with_their_repository():
    old = {"Api": repository(attributes=DELETED)}
    new = {"Api": repository(attributes=DELETED, EmptyOnDelete=True)}
    assert found(old, new) == [("Api", "danger", "empty-on-delete")]
    assert found(new, new) == []
    unknown = {"Api": repository(attributes=DELETED, EmptyOnDelete={"Ref": "Stage"})}
    assert found(unknown, new) == []


def test_a_new_stack_loses_nothing_and_one_that_is_gone_all_it_had():
    new = (source(API), source({"Web": repository("web", {})}, stack="New"))
    assert found((source(API),), new) == []
    assert found(new, (source(API),)) == [("Web", "danger", "repository-deleted")]
    assert "the stack New is no longer there" in messages(new, (source(API),))[0]


def nested(resources, inside, **attributes):
    child = source(inside, stack="Shop", file="child.json")
    whole = source({**resources, "Inner": {"Type": "AWS::CloudFormation::Stack", **attributes}})
    return Source(**{**vars(whole), "nested": {"Inner": child}})


def test_nested_stacks_are_stacks():
    one = nested(OTHER, {"Api": repository(attributes={})})
    assert found(one, one) == []
    gone = nested(OTHER, OTHER)
    assert found(one, gone) == [("Api", "danger", "repository-deleted")]
    assert found(one, source(OTHER)) == [("Api", "danger", "repository-deleted")]
    kept = nested(OTHER, {"Api": repository(attributes={})}, DeletionPolicy="Retain")
    assert found(kept, source(OTHER)) == [("Api", "warning", "repository-orphaned")]


def test_stacks_of_one_name_are_told_apart_by_their_place():
    regions = ("eu-west-1", "us-east-1")
    old = tuple(source({"Api": repository(None)}, region=region) for region in regions)
    new = tuple(
        source({"Api": repository(None)} if region == "us-east-1" else OTHER, region=region)
        for region in reversed(regions)
    )
    assert [
        (each.environment, each.finding.code) for each in diff(old, new)
    ] == [("111111111111/eu-west-1", "repository-orphaned")]  # fmt: skip


def test_a_condition_of_the_same_name_in_a_new_stack_changes_nothing():
    shop = source({"Api": repository(attributes={"Condition": "IsProd"})}, template=UNDECIDED)
    more = source({"Web": repository("web")}, stack="New", template=UNDECIDED)
    assert found((shop,), (shop, more)) == []
    assert found((shop, more), (shop, more)) == []


def test_a_construct_of_the_same_name_in_a_new_stack_changes_nothing():
    shop = source({"Key": key(), "Api": repository(None, **under())})
    more = source({"Key": key(), "Api": repository(None, **under())}, stack="New")
    assert found((shop,), (shop, more)) == []


def with_default(value, resources, kind="String"):
    default = {} if value is None else {"Default": value}
    stage_is_a = {"Fn::Equals": [{"Ref": "P"}, "a"]}
    template = {"Parameters": {"P": {"Type": kind, **default}}, "Conditions": {"IsA": stage_is_a}}
    return source(resources, template=template)


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        (repository({"Ref": "P"}), "repository-replaced"),
        (repository(attributes={"Condition": "IsA"}), "repository-deleted"),
        (
            repository(attributes={"DeletionPolicy": {"Fn::If": ["IsA", "Retain", "Delete"]}}),
            "retention-removed",
        ),
    ],
    ids=range(3),
)
def test_another_default_of_a_parameter_may_not_be_used(resource, code):
    old, new = (with_default(value, {"Api": resource}) for value in "ab")
    assert found(old, new) == [("Api", "warning", code)]
    assert messages(old, new)[0].endswith("(where P gets another value than it has)")
    # Where an SSM parameter is kept is no value.
    old, new = (
        with_default(value, {"Api": resource}, "AWS::SSM::Parameter::Value<String>")
        for value in "ab"
    )
    assert found(old, new) == []


def test_what_holds_with_either_default_is_certain():
    old = with_default("a", {"Api": repository({"Fn::Sub": "${P}/api"}), **OTHER})
    new = with_default("b", {"Api": repository({"Fn::Sub": "${P}/web"}), **OTHER})
    assert found(old, new) == REPLACED
    deleted = with_default("b", OTHER)
    assert found(old, deleted) == [("Api", "warning", "repository-orphaned")]
    for value in ("a", None):
        assert found(with_default(value, API), with_default("b", API)) == []


@pytest.mark.parametrize("kind", ["AWS::ECR::PublicRepository", "AWS::SNS::Topic"])
def test_cloudformation_refuses_another_type(kind):
    (change,) = diff({"Api": repository()}, {"Api": {"Type": kind}})
    assert (change.finding.code, change.finding.property) == ("repository-replaced", "Type")
    assert kind in change.finding.message


def test_public_repositories_are_lost_as_well():
    public = {**repository("shop", attributes={}), "Type": "AWS::ECR::PublicRepository"}
    assert codes({"Api": public, **OTHER}, OTHER) == ["repository-deleted"]
    other = {**public, "Properties": {"RepositoryName": "web"}}
    assert codes({"Api": public}, {"Api": other}) == ["repository-replaced"]


def test_an_acknowledgement_in_the_new_template_is_shown():
    known = {"Metadata": {"aws:cdk:acknowledged-rules": {"retention-removed": "it is a preview"}}}
    new = {"Api": {**repository(attributes={}), **known}}
    assert {each.acknowledged for each in diff({"Api": repository()}, new)} == {"it is a preview"}
