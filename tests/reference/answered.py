"""Random questions with the answers that the pages give; the product has no part in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.reference.evaluator import answer
from tests.reference.questions import OWN, REGION, Questions

QUESTIONS_A_WORLD = 14
# Of these, so many are the same question in other circumstances.
CIRCUMSTANCES = 4
World = list[tuple[dict[str, Any], dict[str, Any]]]
"""Questions about the same policies, each with its answer."""


def worlds(seed: int, count: int) -> Iterator[World]:
    """So many questions with the answers of the pages, those about the same policies together."""
    questions = Questions(seed)
    for _ in range(count // QUESTIONS_A_WORLD):
        batch = questions.about_the_same_policies(QUESTIONS_A_WORLD - CIRCUMSTANCES)
        again = questions.in_other_circumstances(batch[-1], CIRCUMSTANCES)
        yield [
            (question, answer(question, account=OWN, region=REGION)) for question in batch + again
        ]
