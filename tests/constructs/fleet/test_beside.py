"""What this library says of every repository of an app, it says of those of a fleet, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    Fleet,
    FleetMode,
    PullThroughCacheRule,
    Registry,
    RegistryPolicy,
    RepositoryFleet,
    Upstream,
)

from .fleets import READER
from .test_beginning import ACCOUNT, shop, there


def cache(stack: cdk.Stack) -> None:
    """Two of the repositories have names that it takes."""
    PullThroughCacheRule(stack, "Cache", upstream=Upstream.ecr_public(), prefix="part-0")


def deny(stack: cdk.Stack) -> None:
    """Whom the policy of each repository lets in."""
    policy = RegistryPolicy(stack, "Policy")
    policy.add_statement(
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            actions=["ecr:BatchGetImage"],
            principals=[iam.AccountPrincipal("222222222222")],
            resources=["*"],
        )
    )


def few() -> Fleet:
    fleet = shop(stacks=2, each=2, roles=0)
    return replace(
        fleet, repositories=tuple(replace(each, pull=(READER,)) for each in fleet.repositories)
    )


def warned(mode: FleetMode, beside: Callable[[cdk.Stack], None], *, tagged: bool) -> set[str]:
    app = cdk.App()
    RepositoryFleet(app, "Fleet", manifest=few(), env=ACCOUNT, mode=mode)
    beside(cdk.Stack(app, "Registry", env=ACCOUNT))
    if tagged:
        cdk.Tags.of(app).add("team", "shop")
    assembly = app.synth()
    return {
        str(message.entry.data)
        for stack in assembly.stacks
        for message in stack.messages
        if message.id.startswith("/Fleet")
    }


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize(("beside", "number"), [(cache, 2), (deny, 1)])
def test_warnings_of_what_stands_beside_a_fleet(beside, number, tagged):
    fast = warned(FleetMode.FAST, beside, tagged=tagged)
    assert fast == warned(FleetMode.FULL_TREE, beside, tagged=tagged)
    assert len(fast) == number


@pytest.mark.parametrize("name", ["part-0/n-1", "part-0/n-9"])
def test_what_holds_for_a_repository_of_a_fleet(name):
    answers = []
    for mode in FleetMode:
        app = cdk.App()
        RepositoryFleet(app, "Fleet", manifest=few(), env=ACCOUNT, mode=mode)
        registry = Registry(cdk.Stack(app, "Registry", env=ACCOUNT), "Registry")
        answers.append(registry.effective(name))
        assert (there(app) == 0) is (mode is FleetMode.FAST)
    assert answers[0] == answers[1]
