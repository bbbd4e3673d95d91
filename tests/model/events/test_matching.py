"""Matching, against the words of the page and against another matcher of event patterns."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.services import eventbridge

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.events.matching import matches
from ecr_constructs.model.events.patterns import pattern_of
from ecr_constructs.model.events.selections import ImageEvent, ScanFindings, selections_of
from ecr_constructs.model.events.severity import FindingSeverity

from ...events.examples import NAMES, changed, event
from .subscribed import where


def other(pattern, envelope):
    """What the emulator of EventBridge says."""
    return eventbridge._matches_pattern(
        json.dumps(pattern),
        {
            "EventId": envelope.get("id", ""),
            "Source": envelope["source"],
            "DetailType": envelope["detail-type"],
            "Account": envelope["account"],
            "Region": envelope["region"],
            "Resources": envelope["resources"],
            "Time": 0,
            "Detail": json.dumps(envelope["detail"]),
        },
    )


EVENT = {
    "source": "aws.ecr",
    "detail-type": "ECR Image Action",
    "account": "123456789012",
    "region": "eu-west-1",
    "resources": [],
}
TEXTS = st.sampled_from(["", "a", "ab", "abc", "b", "shop/api"])
NUMBERS = st.sampled_from([-1, 0, 1, 1.5, 10])
LEAVES = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
NAMES_OF_FIELDS = st.sampled_from(["x", "y", "z"])
DETAILS = st.recursive(
    st.dictionaries(NAMES_OF_FIELDS, st.one_of(LEAVES, st.lists(LEAVES, max_size=3)), max_size=3),
    lambda inner: st.dictionaries(NAMES_OF_FIELDS, inner, max_size=2),
    max_leaves=4,
)
RULES = st.one_of(
    TEXTS,
    NUMBERS,
    st.booleans(),
    st.none(),
    st.builds(lambda text: {"prefix": text}, TEXTS),
    st.builds(lambda text: {"suffix": text}, TEXTS),
    st.builds(lambda flag: {"exists": flag}, st.booleans()),
    st.builds(lambda texts: {"anything-but": texts}, st.lists(TEXTS, min_size=1, max_size=2)),
    st.builds(
        lambda comparison, bound: {"numeric": [comparison, bound]},
        st.sampled_from(["<", "<=", ">", ">=", "="]),
        NUMBERS,
    ),
)
VALUES = st.lists(RULES, min_size=1, max_size=2)
PATTERNS = st.recursive(
    st.dictionaries(NAMES_OF_FIELDS, VALUES, min_size=1, max_size=2),
    lambda inner: st.dictionaries(NAMES_OF_FIELDS, inner, min_size=1, max_size=2),
    max_leaves=3,
)


@given(DETAILS, PATTERNS)
def test_two_matchers_agree(detail, pattern):
    given_event = {**EVENT, "detail": detail}
    asked = {"source": ["aws.ecr"], "detail": pattern}
    assert matches(asked, given_event) is other(asked, given_event)


@given(DETAILS, st.lists(PATTERNS, min_size=2, max_size=3))
def test_or_is_one_of_them(detail, patterns):
    given_event = {**EVENT, "detail": detail}
    alone = [matches({"detail": pattern}, given_event) for pattern in patterns]
    assert matches({"detail": {"$or": patterns}}, given_event) is any(alone)


@given(
    st.sampled_from(NAMES),
    st.sampled_from([*ImageEvent, *(ScanFindings(at_least=one) for one in FindingSeverity)]),
    st.booleans(),
    st.sampled_from([(), ("my-repository-name",), ("ubuntu", "repository-3")]),
    st.sampled_from([(), ("docker-hub/",), ("amazon/", "my")]),
    st.dictionaries(
        st.sampled_from(["CRITICAL", "HIGH", "MEDIUM", "LOW", "TOTAL"]), st.integers(0, 2)
    ),
)
def test_they_agree_on_every_subscription_and_recorded_event(
    name, subscribed, counted, names, prefixes, counts
):
    recorded = event(name)
    if counted:
        recorded = changed(recorded, "detail.finding-severity-counts", counts)
    repositories = where(recorded, names=names, prefixes=prefixes)
    for selection in selections_of(subscribed):
        pattern = pattern_of(selection, repositories)
        assert matches(pattern, recorded) is other(pattern, recorded), selection


def test_entries_of_a_list_are_kept_apart():
    listed = {**EVENT, "detail": {"x": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}}
    assert matches({"detail": {"x": {"a": [1], "b": [2]}}}, listed)
    assert not matches({"detail": {"x": {"a": [1], "b": [4]}}}, listed)


def test_an_operator_that_is_not_known_is_said():
    with pytest.raises(InvalidInputError, match="wildcard") as caught:
        matches({"source": [{"wildcard": "aws.*"}]}, EVENT)
    assert caught.value.code == "event-operator-unknown"
    assert caught.value.given == {"wildcard": "aws.*"}
