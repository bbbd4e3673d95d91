"""Two environments deployed, the server killed in the middle and started again.

The environments are two accounts and two Regions; the deploy has the credentials of the one, which
the other trusts. When the kill comes, the first environment is made and a stack of the second in
part. What AWS had taken stays, as it would; the second deploy finishes the rest, and nothing is
lost, made anew or there twice.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TypeVar

import pytest

from .fleets import CENTRAL, WEST, Place, fleet, names
from .lasting import lasting_aws, on_disk
from .project import Project, repositories_of, resources_of
from .standing import asked, held_by_stacks, made_at, standing

COUNT = 24
SHARDS = 2
MIDDLE = COUNT + 6
SECONDS = 120.0
V = TypeVar("V")
PATIENCE = 1.0
PLACES = (WEST, CENTRAL)
ELSEWHERE = (
    Place("", WEST.account, CENTRAL.region),
    Place("", CENTRAL.account, WEST.region),
)


def test_the_server_dies_in_the_middle_of_two_environments(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", WEST.account)
    directory = tmp_path / "aws"
    assembly = project.synthesize("fleet", fleet(names(COUNT), *PLACES, shards=SHARDS))
    wanted = {
        stack: repositories_of(resources) for stack, resources in resources_of(assembly).items()
    }
    with lasting_aws(directory) as (aws, process):
        project.bootstrap(aws, assembly, *PLACES)
        deploying = project.begin_deploy(aws, assembly)
        wait_for_the_middle(deploying, directory)
        process.kill()
        try:
            assert deploying.wait(timeout=PATIENCE) != 0
        except subprocess.TimeoutExpired:
            # The command asks again and again; its user does not wait so long.
            deploying.kill()
            deploying.wait()
    before = kept(directory)
    made = {
        stack: len(repositories.keys() & before[place].keys())
        for stack, repositories in wanted.items()
        for place in PLACES
        if stack.startswith(place.name)
    }
    assert any(0 < made[stack] < len(wanted[stack]) for stack in wanted), made
    assert len(before[WEST]) == COUNT
    with lasting_aws(directory) as (aws, _):
        finished = project.deploy(aws, assembly)
        assert finished.code == 0, finished.output
        for place in PLACES:
            expected = {
                name: asked(properties)
                for stack, repositories in wanted.items()
                if stack.startswith(place.name)
                for name, properties in repositories.items()
            }
            assert len(expected) == COUNT
            assert of_fleet(standing(aws, place)) == expected
            stacks = [stack for stack in wanted if stack.startswith(place.name)]
            assert sorted(held_by_stacks(aws, place, stacks)) == sorted(expected)
            # What stood before the kill was not made anew.
            after = made_at(aws, place)
            same = {name: after[name] for name in before[place]}
            assert same == pytest.approx(before[place], rel=0, abs=0.001)
        for place in ELSEWHERE:
            assert not made_at(aws, place)


def wait_for_the_middle(deploying: subprocess.Popen[bytes], directory: Path) -> None:
    """Wait until so many repositories are made and kept."""
    deadline = time.monotonic() + SECONDS
    while sum(map(len, kept(directory).values())) < MIDDLE:
        assert deploying.poll() is None, "the deploy ended before its middle"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kept(directory: Path) -> dict[Place, dict[str, float]]:
    """When each repository was made that the state on disk has, by its environment."""
    registries = {(name.account, name.region): each for name, each in on_disk(directory).items()}
    return {
        place: of_fleet(
            {
                name: repository.created_at
                for name, repository in registries[place.account, place.region].repositories.items()
            }
        )
        for place in PLACES
        if (place.account, place.region) in registries
    }


def of_fleet(found: dict[str, V]) -> dict[str, V]:
    """Without the repository that the bootstrap stack has."""
    return {name: value for name, value in found.items() if "/n-" in name}
