"""Grants to principals of the repository's own account, decided by a deployed IAM."""

from __future__ import annotations

import pytest

from .accounts import World
from .deployment import Deployment
from .grants import GRANTS, Grant
from .judgement import faults
from .kinds import Kind, deployed
from .kinds_inside import INSIDE


@pytest.fixture(scope="module")
def deployment(world: World, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return deployed("Inside", INSIDE, world, tmp_path_factory.mktemp("cdk.out"))


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.method)
@pytest.mark.parametrize("kind", INSIDE, ids=lambda kind: kind.name.replace(" ", "-"))
def test_a_grant_gives_what_it_says_and_nothing_more(
    deployment: Deployment, kind: Kind, grant: Grant
) -> None:
    target = deployment.target(kind.name, grant.method)
    found = [
        fault
        for expected in kind.expected(deployment, grant)
        for fault in faults(deployment, expected, target)
    ]
    assert not found, "\n".join(found)
