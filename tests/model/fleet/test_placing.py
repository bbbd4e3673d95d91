"""Where a repository stands follows from its own entry, whatever happens to the others."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs import Fleet, FleetEnvironment, FleetGroup, FleetRepository
from ecr_constructs.model.fleet.meaning.properties import RepositoryResources
from ecr_constructs.model.fleet.placing import (
    repository_logical_id,
    role_logical_id,
    shard_of,
    shards_of,
    stack_id,
)
from tests.model.fleet.fleets import NAMES, fleets


def _places(fleet):
    """Name to stack, logical id and resource."""
    resources = RepositoryResources(fleet, FleetEnvironment())
    return {
        entry.name: (stack, repository_logical_id(entry.name), resources.resource(entry))
        for stack, shard in shards_of(fleet).items()
        for entry in shard.repositories
    }


@settings(max_examples=60)
@given(fleets(), st.data())
def test_inserting_removing_and_reordering_others_moves_and_changes_nothing(fleet, data):
    before = _places(fleet)
    listed = list(fleet.repositories)
    kept = data.draw(st.lists(st.sampled_from(listed), unique_by=id)) if listed else []
    group = next(iter(fleet.groups))
    added = [
        FleetRepository(name=name, group=group, tags={"new": "yes"})
        for name in data.draw(st.lists(NAMES, max_size=4, unique=True))
        if name not in before
    ]
    edited = Fleet(
        repositories=tuple(data.draw(st.permutations([*kept, *added]))),
        groups={**fleet.groups, "another": FleetGroup(shards=3)},
        kinds=fleet.kinds,
        principals=fleet.principals,
        roles=fleet.roles,
        environments=fleet.environments,
    )
    after = _places(edited)
    assert {entry.name: after[entry.name] for entry in kept} == {
        entry.name: before[entry.name] for entry in kept
    }


@settings(max_examples=40)
@given(fleets(), st.randoms())
def test_the_order_of_the_manifest_is_in_no_stack(fleet, chance):
    listed = list(fleet.repositories)
    chance.shuffle(listed)
    shuffled = Fleet(
        repositories=tuple(listed),
        groups=fleet.groups,
        kinds=fleet.kinds,
        principals=fleet.principals,
        roles=fleet.roles,
        environments=fleet.environments,
    )
    assert shards_of(shuffled) == shards_of(fleet)


def test_shards_are_what_they_were_when_fleets_were_first_deployed() -> None:
    # These are deployed: another answer would move repositories between stacks.
    assert [shard_of(name, 7) for name in ("shop/api", "shop/web", "a1", "team/x--y")] == [
        2, 6, 1, 4,
    ]  # fmt: skip
    assert repository_logical_id("shop/api--v2.x") == "RepositoryShopApiV2XFAD6BC14"
    assert role_logical_id("ci-runner") == "RoleCiRunner493C205D"
    assert stack_id("shop", 3) == "shop-3"


@given(st.lists(NAMES, unique=True, max_size=40))
def test_no_two_names_have_one_logical_id(names):
    assert len({repository_logical_id(name) for name in names}) == len(names)


@given(st.text("abz09./_-", min_size=1, max_size=256))
def test_a_logical_id_is_one_that_cloudformation_takes(name):
    found = repository_logical_id(name)
    assert found.isalnum()
    assert found.isascii()
    assert len(found) <= 255


def test_shards_are_about_equally_full() -> None:
    found = Counter(shard_of(f"team-{number % 50}/service-{number}", 10) for number in range(3000))
    assert sorted(found) == list(range(1, 11))
    assert max(found.values()) < 2 * min(found.values())
