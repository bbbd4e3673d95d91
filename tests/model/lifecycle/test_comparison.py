"""Whether a new policy takes what the old one keeps: cases, and what no repository contradicts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_constructs.model.lifecycle import (
    LOOKED_AT,
    Answer,
    CountType,
    LifecycleRule,
    RuleAction,
    TagStatus,
    archive_after,
    archives_more,
    expire_archived,
    expire_untagged,
    expires_more,
    keep_last,
    keep_last_untagged,
    number,
    protect,
    simulate,
)
from tests.model.lifecycle.repositories import AT
from tests.model.lifecycle.strategies import policies, random_repositories

FEW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(min_value=0, max_value=2**32)


def counting(count, *patterns):
    return LifecycleRule(
        action=RuleAction.EXPIRE,
        tag_status=TagStatus.TAGGED,
        count_type=CountType.IMAGE_COUNT_MORE_THAN,
        count=count,
        tag_patterns=patterns,
    )


def aged(days, *patterns):
    return LifecycleRule(
        action=RuleAction.EXPIRE,
        tag_status=TagStatus.TAGGED if patterns else TagStatus.ANY,
        count_type=CountType.SINCE_IMAGE_PUSHED,
        count=days,
        tag_patterns=patterns,
    )


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ([], [expire_untagged(after_days=14)], Answer.TRUE),
        ([expire_untagged(after_days=14)], [], Answer.FALSE),
        ([expire_untagged(after_days=14)], [expire_untagged(after_days=7)], Answer.TRUE),
        ([expire_untagged(after_days=14)], [expire_untagged(after_days=30)], Answer.FALSE),
        ([counting(10, "v*")], [counting(5, "v*")], Answer.TRUE),
        ([counting(5, "v*")], [counting(10, "v*")], Answer.FALSE),
        ([counting(5, "v*")], [counting(5, "v1*")], Answer.FALSE),
        ([counting(5, "v1*")], [counting(5, "v*")], Answer.TRUE),
        ([counting(5, "a*")], [counting(5, "*b")], Answer.TRUE),
        ([aged(10)], [aged(10, "v*")], Answer.FALSE),
        ([aged(10, "v*")], [aged(10)], Answer.TRUE),
        ([aged(10, "v*")], [counting(3, "v*")], Answer.TRUE),
        ([counting(3, "v*")], [aged(10, "v*")], Answer.TRUE),
        ([*protect("v1"), aged(10)], [aged(10)], Answer.TRUE),
        ([aged(10)], [*protect("v1"), aged(10)], Answer.FALSE),
        ([counting(9, "v1*"), aged(9)], [aged(9)], Answer.TRUE),
        ([expire_untagged(after_days=5), aged(9)], [aged(9)], Answer.FALSE),
        ([aged(9)], [expire_untagged(after_days=5), aged(9)], Answer.TRUE),
        ([], [expire_archived(after_days=100)], Answer.TRUE),
        ([expire_archived(after_days=100)], [expire_archived(after_days=200)], Answer.FALSE),
        ([archive_after(days=9)], [aged(9)], Answer.TRUE),
        ([aged(9)], [archive_after(days=9)], Answer.FALSE),
        ([keep_last_untagged(3)], [expire_untagged(after_days=3)], Answer.TRUE),
        # Images with tags take the places of untagged ones where one rule counts both.
        ([keep_last_untagged(3), keep_last(9)], [keep_last(9)], Answer.TRUE),
        ([keep_last(9)], [keep_last_untagged(9)], Answer.FALSE),
    ],
    ids=range(25),
)
def test_what_expires_more(old, new, answer):
    proof = expires_more(old, new)
    assert proof.answer is answer, proof.because


def test_what_archives_more():
    assert archives_more([], [archive_after(days=30)]).answer is Answer.TRUE
    assert archives_more([archive_after(days=30)], [archive_after(days=60)]).answer is Answer.FALSE
    assert archives_more([aged(20)], [archive_after(days=30)]).answer is Answer.FALSE
    assert expires_more([], [archive_after(days=30)]).answer is Answer.FALSE


def test_an_order_of_rules_that_lets_more_go():
    narrow, wide = counting(50, "v1*"), counting(2, "v*")
    assert expires_more([narrow, wide], [wide, narrow]).answer is Answer.TRUE
    assert expires_more([wide, narrow], [narrow, wide]).answer is Answer.FALSE


def test_the_message_names_the_image_and_both_rules():
    proof = expires_more([counting(10, "v*")], [counting(5, "v*")])
    assert "rule 1 expires an image tagged v" in proof.because
    assert "with 5 younger ones, which rule 1 of the old policy keeps" in proof.because


def described(rule):
    return replace(rule, description="another text", priority=(rule.priority or 0) * 10)


@FEW
@given(policies())
def test_a_policy_takes_no_more_than_itself(policy):
    again = [described(rule) for rule in number(policy)]
    for question in (expires_more, archives_more):
        assert question(policy, again).answer is Answer.FALSE


@FEW
@given(policies(), policies(), SEEDS)
def test_no_repository_contradicts_the_answer(old, new, seed):
    expires, archives = expires_more(old, new), archives_more(old, new)
    for images in random_repositories(seed):
        before, after = (simulate(rules, images, at=AT) for rules in (old, new))
        kept = {each.digest for each in images} - {each.digest for each in before.expiring}
        if any(each.digest in kept for each in after.expiring):
            assert expires.answer is not Answer.FALSE
        still = kept - {each.digest for each in before.transitioning}
        if any(each.digest in still for each in after.transitioning):
            assert archives.answer is not Answer.FALSE


@FEW
@given(policies(), policies())
def test_an_example_is_what_the_simulator_does(old, new):
    proof = expires_more(old, new)
    if proof.answer is Answer.TRUE:
        gone, before = (simulate(rules, proof.example, at=LOOKED_AT) for rules in (new, old))
        assert proof.witness in gone.expiring
        assert proof.witness not in before.expiring


@FEW
@given(policies())
def test_a_rule_less_at_the_end_takes_no_more(policy):
    assert expires_more(policy, number(policy)[:-1]).answer is not Answer.TRUE
