"""What a deploy does to a repository that was there, as rules over plain values."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.deferred import is_deferred
from ecr_constructs.model.findings import Severity
from ecr_constructs.model.repository.changes import (
    check_gone,
    check_moved,
    check_replaced,
    check_retention,
    surely_differ,
)

LATER = st.sampled_from(["${Stage}", "${Key.Arn}", "${AWS::AccountId}"])
PLAIN = st.text(alphabet="ab/", max_size=3)
TEXTS = st.lists(PLAIN | LATER, max_size=3).map("".join)
POLICIES = st.sampled_from([None, "Delete", "Retain", "RetainExceptOnCreate", "${Stage}"])
VALUES = st.none() | TEXTS | st.dictionaries(st.sampled_from(["a", "b"]), TEXTS)
# Every text that may stand in place of a value, in one of three letters.
_SHORT = [each for length in range(4) for each in itertools.product("ab", repeat=length)]


@given(VALUES, VALUES)
def test_two_values_differ_both_ways_alike(one, other):
    assert surely_differ(one, one) is False
    assert surely_differ(one, other) is surely_differ(other, one)


@given(PLAIN, PLAIN)
def test_what_is_known_is_compared(one, other):
    assert surely_differ(one, other) is (one != other)


@given(PLAIN, PLAIN, LATER)
def test_what_is_known_later_is_the_same_under_the_same_name(one, other, later):
    assert surely_differ(later + one, later + other) is (one != other)
    assert surely_differ(later, one) is None


@given(st.lists(st.text("ab", max_size=2), min_size=2, max_size=4), st.text("ab", max_size=3))
def test_a_known_text_differs_where_no_value_makes_it(parts, known):
    may_be = itertools.product(["".join(each) for each in _SHORT], repeat=len(parts) - 1)
    made = any(
        "".join(itertools.chain.from_iterable(zip(parts, (*values, ""), strict=True))) == known
        for values in may_be
    )
    assert surely_differ("${P}".join(parts), known) is (None if made else True)


@given(VALUES, VALUES, POLICIES, POLICIES)
def test_only_what_surely_differs_is_a_danger(old, new, before, after):
    differ = surely_differ(old, new)
    found = list(
        check_replaced(
            "RepositoryName", old, new, differ=differ, same_name=None, policies=(before, after)
        )
    )
    assert [each.severity for each in found] == {
        True: [Severity.DANGER],
        None: [Severity.WARNING],
        False: [],
    }[differ]


@given(POLICIES, st.booleans(), st.booleans())
def test_a_repository_that_leaves_is_one_finding(deletion, empties, whole):
    (found,) = check_gone(
        deletion=deletion, empties=empties, because="leaves the template", whole_stack=whole
    )
    kept = deletion in ("Retain", "RetainExceptOnCreate")
    assert (found.code == "repository-orphaned") is kept
    certain = not kept and not is_deferred(deletion)
    assert (found.severity is Severity.DANGER) is certain
    assert ("with every image in it" in found.message) is (certain and empties)


@given(POLICIES, POLICIES)
def test_retention_is_given_up_from_kept_to_not_kept_alone(old, new):
    gives_up = str(old).startswith("Retain") and new in (None, "Delete")
    assert len(list(check_retention("DeletionPolicy", old, new))) == int(gives_up)


@pytest.mark.parametrize(
    ("stack", "deletion", "stays", "said"),
    [
        (None, "Retain", False, "makes it before the old one goes, and fails"),
        ("Other", None, False, "its images are lost"),
        ("Other", "Retain", False, "making it fails while the old one is there"),
        (None, "Retain", True, "it is taken until that one is replaced"),
    ],
    ids=range(4),
)
def test_a_move_says_why_it_fails(stack, deletion, stays, said):
    found = check_moved(
        name="shop", before="Api", other_stack=stack, deletion=deletion, stays=stays
    )
    assert found.message.endswith(said)
