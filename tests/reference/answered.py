"""Random questions with the answers that the pages give; the product has no part in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.reference.evaluator import answer
from tests.reference.questions import OWN, REGION, Questions

QUESTIONS_A_WORLD = 14
Matter = list[tuple[dict[str, Any], dict[str, Any]]]
"""One question in some circumstances, each with its answer."""
World = list[Matter]
"""Matters that meet the same policies."""


def worlds(seed: int, count: int) -> Iterator[World]:
    """So many questions with the answers of the pages, those about the same policies together."""
    questions = Questions(seed)
    for _ in range(count // QUESTIONS_A_WORLD):
        yield [
            [(question, answer(question, account=OWN, region=REGION)) for question in matter]
            for matter in questions.world()
        ]
