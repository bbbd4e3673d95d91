"""What a registry no longer copies: against what it copies, name by name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.registry.changes import (
    check_cache_rule_change,
    check_replication_change,
)
from ecr_constructs.model.registry.effective.replication import (
    Destination,
    ReplicationSetting,
    replicates_to,
)

NAMES = ["a", "ab", "abc", "b", "ba"]
DESTINATIONS = st.sampled_from(["eu-west-1", "us-east-1"]).map(
    lambda region: Destination(region=region, registry="111111111111")
)
RULES = st.lists(
    st.builds(
        ReplicationSetting,
        destinations=st.lists(DESTINATIONS, min_size=1, max_size=2, unique=True).map(tuple),
        filters=st.lists(st.sampled_from(["a", "ab", "b"]), max_size=2).map(tuple),
    ),
    max_size=3,
)
PROPERTIES = st.fixed_dictionaries(
    {"EcrRepositoryPrefix": st.sampled_from(["quay", "hub", "${P}"])},
    optional={"UpstreamRegistryUrl": st.sampled_from(["q", "${U}"])},
)


@given(RULES, RULES)
def test_what_a_name_loses_is_found(old, new):
    found = list(check_replication_change(old, new))
    for name in NAMES:
        lost = set(replicates_to(old, name)) - set(replicates_to(new, name))
        for each in lost:
            assert any(each.region in finding.message for finding in found)


@given(RULES)
def test_rules_in_another_order_copy_the_same(rules):
    assert list(check_replication_change(rules, rules[::-1])) == []


@given(PROPERTIES, PROPERTIES)
def test_a_cache_rule_is_replaced_where_it_surely_differs(old, new):
    pairs = [(old.get(name), new.get(name)) for name in {**old, **new}]
    # What is known at deployment may be the same, but nothing is never something.
    differs = any(
        one != other and (None in (one, other) or not any("$" in each for each in (one, other)))
        for one, other in pairs
    )
    assert len(list(check_cache_rule_change(old, new))) == int(differs)
