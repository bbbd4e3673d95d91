"""What holds for every registry and every name."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_constructs.model.registry.effective import (
    REGISTRY_TYPES,
    ScanFrequency,
    Via,
    effective,
    read_configuration,
)

from .settings import cache_rule, holds, replication, scanning, signing, template

MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
# Few letters, so that names and filters meet.
WORDS = st.sampled_from(["a", "b", "ab", "ba"])
NAMES = st.lists(WORDS, min_size=1, max_size=4).map("/".join)
PREFIXES = NAMES | st.just("ROOT")
FILTERS = st.text(alphabet="ab/*", min_size=1, max_size=6)
USES = st.none() | st.sampled_from(list(Via))
KEYS = st.sampled_from(
    [
        "AppliedFor",
        "Destinations",
        "EcrRepositoryPrefix",
        "Filter",
        "Prefix",
        "Region",
        "ReplicationConfiguration",
        "RepositoryFilters",
        "Rules",
        "ScanFrequency",
        "ScanType",
        "SigningProfileArn",
        "UpstreamRepositoryPrefix",
    ]
)
HOSTILE = st.recursive(
    st.sampled_from([None, True, 7, "", "a*", "ROOT", "BASIC"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


def globbed(pattern, name):
    """Said with the standard library: none of the letters means anything to it but the star."""
    return fnmatchcase(name, pattern)


@MANY
@given(NAMES, st.lists(FILTERS, min_size=1, max_size=3))
def test_basic_scanning(name, patterns):
    wanted = any(globbed(text, name) if "*" in text else text in name for text in patterns)
    frequency = holds(name, scanning("BASIC", on_push=patterns)).scan.frequency
    assert frequency is (ScanFrequency.SCAN_ON_PUSH if wanted else ScanFrequency.MANUAL)


@MANY
@given(NAMES, st.lists(FILTERS, min_size=1, max_size=3), st.lists(FILTERS, max_size=3))
def test_adding_a_filter_never_takes_a_scan_away(name, patterns, more):
    ranks = [ScanFrequency.OFF, ScanFrequency.SCAN_ON_PUSH, ScanFrequency.CONTINUOUS_SCAN]
    few = holds(name, scanning("ENHANCED", on_push=patterns)).scan.frequency
    many = holds(name, scanning("ENHANCED", on_push=patterns, continuous=more)).scan.frequency
    assert ranks.index(many) >= ranks.index(few)


@MANY
@given(NAMES, st.lists(st.tuples(st.integers(1, 3), st.none() | st.lists(FILTERS, max_size=2))))
def test_replication_is_the_union_of_its_rules(name, rules):
    written = [
        ([(f"{number:012}", "eu-west-1")], patterns and [text.strip("*") for text in patterns])
        for number, patterns in rules
    ]
    together = holds(name, replication(*written)).replicates_to
    apart = [each for rule in written for each in holds(name, replication(rule)).replicates_to]
    assert together == tuple(dict.fromkeys(apart))


@MANY
@given(NAMES, st.lists(PREFIXES, max_size=5, unique=True), USES)
def test_a_template_is_the_longest_that_takes_the_name(name, prefixes, use):
    answer = holds(name, *(template(prefix) for prefix in prefixes), via=use)
    taking = [prefix for prefix in prefixes if prefix != "ROOT" and name.startswith(prefix + "/")]
    expected = max(taking, key=len, default="ROOT" if "ROOT" in prefixes else None)
    assert (answer.creation_template and answer.creation_template.prefix) == expected


@MANY
@given(NAMES, st.lists(PREFIXES, max_size=5, unique=True), st.none() | PREFIXES)
def test_an_upstream_repository_is_a_name_again(name, prefixes, upstream):
    rules = [cache_rule(prefix, upstream_prefix=upstream) for prefix in prefixes]
    found = holds(name, *rules).cache_rule
    if found is None:
        return
    own = "" if found.prefix == "ROOT" else found.prefix + "/"
    theirs = "" if upstream in (None, "ROOT") else upstream + "/"
    assert own + found.upstream_repository.removeprefix(theirs) == name
    assert re.fullmatch(r"[ab]+(?:/[ab]+)*", found.upstream_repository)


@MANY
@given(NAMES, st.lists(st.tuples(st.sampled_from("xyz"), st.none() | st.lists(FILTERS))))
def test_signing(name, rules):
    wanted = [
        profile
        for profile, patterns in rules
        if patterns is None or any(globbed(text, name) for text in patterns)
    ]
    found = [arn.rpartition("/")[2] for arn in holds(name, signing(*rules)).signing_profiles]
    assert found == list(dict.fromkeys(wanted))


@MANY
@given(
    st.lists(
        st.tuples(st.sampled_from(REGISTRY_TYPES), st.dictionaries(KEYS, HOSTILE, max_size=6)),
        max_size=4,
    ),
    NAMES,
    USES,
)
def test_any_template_has_an_answer(resources, name, use):
    answer = effective(read_configuration(resources), name, via=use)
    assert answer.repository == name
    assert all(isinstance(said, str) for said in answer.notes)
