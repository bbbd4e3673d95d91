"""Compares what a caller may do, action by action and image by image, with what it should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from .callers import TOKEN, Caller
from .deployment import Deployment
from .operations import Target
from .roads import ALL_ROADS, Roads, open_roads

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expected:
    """A caller, the actions that it should have on the repository, and whether it can log in.

    With *tried* it is somebody beside whom the grant was made for: then only what the grant gives
    is tried, for a policy that has other actions would be seen with whom it was made for.
    """

    caller: Caller
    gives: frozenset[str]
    token: bool
    tried: frozenset[str] | None = None


def faults(deployment: Deployment, expected: Expected, target: Target) -> list[str]:
    """A line for each thing that the caller can do too much or too little."""
    found = _faults_on(deployment, expected, target)
    return [f"{expected.caller.name}: {fault}" for fault in found]


def _faults_on(deployment: Deployment, expected: Expected, target: Target) -> Iterator[str]:
    caller, tried = expected.caller, expected.tried
    if tried is None:
        token = frozenset({TOKEN}) if caller.gets_token() else NOTHING
        wanted_token = frozenset({TOKEN}) if expected.token else NOTHING
        yield from _differences("the account", "action", token, wanted_token)
    wanted = open_roads(expected.gives, token=expected.token)
    roads = Roads(caller, deployment.stock(target)).open_among(_roads_tried(tried))
    yield from _differences("the repository", "road", roads, wanted)
    removes = "ecr:DeleteRepositoryPolicy" in expected.gives
    with deployment.policy_kept(target) if removes else nullcontext():
        yield from _differences(
            "the repository", "action", caller.may(target, tried), expected.gives
        )
    if tried is None:
        elsewhere = deployment.elsewhere
        found = caller.may(elsewhere, expected.gives)
        yield from _differences("another repository", "action", found, NOTHING)
        stock = deployment.stock(elsewhere)
        roads = Roads(caller, stock).open_among(_roads_tried(expected.gives))
        yield from _differences("another repository", "road", roads, NOTHING)


def _roads_tried(tried: frozenset[str] | None) -> frozenset[str]:
    return ALL_ROADS if tried is None else open_roads(tried, token=True)


def _differences(
    where: str, what: str, found: frozenset[str], wanted: frozenset[str]
) -> Iterator[str]:
    if found - wanted:
        yield f"too much on {where}: {what} {', '.join(sorted(found - wanted))}"
    if wanted - found:
        yield f"too little on {where}: {what} {', '.join(sorted(wanted - found))}"
