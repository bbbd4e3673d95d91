"""What rules can take of what an app refers to: refused with a proof, and the fixes mend it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity, dangers
from ecr_constructs.model.lifecycle import (
    LOOKED_AT,
    can_lose,
    check_dependents,
    check_policy,
    protect,
    simulate,
)
from ecr_constructs.model.repository.lifecycle import check_may_expire, check_references
from tests.model.lifecycle.strategies import TAGS, policies

DIGESTS = st.integers(min_value=0, max_value=3).map(lambda number: f"sha256:{number:064x}")
FEW = settings(max_examples=60)


def asked(rules, *references, mutable_tags=False, may_expire=()):
    return check_references(
        tuple(rules), references, mutable_tags=mutable_tags, may_expire=may_expire
    )


@FEW
@given(policies(), TAGS)
def test_a_refused_reference_has_a_repository_that_loses_it(rules, tag):
    found = dangers(asked(rules, tag))
    proof = can_lose(rules, tag)
    assert bool(found) == (proof.witness is not None)
    if proof.witness is not None:
        assert tag in proof.witness.tags
        gone = {each.image for each in simulate(rules, proof.example, at=LOOKED_AT).results}
        assert proof.witness in gone
        assert proof.because in found[0].message


@FEW
@given(policies(), TAGS, st.booleans())
def test_both_fixes_mend_it(rules, tag, mutable):
    shielded = [*protect(tag, archived=True), *rules]
    # A policy that ECR refuses (the tag is a rule of its own already) is no fix.
    if not dangers(check_policy(shielded)):
        assert asked(shielded, tag, mutable_tags=mutable) == ()
    for entry in (tag, "*", f"*{tag}", f"{tag}*"):
        assert asked(rules, tag, mutable_tags=mutable, may_expire=["other", entry]) == ()


@FEW
@given(policies(), st.lists(st.one_of(TAGS, DIGESTS), max_size=4), st.booleans(), TAGS)
def test_giving_up_more_finds_no_more(rules, references, mutable, entry):
    every = asked(rules, *references, mutable_tags=mutable)
    fewer = asked(rules, *references, mutable_tags=mutable, may_expire=[entry])
    assert {(each.code, each.message) for each in fewer} <= {
        (each.code, each.message) for each in every
    }
    assert not any(each.given == entry for each in fewer)


@FEW
@given(policies(), st.lists(st.one_of(TAGS, DIGESTS), max_size=4), st.booleans())
def test_the_short_way_finds_what_the_proofs_find(rules, references, mutable):
    digests = [each for each in references if each.startswith("sha256:")]
    tags = [each for each in references if each not in digests]
    assert asked(rules, *references, mutable_tags=mutable) == check_dependents(
        rules, tags=tags, digests=digests, mutable_tags=mutable
    )


@pytest.mark.parametrize("entry", ["v1", "v*", "*", "*a*", "sha256:" + "0" * 64, "x" * 128])
def test_what_may_be_given_up(entry):
    assert check_may_expire([entry]) == ()


@pytest.mark.parametrize(
    "entry", ["", "a/b", "*a*b*", "sha256:0", "x" * 129, 7, None, "${Token[Tag.1]}"]
)
def test_what_cannot_be_given_up(entry):
    (found,) = check_may_expire([entry])
    assert (found.code, found.severity) == ("may-expire-invalid", Severity.DANGER)
    assert "Token" not in found.sentence()
