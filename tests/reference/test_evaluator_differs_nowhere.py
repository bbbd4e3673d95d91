"""The product and the literal formulation give the same answer to 100,000 random questions."""

from __future__ import annotations

import pytest

from tests.reference.answered import worlds
from tests.reference.comparison import (
    first_difference,
    first_name_that_differs,
    first_operator_that_differs,
    first_pattern_that_differs,
)

CHUNKS = 4
QUESTIONS_A_CHUNK = 25_060


def test_every_short_pattern_matches_alike() -> None:
    assert first_pattern_that_differs() is None


def test_every_text_names_the_same_kind_of_principal() -> None:
    assert first_name_that_differs() is None


def test_every_name_is_an_operator_to_both_or_to_none() -> None:
    assert first_operator_that_differs() is None


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_the_two_formulations_differ_nowhere(seed: int) -> None:
    difference, decisions = first_difference(worlds(seed, QUESTIONS_A_CHUNK))
    assert difference is None, difference
    assert sum(decisions.values()) * CHUNKS >= 100_000
    # Questions that are all decided alike would show nothing.
    assert len(decisions) == 3
    assert min(decisions.values()) > QUESTIONS_A_CHUNK / 20, decisions
