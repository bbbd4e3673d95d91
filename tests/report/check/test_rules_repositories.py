"""Tags, scans, lifecycles and removal of repositories, whoever wrote the template."""

from __future__ import annotations

import pytest

from ecr_constructs.model.findings import Severity
from ecr_constructs.report.check.repositories import check_repositories

from .apps import source
from .rules import KEPT, UNDECIDED, either, found, located, messages, resource

SAFE = {
    "ImageTagMutability": "IMMUTABLE",
    "ImageScanningConfiguration": {"ScanOnPush": True},
    "LifecyclePolicy": {"LifecyclePolicyText": "{}"},
}
NO_VALUE = {"Ref": "AWS::NoValue"}
NAME_OF_API = {"Ref": "Api"}


def repository(without=(), attributes=KEPT, **properties):
    settings = {**SAFE, **properties}
    for name in without:
        del settings[name]
    return resource("AWS::ECR::Repository", settings, **attributes)


def codes(without=(), attributes=KEPT, others=None, **properties):
    api = repository(without, attributes, **properties)
    return [code for _, code in found(check_repositories, {"Api": api, **(others or {})})]


def scanning(*filters, scan_type="BASIC", frequency="SCAN_ON_PUSH", **more):
    rules = [
        {
            "ScanFrequency": frequency,
            "RepositoryFilters": [{"Filter": text, "FilterType": "WILDCARD"} for text in filters],
        }
    ]
    properties = {"ScanType": scan_type, "Rules": rules if filters else []}
    return resource("AWS::ECR::RegistryScanningConfiguration", properties, **more)


def test_a_repository_as_cdk_makes_it_has_two_warnings_and_a_note():
    plain = resource("AWS::ECR::Repository", **KEPT)
    said = located(check_repositories, source({"Api": plain}))
    assert [(each.finding.code, each.finding.severity) for each in said] == [
        ("tags-mutable", Severity.WARNING),
        ("scan-off", Severity.WARNING),
        ("lifecycle-missing", Severity.NOTE),
    ]


def test_a_repository_with_safe_settings_has_none():
    assert codes() == []


@pytest.mark.parametrize(
    ("mode", "moves"),
    [
        ("MUTABLE", True),
        ("MUTABLE_WITH_EXCLUSION", True),
        ("IMMUTABLE_WITH_EXCLUSION", False),
        ({"Ref": "Stage"}, False),
        (either("MUTABLE", "IMMUTABLE"), False),
        (either("MUTABLE", NO_VALUE), True),
        (NO_VALUE, True),
        (["MUTABLE"], False),
        ({"MUTABLE": 1}, False),
    ],
)
def test_tags_that_can_surely_move(mode, moves):
    assert codes(ImageTagMutability=mode) == ["tags-mutable"] * moves


@pytest.mark.parametrize(
    ("own", "off"),
    [
        ({"ScanOnPush": False}, True),
        ({"ScanOnPush": "false"}, True),
        ({}, True),
        ({"ScanOnPush": "true"}, False),
        ({"ScanOnPush": {"Ref": "Stage"}}, False),
        (either({"ScanOnPush": True}, NO_VALUE), False),
        (either({"ScanOnPush": False}, NO_VALUE), True),
        ({"ScanOnPush": [1]}, False),
        ({"Ref": "Stage"}, False),
    ],
)
def test_a_repository_that_surely_is_not_scanned(own, off):
    assert codes(ImageScanningConfiguration=own) == ["scan-off"] * off


NAMED = {"RepositoryName": "shop/api"}


@pytest.mark.parametrize(
    ("configuration", "properties", "off"),
    [
        (scanning("shop"), NAMED, False),
        (scanning("*"), {}, False),
        (scanning("tools"), NAMED, True),
        (scanning("shop/*", scan_type="ENHANCED", frequency="CONTINUOUS_SCAN"), NAMED, False),
        (scanning("tools", scan_type="ENHANCED"), NAMED, True),
        # Nobody knows the name, so a filter may match it, but for one that does not exist.
        (scanning("tools"), {}, False),
        (scanning("tools"), {"RepositoryName": {"Ref": "Stage"}}, False),
        (scanning(scan_type="ENHANCED"), {}, True),
        (scanning({"Ref": "Stage"}), NAMED, False),
        (scanning("tools", scan_type={"Ref": "Stage"}), NAMED, False),
        (scanning(either("shop", "tools")), NAMED, False),
        # Where it is not there, the repository's own setting is what counts: it is on.
        (scanning("tools", Condition="IsProd"), NAMED, False),
    ],
)
def test_the_scanning_of_the_registry_decides_for_every_repository(configuration, properties, off):
    assert codes(others={"S": configuration}, **properties) == ["scan-off"] * off


def test_a_repository_off_both_ways_is_off_whatever_the_condition():
    others = {"S": scanning("tools", Condition="IsProd")}
    without = ["ImageScanningConfiguration"]
    assert codes(without, others=others, **NAMED) == ["scan-off"]


def test_the_scanning_of_another_registry_says_nothing():
    there = source({"S": scanning("tools")}, stack="Other", region="eu-central-1")
    assert located(check_repositories, source({"Api": repository(**NAMED)}), there) == []


def test_a_registry_of_which_nobody_knows_the_region_may_be_the_same():
    there = source({"S": scanning("*")}, stack="Other", region=None)
    plain = repository(["ImageScanningConfiguration"], **NAMED)
    assert located(check_repositories, source({"Api": plain}), there) == []


def test_the_configuration_that_leaves_a_repository_out_is_named():
    resources = {"Api": repository(**NAMED), "Scanning": scanning("tools")}
    (said,) = messages(check_repositories, resources)
    assert said.endswith(
        "no filter of basic scanning matches, so scans are started by hand (Scanning)"
    )


@pytest.mark.parametrize(
    ("policy", "missing"),
    [
        ({}, True),
        ({"LifecyclePolicyText": NO_VALUE}, True),
        ({"LifecyclePolicyText": {"Ref": "Stage"}}, False),
        ({"Ref": "Stage"}, False),
        (either({"LifecyclePolicyText": "{}"}, NO_VALUE), False),
        ("text", False),
    ],
)
def test_a_repository_of_which_nothing_surely_expires(policy, missing):
    assert codes(LifecyclePolicy=policy) == ["lifecycle-missing"] * missing


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({}, ["DeletionPolicy"]),
        ({"UpdateReplacePolicy": "Retain"}, ["DeletionPolicy"]),
        ({"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}, ["DeletionPolicy"]),
        ({"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Retain"}, ["DeletionPolicy"]),
        ({"DeletionPolicy": "Retain"}, ["UpdateReplacePolicy"]),
        ({"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Delete"}, ["UpdateReplacePolicy"]),
        ({"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}, []),
        ({"DeletionPolicy": {"Ref": "Stage"}, "UpdateReplacePolicy": "Retain"}, []),
        ({"DeletionPolicy": either("Retain", "Delete"), "UpdateReplacePolicy": "Retain"}, []),
        ({"DeletionPolicy": [], "UpdateReplacePolicy": {}}, []),
    ],
)
def test_a_repository_that_surely_goes_with_its_stack(attributes, said):
    resources = {"Api": repository(attributes=attributes)}
    given = located(check_repositories, source(resources, template=UNDECIDED))
    assert [each.finding.property for each in given] == said
    assert {each.finding.code for each in given} <= {"repository-not-retained"}


@pytest.mark.parametrize(
    ("attributes", "empties", "said"),
    [
        ({}, True, ["empty-on-delete"]),
        ({}, "true", ["empty-on-delete"]),
        ({"DeletionPolicy": "Retain"}, True, ["empty-on-delete"]),
        (KEPT, True, []),
        ({}, False, ["repository-not-retained"]),
        ({}, {"Ref": "Stage"}, ["repository-not-retained"]),
        ({}, either(True, NO_VALUE), ["repository-not-retained"]),
    ],
)
def test_images_that_surely_go_with_the_stack(attributes, empties, said):
    assert codes(attributes=attributes, EmptyOnDelete=empties) == said


def emptier(name=None, **more):
    properties = {"RepositoryName": NAME_OF_API if name is None else name}
    return {"Emptier": resource("Custom::ECRAutoDeleteImages", properties, **more)}


def test_what_cdk_empties_a_repository_with_loses_its_images():
    assert codes(others=emptier()) == ["empty-on-delete"]
    (said,) = messages(check_repositories, {"Api": repository(), **emptier()})
    assert said.endswith("by Emptier")


@pytest.mark.parametrize(
    "others",
    [
        emptier("another"),
        emptier(either("another", NAME_OF_API)),
        emptier(["no text"]),
        emptier(Condition="IsProd"),
        emptier(DeletionPolicy="Retain"),
    ],
)
def test_what_empties_another_repository_or_may_not_be_there_is_none_of_it(others):
    assert codes(others=others) == []


@pytest.mark.parametrize("properties", [None, [], "text", 7, {"EmptyOnDelete": {"a": []}}])
def test_whatever_stands_in_a_template_is_no_crash(properties):
    api = {"Type": "AWS::ECR::Repository", "Properties": properties, "DeletionPolicy": 7}
    scan = {"Type": "AWS::ECR::RegistryScanningConfiguration", "Properties": properties}
    emptied = {"Type": "Custom::ECRAutoDeleteImages", "Properties": properties}
    said = found(check_repositories, {"Api": api, "S": scan, "E": emptied})
    assert ("Api", "tags-mutable") in said
