"""Two environments deployed, the server killed in the middle and started again.

What AWS had taken stays, as it would; the second deploy finishes the rest, and nothing is there
twice or in part.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError

from embedded_aws import Credentials, EmbeddedAws

from .fleets import CENTRAL, OWNER, WEST, fleet, names
from .lasting import lasting_aws
from .project import Project, repositories_of, resources_of
from .standing import asked, made_at, standing

COUNT = 60
SECONDS = 120.0


def test_the_server_dies_between_two_environments(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", OWNER)
    place = tmp_path / "aws"
    with lasting_aws(place) as (aws, process):
        assembly = project.synthesize(aws, "fleet", fleet(names(COUNT), WEST, CENTRAL, shards=2))
        project.bootstrap(aws, assembly, WEST, CENTRAL)
        killer = threading.Thread(target=kill_in_the_middle, args=(aws, process.pid, place))
        killer.start()
        broken = project.deploy(aws, assembly)
        killer.join()
        assert broken.code != 0, broken.output
    wanted = {
        stack: repositories_of(resources) for stack, resources in resources_of(assembly).items()
    }
    with lasting_aws(place) as (aws, _):
        before = {region: made_at(aws, OWNER, region) for region in (WEST, CENTRAL)}
        there = sum(len(found) for found in before.values())
        assert 0 < there < 2 * COUNT, "the kill came too early or too late to be in the middle"
        finished = project.deploy(aws, assembly)
        assert finished.code == 0, finished.output
        for region in (WEST, CENTRAL):
            found = standing(aws, OWNER, region)
            expected = {
                name: asked(properties)
                for stack, repositories in wanted.items()
                if stack.startswith(region)
                for name, properties in repositories.items()
            }
            assert len(expected) == COUNT
            assert found == expected
            # What stood before the kill was not made anew.
            assert before[region].items() <= made_at(aws, OWNER, region).items()
        assert project.diff(aws, assembly).code == 0


def kill_in_the_middle(aws: EmbeddedAws, pid: int, place: Path) -> None:
    """Kill the server once a stack is complete that was saved, and others are not."""
    clients = [
        aws.client("cloudformation", Credentials.root(OWNER), region=region)
        for region in (WEST, CENTRAL)
    ]
    saved = place / "state" / "registries.pickle"
    deadline = time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            states = [
                stack["StackStatus"]
                for client in clients
                for stack in client.describe_stacks()["Stacks"]
                if stack["StackName"] != "CDKToolkit"
            ]
            if "CREATE_COMPLETE" in states and b"/n-0" in saved.read_bytes():
                break
            time.sleep(0.02)
    except (BotoCoreError, OSError):
        pass
    os.kill(pid, signal.SIGKILL)
