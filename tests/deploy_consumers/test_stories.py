"""Every story of a consumer is deployed, as far as the embedded AWS goes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack
from tests.examples.synthesis import EXAMPLES, GOLDENS

from .stories import LACKING, REGION, STORIES, Story

Deployed = Callable[[str], Story]


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_deployed(story: Deployed, name: str) -> None:
    deployed = story(name)
    for stack in deployed.stacks.values():
        assert set(stack.ids) == set(stack.resources)
    assert any(stack.ids for stack in deployed.stacks.values())
    if deployed.lacking:
        lacking = ", ".join(sorted(deployed.lacking))
        pytest.skip(f"all but {lacking} is deployed: the embedded AWS does not know these types")


@pytest.mark.parametrize("kind", sorted(LACKING))
def test_what_is_said_to_lack_does(embedded_aws: EmbeddedAws, kind: str) -> None:
    written = [
        resource
        for golden in (GOLDENS / "consumers").rglob("*.template.json")
        for resource in json.loads(golden.read_text(encoding="utf-8"))["Resources"].values()
        if resource["Type"] == kind
    ]
    assert written, f"no story has a {kind}"
    stack = Stack(Account(embedded_aws, "830000000000", REGION), kind.replace("::", "-"))
    with pytest.raises(ClientError, match=rf"Unrecognized resource types: \[{kind}\]"):
        stack.create(Missing=written[0])


def test_every_story_of_these_consumers_is_there() -> None:
    assert {name for name in STORIES if (EXAMPLES / "consumers" / f"{name}.py").exists()} == set(
        STORIES
    )
