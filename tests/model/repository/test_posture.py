"""What a repository may lose: the decisions, on every combination of what a template says."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.consumers.pulls import check_pull
from ecr_constructs.model.encryption_key import check_key_enabled, check_key_kept
from ecr_constructs.model.findings import Severity
from ecr_constructs.model.repository.posture import (
    check_can_move_tags,
    check_emptied,
    check_has_lifecycle,
    check_kept,
    check_scanned,
)
from ecr_constructs.model.repository.removal import is_kept

KEEPS = ["Retain", "RetainExceptOnCreate"]
DELETES = [None, "Delete", "Snapshot", ""]
UNKNOWN = ["${Policy}", 7, [], {}, True]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        *((policy, True) for policy in KEEPS),
        *((policy, False) for policy in DELETES),
        *((policy, None) for policy in UNKNOWN),
    ],
)
def test_a_policy_keeps_or_deletes_or_is_not_known(policy, kept):
    assert is_kept(policy) is kept
    assert bool(check_key_kept(policy, encrypts="Api")) is (kept is False)


@pytest.mark.parametrize(
    ("deletion", "replacement"),
    list(itertools.product([*KEEPS, *DELETES, *UNKNOWN], repeat=2)),
)
def test_a_repository_is_said_to_go_where_it_surely_does(deletion, replacement):
    kept = is_kept(deletion), is_kept(replacement)
    found = list(check_kept(deletion=deletion, replacement=replacement))
    assert len(found) == (False in kept)
    for finding in found:
        assert (finding.code, finding.severity) == ("repository-not-retained", Severity.WARNING)
        given_by = "DeletionPolicy" if kept[0] is False else "UpdateReplacePolicy"
        assert finding.property == given_by
    for empties in (True, "true"):
        emptied = check_emptied(empties=empties, deletion=deletion, replacement=replacement)
        assert bool(emptied) is (False in kept)
    for empties in (None, False, "false", "${Empty}"):
        assert check_emptied(empties=empties, deletion=deletion, replacement=replacement) == ()
        by_another = check_emptied(
            empties=empties, deletion=deletion, replacement=replacement, emptied_by="Emptier"
        )
        assert [finding.severity for finding in by_another] == [Severity.DANGER]


@given(ANYTHING)
def test_only_what_surely_is_so_is_said_of_any_value(value):
    assert bool(check_can_move_tags(value)) is (
        value is None or value in ("MUTABLE", "MUTABLE_WITH_EXCLUSION")
    )
    assert bool(check_has_lifecycle(value)) is (value is None)
    is_off = value is False or value == "false"
    assert bool(check_key_enabled(value, encrypts="Api")) is is_off


def test_a_reason_stands_in_the_message():
    (finding,) = check_scanned(scanned=False, because="no filter matches", given=None)
    assert finding.message.endswith(": no filter matches")
    assert check_scanned(scanned=True, because="a filter matches", given=None) == ()


@pytest.mark.parametrize(
    ("by_role", "denied", "fix"),
    [
        (True, (), "allow the role ecr:BatchGetImage"),
        (False, (), "in the repository's policy"),
        (True, ("own",), "take the Deny back"),
    ],
)
def test_a_pull_names_what_is_missing(by_role, denied, fix):
    said = {
        "at": "Code.ImageUri",
        "image": "shop/api:v1",
        "repository": "Shop/Api",
        "puller": "someone",
        "by_role": by_role,
        "denied": denied,
    }
    (finding,) = check_pull(**said, missing=["ecr:BatchGetImage"])
    assert "ecr:BatchGetImage" in finding.message
    assert fix in finding.fix
    assert ("ecr:GetAuthorizationToken" in finding.allowed) is by_role
    assert check_pull(**said, missing=[]) == ()
