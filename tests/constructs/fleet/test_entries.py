"""Overrides of one entry of a list, which is another one in another resource."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr

from ecr_constructs import Fleet, FleetGroup, FleetPrincipal, FleetRepository, RepositoryFleet

from .test_beginning import Act, both, refused

READERS = [FleetPrincipal.account(str(digit) * 12) for digit in (2, 3)]
BOTH = (FleetPrincipal.organization("o-a1b2c3d4e5"), READERS[0])
# The first and the last have one statement and one tag each, and those between have two.
PULL = [(READERS[0],), BOTH, BOTH, BOTH, (READERS[1],)]
TAGS = [{"a": "1"}, *[{"a": "1", "b": "2"}] * 3, {"b": "2"}]


def uneven(stacks: int) -> Fleet:
    names = [f"part-{number}" for number in range(stacks)]
    return Fleet(
        repositories=tuple(
            FleetRepository(name=f"{name}/n-{number}", group=name, pull=pull, tags=tags)
            for name in names
            for number, (pull, tags) in enumerate(zip(PULL, TAGS, strict=True))
        ),
        groups={name: FleetGroup() for name in names},
    )


def overrides(path: str, value: Any) -> Act:
    @jsii.implements(cdk.IAspect)
    class Overrides:
        def visit(self, node):
            if isinstance(node, ecr.CfnRepository):
                node.add_property_override(path, value)

    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        cdk.Aspects.of(app).add(Overrides())

    return act


@pytest.mark.parametrize("stacks", [1, 3])
@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (
            "RepositoryPolicyText.Statement.0",
            {"Effect": "Deny"},
            "RepositoryPolicyText was changed",
        ),
        ("Tags.0.Value", "x", "Tags 'a' was changed"),
        ("Tags.0.Key", "x", "Tags 'b' was changed"),
        ("Tags.1.Value", "x", "Tags was replaced"),
    ],
)
def test_an_entry_by_its_number(tmp_path, stacks, path, value, text):
    refused(tmp_path, overrides(path, value), text, uneven(stacks))


@pytest.mark.parametrize("stacks", [1, 3])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("RepositoryPolicyText.Statement", []),
        ("ImageTagMutabilityExclusionFilters.0.ImageTagMutabilityExclusionFilterValue", "v*"),
    ],
)
def test_what_is_the_same_for_all(tmp_path, stacks, path, value):
    both(tmp_path, overrides(path, value), uneven(stacks))


def test_a_tag_that_some_have_already(tmp_path):
    def act(app: cdk.App, fleet: RepositoryFleet) -> None:
        cdk.Tags.of(app).add("a", "3", priority=300)
        cdk.Tags.of(app).add("b", "3")

    templates, _ = both(tmp_path, act, uneven(3))
    assert str(templates).count('{"Key":"a","Value":"3"}') == 15
    assert str(templates).count('{"Key":"b","Value":"3"}') == 3
