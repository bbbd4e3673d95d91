"""What lifecycle policies of a template can do, and what ECR refuses of them elsewhere."""

from __future__ import annotations

import json

import pytest

from ecr_constructs.model.findings import Severity
from ecr_constructs.report.check.lifecycles import check_lifecycles

from .apps import source
from .rules import UNDECIDED, either, found, located, resource

URI = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/api"


def rule(priority, status="any", **selection):
    given = {"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": 5, **selection}
    return {"rulePriority": priority, "selection": given, "action": {"type": "expire"}}


def days(number, **selection):
    return {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": number} | selection


def policy(*rules):
    return {"LifecyclePolicyText": json.dumps({"rules": list(rules)})}


BY_AGE = policy(rule(1, **days(14)))
BY_NUMBER = policy(rule(1))
COVERED = policy(rule(1, **days(1)), rule(2, "any", **days(9)))
DEAD = policy(
    rule(1, "tagged", tagPatternList=["*"]),
    rule(2, "tagged", tagPatternList=["v*"], **days(9)),
)


def repository(lifecycle, **properties):
    return resource("AWS::ECR::Repository", {"LifecyclePolicy": lifecycle, **properties})


def codes(lifecycle, others=None, **properties):
    api = repository(lifecycle, **properties)
    return [code for _, code in found(check_lifecycles, {"Api": api, **(others or {})})]


@pytest.mark.parametrize(
    ("lifecycle", "said"),
    [
        (BY_NUMBER, []),
        (BY_AGE, ["lifecycle-can-empty"]),
        # Of what ECR refuses nothing is proven, for it does nothing.
        (policy(rule(1), rule(1)), []),
        (COVERED, []),
        ({"LifecyclePolicyText": "no JSON"}, []),
        ({"LifecyclePolicyText": {"Ref": "Stage"}}, []),
        ({"LifecyclePolicyText": {"Fn::Sub": BY_AGE["LifecyclePolicyText"] + "${Stage}"}}, []),
        ({"LifecyclePolicyText": 7}, []),
        (either(BY_AGE, BY_NUMBER), []),
        (either(BY_AGE, {"Ref": "AWS::NoValue"}), []),
        (either(BY_AGE, {**BY_AGE, "RegistryId": "1"}), ["lifecycle-can-empty"]),
        ([], []),
    ],
)
def test_what_is_proven_of_a_policy(lifecycle, said):
    assert codes(lifecycle) == said


def test_a_rule_that_never_acts():
    assert "lifecycle-rule-never-acts" in codes(DEAD)


def test_the_property_is_that_of_the_template():
    (said,) = located(check_lifecycles, source({"Api": repository(BY_AGE)}))
    assert (said.finding.property, said.finding.severity) == ("LifecyclePolicy", Severity.WARNING)


def test_a_creation_template_has_its_policy_as_a_text():
    properties = {"Prefix": "shop", "LifecyclePolicy": BY_AGE["LifecyclePolicyText"]}
    template = resource("AWS::ECR::RepositoryCreationTemplate", properties)
    assert found(check_lifecycles, {"T": template}) == [("T", "lifecycle-can-empty")]


def task(image):
    properties = {"ContainerDefinitions": [{"Name": "api", "Image": image}]}
    return {"Task": resource("AWS::ECS::TaskDefinition", properties)}


def test_what_a_task_of_the_app_runs_can_go():
    said = located(
        check_lifecycles,
        source({"Api": repository(BY_NUMBER, RepositoryName="shop/api"), **task(f"{URI}:v1")}),
    )
    assert [each.finding.code for each in said] == ["lifecycle-takes-referenced-tag"]
    assert said[0].finding.severity is Severity.WARNING
    assert said[0].resource.logical_id == "Api"
    assert codes(BY_NUMBER, task(f"{URI}/other:v1"), RepositoryName="shop/api") == []


UNTAGGED = policy(rule(1, "untagged", **days(1)))
PINNED = task(f"{URI}@sha256:{'0' * 64}")


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("MUTABLE", ["lifecycle-untagged-but-pinned"]),
        ("IMMUTABLE", []),
        ({"Ref": "Stage"}, []),
        (either("MUTABLE", "IMMUTABLE"), []),
    ],
)
def test_a_tag_that_only_perhaps_moves_leaves_nothing_behind(mode, said):
    properties = {"RepositoryName": "shop/api", "ImageTagMutability": mode}
    assert codes(UNTAGGED, PINNED, **properties) == said


def test_many_repositories_with_one_policy_have_each_its_finding():
    resources = {f"R{number}": repository(BY_AGE) for number in range(3)}
    said = located(check_lifecycles, source(resources, template=UNDECIDED))
    assert [each.resource.logical_id for each in said] == ["R0", "R1", "R2"]
