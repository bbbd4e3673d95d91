"""Fleets of a few entries that differ in everything in which entries can differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from ecr_constructs import (
    Encryption,
    FleetMode,
    MutableTags,
    Removal,
    RepositoryFleet,
    expire_untagged,
    keep_last,
)
from ecr_constructs.model.fleet.principals import FleetPrincipal, FleetTrust
from ecr_constructs.model.fleet.values import (
    Fleet,
    FleetGroup,
    FleetKind,
    FleetRepository,
    FleetRole,
)
from ecr_constructs.model.roles.oidc.github import GitHubRuns

READER = FleetPrincipal.account("222222222222")
NIGHTLY = Removal.delete_with_images(reason="rebuilt every night")


def varied(count: int = 24) -> Fleet:
    """Two groups, three kinds, own tags here and there, and roles."""
    return Fleet(
        repositories=tuple(_entry(number) for number in range(count)),
        groups={"shop": FleetGroup(shards=2), "tools": FleetGroup()},
        kinds={
            "service": FleetKind(
                group="shop",
                pull=(READER, "runner"),
                push=("ci",),
                lifecycle=(keep_last(9, tags="v*"), expire_untagged(after_days=3)),
            ),
            "web": FleetKind(
                group="shop", mutable_tags=MutableTags.only("latest"), removal=NIGHTLY
            ),
            "tool": FleetKind(group="tools", encryption=Encryption.KMS, pull=("runner",)),
        },
        roles={
            "runner": FleetRole(
                group="tools", trust=FleetTrust.of_service("ecs-tasks.amazonaws.com")
            ),
            "ci": FleetRole(
                group="shop",
                role_name="ci",
                trust=FleetTrust.of_github(GitHubRuns(owner="acme", project="shop", branch="main")),
            ),
        },
    )


def _entry(number: int) -> FleetRepository:
    return FleetRepository(
        name=f"{('shop', 'web', 'tools')[number % 3]}/n-{number}",
        kind=("service", "web", "tool")[number % 3],
        tags={"team": f"t{number % 8}"} if number % 4 == 0 else None,
        scan_on_push=False if number % 7 == 0 else None,
    )


def plain(count: int = 9) -> Fleet:
    """Entries that differ in nothing but their names."""
    return Fleet(
        repositories=tuple(
            FleetRepository(name=f"shop/n-{number}", group="shop") for number in range(count)
        ),
        groups={"shop": FleetGroup()},
    )


Touch = Callable[[cdk.App, cdk.Stage, RepositoryFleet], object]


def nothing(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
    """Leave the fleet as it is."""


def written(
    mode: FleetMode,
    outdir: Path,
    *,
    fleet: Fleet | None = None,
    touch: Touch = nothing,
    context: dict[str, Any] | None = None,
    stage_boundary: cdk.PermissionsBoundary | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Every template of a fleet in a Stage of an app, by file name."""
    app = cdk.App(outdir=str(outdir), context=context or {})
    stage = cdk.Stage(
        app,
        "prod",
        env=cdk.Environment(account="111111111111", region="eu-west-1"),
        permissions_boundary=stage_boundary,
    )
    made = RepositoryFleet(stage, "Fleet", manifest=fleet or varied(), mode=mode, **options)
    touch(app, stage, made)
    app.synth()
    return templates_in(outdir)


def templates_in(outdir: Path) -> dict[str, Any]:
    """The text of every template, by file name."""
    return {file.name: file.read_text() for file in sorted(outdir.rglob("*.template.json"))}
