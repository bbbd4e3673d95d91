"""Which stacks the `cdk` command takes: what the page of the fleet says of it."""

from __future__ import annotations

from pathlib import Path

from embedded_aws import EmbeddedAws

from .fleets import CENTRAL, WEST, fleet, names
from .project import Project


def listed(output: str) -> list[str]:
    """The paths of the stacks that `cdk ls` lists."""
    return sorted(line.partition(" (")[0] for line in output.split("\n") if " (" in line)


def test_stages_are_taken_by_a_pattern_alone(embedded_aws: EmbeddedAws, tmp_path: Path) -> None:
    project = Project(tmp_path, WEST.account)
    assembly = project.synthesize("stages", fleet(names(2), WEST, CENTRAL, shards=1))
    run = project.runner(embedded_aws, assembly)
    assert listed(run("ls", "central/**").output) == ["central/Fleet/shop-1"]
    refused = run("deploy", "--all")
    assert refused.code != 0
    assert "No stack found in the main cloud assembly" in refused.output
    # Nothing is deployed, and yet: no difference.
    nothing = run("diff", "--fail")
    assert nothing.code == 0
    assert "Number of stacks with differences: 0" in nothing.output
