"""Five hundred repositories by the real `cdk deploy`: read back, and touched one by one."""

from __future__ import annotations

import re
from pathlib import Path

from embedded_aws import EmbeddedAws

from .fleets import WEST, fleet, names
from .project import Project, logical_id, repositories_of, resources_of
from .standing import asked, held_by_stacks, made_at, standing

COUNT = 500


def test_five_hundred_repositories(embedded_aws: EmbeddedAws, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", WEST.account, stages=False)
    entries = names(COUNT)
    first = project.synthesize("first", fleet(entries, WEST))
    project.bootstrap(embedded_aws, first, WEST)
    deployed = project.deploy(embedded_aws, first)
    assert deployed.code == 0, deployed.output

    there = standing(embedded_aws, WEST)
    wanted = {
        name: asked(properties)
        for resources in resources_of(first).values()
        for name, properties in repositories_of(resources).items()
    }
    assert len(wanted) == COUNT
    differing = {
        name: (there.get(name), properties)
        for name, properties in wanted.items()
        if there.get(name) != properties
    }
    assert not differing, next(iter(differing.items()))
    unchanged = project.diff(embedded_aws, first)
    assert unchanged.code == 0, unchanged.output

    # One more in the middle, one less, and all in another order.
    before = made_at(embedded_aws, WEST)
    gone, new = entries[77], "service/n-new"
    later = [name for name in reversed(entries) if name != gone]
    later.insert(100, new)
    second = project.synthesize("second", fleet(later, WEST))
    changes = project.diff(embedded_aws, second)
    assert changes.code == 1
    touched = set(re.findall(r"\[([+~-])\] AWS::ECR::Repository \S+ (\w+)", changes.output))
    assert touched == {("+", logical_id(new)), ("-", logical_id(gone))}
    again = project.deploy(embedded_aws, second)
    assert again.code == 0, again.output

    after = made_at(embedded_aws, WEST)
    assert after.pop(new)
    # Retained: what left the manifest stays, and nothing else was made anew.
    assert after == before
    assert sorted(held_by_stacks(embedded_aws, WEST, resources_of(second))) == sorted(later)
