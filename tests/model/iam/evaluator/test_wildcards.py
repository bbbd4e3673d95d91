"""Wildcards: their laws, and that no pattern costs more than length times length."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.iam.evaluator.values.wildcards import (
    ANY_CHARACTER,
    ANY_RUN,
    Pattern,
    SegmentPattern,
    tokens_of,
)

PATTERNS = st.text(alphabet="ab:*?", max_size=12)
TEXTS = st.text(alphabet="ab:", max_size=12)


def by_regular_expression(pattern, text):
    expression = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


@given(PATTERNS, TEXTS)
def test_wildcards_mean_what_a_regular_expression_says(pattern, text):
    assert Pattern.of(pattern).matches(text) is by_regular_expression(pattern, text)


@given(PATTERNS, TEXTS)
def test_the_narrow_reading_is_the_same_without_colons(pattern, text):
    plain = text.replace(":", "b")
    if ":" not in pattern:
        found = SegmentPattern(tokens_of(pattern)).matches(plain)
        assert found is Pattern.of(pattern).matches(plain)


@given(PATTERNS, TEXTS)
def test_the_narrow_reading_never_matches_more(pattern, text):
    if SegmentPattern(tokens_of(pattern)).matches(text):
        assert Pattern.of(pattern).matches(text)


@given(PATTERNS, TEXTS)
def test_a_pattern_that_says_it_is_not_narrower_is_not(pattern, text):
    narrow = SegmentPattern(tokens_of(pattern))
    if not narrow.narrower:
        assert narrow.matches(text) is Pattern.of(pattern).matches(text)


@given(TEXTS)
def test_a_text_matches_itself_and_the_star(text):
    assert Pattern.of(text).matches(text)
    assert Pattern.of("*").matches(text)
    assert Pattern.of("?" * len(text)).matches(text)
    assert not Pattern.of("?" * (len(text) + 1)).matches(text)


@given(PATTERNS, TEXTS)
def test_more_stars_never_match_less(pattern, text):
    if Pattern.of(pattern).matches(text):
        assert Pattern.of(pattern + "*").matches(text)
        assert Pattern.of("*" + pattern).matches(text)
        assert Pattern.of(pattern.replace("?", "*")).matches(text)
        assert Pattern.of(pattern.replace("*", "**")).matches(text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("arn:aws:ecr:*", "arn:aws:ecr:eu-west-1:1:repository/a", True),
        ("arn:aws:ecr:*:repository/a", "arn:aws:ecr:eu-west-1:1:repository/a", True),
        ("arn:aws:ecr:eu-*:1:repository/a", "arn:aws:ecr:eu-west-1:1:repository/a", True),
        ("arn:aws:ecr:eu*ory/a", "arn:aws:ecr:eu-west-1:1:repository/a", False),
        ("a?b", "a:b", False),
        ("a*:*b", "a:x:b", True),
        ("*", "a:b", True),
        ("**", "a:b", True),
    ],
)
def test_the_narrow_reading(pattern, text, expected):
    assert SegmentPattern(tokens_of(pattern)).matches(text) is expected


def test_a_literal_asterisk_is_no_wildcard():
    assert Pattern(("a", "*", "b")).matches("a*b")
    assert not Pattern(("a", "*", "b")).matches("axb")
    assert Pattern(("a", ANY_RUN, "*", ANY_CHARACTER)).matches("axx*y")


HOSTILE = [
    ("*a" * 2_000 + "b", "a" * 20_000),
    ("*" * 20_000 + "b", "a" * 20_000),
    ("*?" * 2_000 + "b", "a" * 20_000),
    ("*a?" * 2_000 + "b", "a" * 20_000),
    ("a*" * 2_000 + ":b", "a" * 10_000 + ":" * 10_000),
]


@pytest.mark.parametrize(("pattern", "text"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_pattern_costs_no_exponential_time(pattern, text):
    begun = time.process_time()
    assert not Pattern.of(pattern).matches(text)
    assert not SegmentPattern(tokens_of(pattern)).matches(text)
    # Backtracking would not end in this universe; the bound only has to tell the two apart.
    assert time.process_time() - begun < 30
