"""The product and the literal formulation give the same answer to 100,000 random questions.

Three of four go to `evaluate` with policies that are compiled once; the others go the whole way
through `ask`, as `access --ask` takes them.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from ecr_constructs.model.iam.evaluator import (
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    ask,
    compile_policy,
    evaluate,
)
from tests.reference.evaluator import answer
from tests.reference.questions import OWN, REGION, Questions

CHUNKS = 4
QUESTIONS_A_CHUNK = 25_200
QUESTIONS_A_WORLD = 12


def compiled(question: dict[str, Any]) -> PolicySet:
    def one(field: str, kind: PolicyKind) -> Policy | None:
        document = question.get(field)
        return None if document is None else compile_policy(document, kind)

    def levels(field: str, kind: PolicyKind) -> tuple[tuple[Policy, ...], ...] | None:
        if question.get(field) is None:
            return None
        return tuple(
            tuple(compile_policy(document, kind) for document in level) for level in question[field]
        )

    session = one("session_policy", PolicyKind.SESSION)
    return PolicySet(
        identity=tuple(
            compile_policy(document, PolicyKind.IDENTITY)
            for document in question.get("identity_policies", ())
        ),
        boundary=one("boundary", PolicyKind.BOUNDARY),
        session=None if session is None else (session,),
        scps=levels("scps", PolicyKind.SCP),
        rcps=levels("rcps", PolicyKind.RCP),
        repository=one("repository_policy", PolicyKind.REPOSITORY),
        registry=one("registry_policy", PolicyKind.REGISTRY),
    )


def product_answer(question: dict[str, Any], policies: PolicySet) -> dict[str, Any]:
    principal = Principal.parse(question["principal"])
    assert principal is not None
    resource = question.get("repository", "*")
    if resource[:3] not in ("arn", "*"):
        resource = f"arn:aws:ecr:{REGION}:{OWN}:repository/{resource}"
    request = Request(
        principal=principal,
        action=question["action"],
        resource=resource,
        context=question["context"],
    )
    return evaluate(request, policies).as_json()


def spoken(found: dict[str, Any]) -> tuple[str, list[str]]:
    """What two answers must have in common: keys may be written in any case."""
    return found["decision"], [key.lower() for key in found["missing_context"]]


def first_difference(seed: int, count: int) -> tuple[str | None, Counter[str]]:
    """The first question to which the two answer differently, and how the others were decided."""
    questions = Questions(seed)
    decisions: Counter[str] = Counter()
    for world in range(count // QUESTIONS_A_WORLD):
        batch = questions.about_the_same_policies(QUESTIONS_A_WORLD)
        policies = compiled(batch[0])
        for number, question in enumerate(batch):
            expected = answer(question, account=OWN, region=REGION)
            if number == 0 and world % 4 == 0:
                [found] = ask([question], account=OWN, region=REGION)
            else:
                found = product_answer(question, policies)
            if spoken(found) != spoken(expected):
                shown = {"question": question, "product": found, "pages": expected}
                return json.dumps(shown, indent=1), decisions
            decisions[expected["decision"]] += 1
    return None, decisions


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_the_two_formulations_differ_nowhere(seed: int) -> None:
    difference, decisions = first_difference(seed, QUESTIONS_A_CHUNK)
    assert difference is None, difference
    assert sum(decisions.values()) * CHUNKS >= 100_000
    # Questions that are all decided alike would show nothing.
    assert len(decisions) == 3
    assert min(decisions.values()) > QUESTIONS_A_CHUNK / 20, decisions
