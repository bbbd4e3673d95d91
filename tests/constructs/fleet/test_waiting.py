"""Which stacks wait for which does not depend on what of a fleet is a construct."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct

from ecr_constructs import FleetMode, RepositoryFleet

from .test_beginning import ACCOUNT, both, shop

VERSION = tuple(int(part) for part in metadata.version("aws-cdk-lib").split(".")[:2])


def bucket(app: cdk.App) -> cdk.CfnResource:
    return cdk.CfnResource(cdk.Stack(app, "FleetUser", env=ACCOUNT), "B", type="AWS::S3::Bucket")


def wait_for_the_fleet(app: cdk.App, fleet: RepositoryFleet) -> None:
    bucket(app).node.add_dependency(fleet)


def let_the_fleet_wait(app: cdk.App, fleet: RepositoryFleet) -> None:
    fleet.node.add_dependency(bucket(app))


def let_each_stack_wait(app: cdk.App, fleet: RepositoryFleet) -> None:
    base = bucket(app)
    for each in app.node.find_all():
        if isinstance(each, cdk.Stack) and each is not base.stack:
            each.node.add_dependency(base)


def wait_for_the_app(app: cdk.App, fleet: RepositoryFleet) -> None:
    if VERSION >= (2, 274):
        pytest.skip("from 2.274 on aws-cdk-lib lets no construct wait for the app that it is in")
    bucket(app).node.add_dependency(app)


def let_the_app_wait(app: cdk.App, fleet: RepositoryFleet) -> None:
    app.node.add_dependency(bucket(app))


WAITING = [
    wait_for_the_fleet,
    let_the_fleet_wait,
    let_each_stack_wait,
    wait_for_the_app,
    let_the_app_wait,
]


@pytest.mark.parametrize("act", WAITING)
def test_stacks_that_wait(tmp_path, act):
    _, waits = both(tmp_path, act)
    # CDK asks for the resources of a stack, and an older one for those of stacks below, too.
    assert sum(map(len, waits.values())) in ((3,) if act is let_each_stack_wait else (0, 3))


def test_a_construct_around_the_fleet_that_is_waited_for(tmp_path):
    def waits(mode: FleetMode) -> Any:
        app = cdk.App(outdir=str(tmp_path / mode.name))
        around = Construct(app, "Around")
        RepositoryFleet(around, "Fleet", manifest=shop(), env=ACCOUNT, mode=mode)
        bucket(app).node.add_dependency(around)
        return [sorted(each.id for each in one.dependencies) for one in app.synth().stacks]

    assert waits(FleetMode.FAST) == waits(FleetMode.FULL_TREE)
