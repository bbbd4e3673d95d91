"""The fleets that are deployed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ecr_constructs import MutableTags, expire_untagged, keep_last
from ecr_constructs.model.fleet.principals import FleetPrincipal, FleetTrust
from ecr_constructs.model.fleet.values import (
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetRepository,
    FleetRole,
)


@dataclass(frozen=True)
class Place:
    """An environment of the manifest, by its name there."""

    name: str
    account: str
    region: str


WEST = Place("west", "111111111111", "eu-west-1")
CENTRAL = Place("central", "333333333333", "eu-central-1")
KINDS = ("service", "web", "cache")


def names(count: int) -> list[str]:
    """Names of the entries."""
    return [f"{KINDS[number % 3]}/n-{number:03d}" for number in range(count)]


def fleet(entries: Iterable[str], *places: Place, shards: int = 3) -> Fleet:
    """Entries of three kinds, with roles, in each of the environments."""
    return Fleet(
        repositories=tuple(
            FleetRepository(
                name=name,
                kind=name.partition("/")[0],
                tags={"number": name[-3:]} if name.endswith("0") else None,
                push=("runner",) if name.endswith("5") else None,
            )
            for name in entries
        ),
        groups={"shop": FleetGroup(shards=shards)},
        principals={"reader": FleetPrincipal.account("222222222222")},
        roles={
            "runner": FleetRole(
                group="shop", trust=FleetTrust.of_service("ecs-tasks.amazonaws.com")
            )
        },
        kinds={
            "service": FleetKind(
                group="shop",
                pull=("reader",),
                lifecycle=(keep_last(30, tags="v*"), expire_untagged(after_days=7)),
                tags={"team": "shop"},
            ),
            "web": FleetKind(group="shop", mutable_tags=MutableTags.only("latest")),
            "cache": FleetKind(
                group="shop", mutable_tags=MutableTags.all(), scan_on_push=False, lifecycle=()
            ),
        },
        environments={
            place.name: FleetEnvironment(account=place.account, region=place.region)
            for place in places
        },
    )
