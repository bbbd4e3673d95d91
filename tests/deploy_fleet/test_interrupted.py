"""Two environments deployed, the server killed in the middle and started again.

What AWS had taken stays, as it would; the second deploy finishes the rest, and nothing is there
twice or in part.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from embedded_aws import EmbeddedAws

from .fleets import CENTRAL, OWNER, WEST, fleet, names
from .lasting import lasting_aws
from .project import Project, repositories_of, resources_of
from .standing import asked, made_at, standing

COUNT = 24
SECONDS = 120.0
PATIENCE = 3.0


def test_the_server_dies_between_two_environments(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", OWNER)
    place = tmp_path / "aws"
    with lasting_aws(place) as (aws, process):
        assembly = project.synthesize("fleet", fleet(names(COUNT), WEST, CENTRAL, shards=1))
        project.bootstrap(aws, assembly, WEST, CENTRAL)
        deploying = project.begin_deploy(aws, assembly)
        wait_for_the_middle(deploying, place)
        process.kill()
        try:
            assert deploying.wait(timeout=PATIENCE) != 0
        except subprocess.TimeoutExpired:
            # The command asks again and again; its user does not wait so long.
            deploying.kill()
            deploying.wait()
    wanted = {
        stack: repositories_of(resources) for stack, resources in resources_of(assembly).items()
    }
    with lasting_aws(place) as (aws, _):
        before = {region: made(aws, region) for region in (WEST, CENTRAL)}
        there = sum(len(found) for found in before.values())
        assert 0 < there < 2 * COUNT, "the kill came too early or too late to be in the middle"
        finished = project.deploy(aws, assembly)
        assert finished.code == 0, finished.output
        for region in (WEST, CENTRAL):
            everything = standing(aws, OWNER, region)
            found = {name: entry for name, entry in everything.items() if "/n-" in name}
            expected = {
                name: asked(properties)
                for stack, repositories in wanted.items()
                if stack.startswith(region)
                for name, properties in repositories.items()
            }
            assert len(expected) == COUNT
            assert found == expected
            # What stood before the kill was not made anew.
            assert before[region].items() <= made(aws, region).items()


def wait_for_the_middle(deploying: subprocess.Popen[bytes], place: Path) -> None:
    """Wait until the first repositories are made and kept."""
    saved = place / "state" / "registries.pickle"
    deadline = time.monotonic() + SECONDS
    while b"/n-0" not in saved.read_bytes():
        assert deploying.poll() is None, "the deploy ended before its middle"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def made(aws: EmbeddedAws, region: str) -> dict[str, object]:
    """The repositories of the fleet; the bootstrap stack has one of its own."""
    found = made_at(aws, OWNER, region)
    return {name: when for name, when in found.items() if "/n-" in name}
