"""Inserting, removing and reordering entries moves nothing, in the templates themselves."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ecr_constructs import (
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetMode,
    FleetRepository,
    FleetStage,
    keep_last,
)

from .fleets import written

GROUPS = {"shop": FleetGroup(shards=4), "tools": FleetGroup(shards=2), "spare": FleetGroup()}
KINDS = {
    "service": FleetKind(group="shop", lifecycle=(keep_last(9, tags="v*"),)),
    "tool": FleetKind(group="tools"),
}
entries = st.builds(
    FleetRepository,
    name=st.from_regex(r"[a-z]{1,3}/[a-z0-9]{1,4}", fullmatch=True),
    kind=st.sampled_from(sorted(KINDS)),
    tags=st.one_of(st.none(), st.just({"team": "x"})),
)
fleets = st.lists(entries, min_size=1, max_size=25, unique_by=lambda entry: entry.name)


def placed(listed: list[FleetRepository]) -> dict[str, tuple[str, str, Any]]:
    """Stack, logical id and resource of every repository, as the templates have them."""
    fleet = Fleet(repositories=tuple(listed), groups=GROUPS, kinds=KINDS)
    with tempfile.TemporaryDirectory() as place:
        texts = written(FleetMode.FAST, Path(place), fleet=fleet)
    return {
        resource["Properties"]["RepositoryName"]: (file, logical_id, resource)
        for file, text in texts.items()
        for logical_id, resource in json.loads(text).get("Resources", {}).items()
    }


@given(fleets, entries, st.randoms(use_true_random=False))
@settings(
    max_examples=8,
    # Shrinking would synthesize for minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_random_edits(listed, new, random):
    before = placed(listed)
    assert len(before) == len(listed)
    edited = [entry for entry in listed if random.random() < 0.7]
    random.shuffle(edited)
    if new.name not in before:
        edited.insert(random.randrange(len(edited) + 1), new)
    after = placed(edited)
    assert len(after) == len(edited)
    for entry in edited:
        if entry is not new:
            assert after[entry.name] == before[entry.name]


def test_stack_names_are_readable_and_by_path(app):
    fleet = Fleet(
        repositories=(FleetRepository(name="a/b", kind="tool"),),
        groups=GROUPS,
        kinds=KINDS,
        environments={"prod": FleetEnvironment(account="111111111111", region="eu-west-1")},
    )
    (stage,) = FleetStage.for_environments(app, manifest=fleet)
    names = {name: stack.stack_name for name, stack in stage.fleet.stacks.items()}
    assert names["shop-4"] == "prod-Fleet-shop-4"
    assert len(names) == 7
    assert cdk.Stage.of(stage.fleet) is stage
