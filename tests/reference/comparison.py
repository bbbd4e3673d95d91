"""The product beside the literal formulation, question by question.

The questions go to `evaluate` with policies that are compiled once, and some the whole way through
`ask`, as `access --ask` takes them. What a matrix says without any context must be so in every
context that is asked about.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from ecr_constructs.model.iam.evaluator import (
    Level,
    Matrix,
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    Subject,
    Target,
    ask,
    compile_policy,
    evaluate,
)
from ecr_constructs.model.iam.evaluator.values.wildcards import Pattern, SegmentPattern, tokens_of
from tests.reference.answered import CIRCUMSTANCES, World
from tests.reference.evaluator.request import ACTIONS_WITHOUT_RESOURCE
from tests.reference.evaluator.wildcards import (
    letters_of,
    letters_of_segment,
    literal_letters,
    matches,
)
from tests.reference.questions import OWN, REGION

# What a verdict of the matrix lets single answers be.
POSSIBLE = {
    "allowed": ("allow",),
    "denied": ("explicit-deny",),
    "none": ("implicit-deny", "explicit-deny"),
    "conditional": ("allow", "implicit-deny", "explicit-deny"),
}
# What it must be where no circumstance could change the answer.
CERTAIN = {"allow": "allowed", "explicit-deny": "denied", "implicit-deny": "none"}


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


def parsed(question: dict[str, Any]) -> Principal:
    return Principal.of(question["principal"])


def resource_of(question: dict[str, Any]) -> str:
    named = str(question.get("repository", "*"))
    if named == "*" or named.startswith("arn:"):
        return named
    return f"arn:aws:ecr:{REGION}:{OWN}:repository/{named}"


def product_answer(question: dict[str, Any], policies: PolicySet) -> dict[str, Any]:
    request = Request(
        principal=parsed(question),
        action=question["action"],
        resource=resource_of(question),
        context=question["context"],
    )
    return evaluate(request, policies).as_json()


def matrix_verdict(question: dict[str, Any], policies: PolicySet) -> str:
    """What a matrix says that knows no context."""
    subject = Subject(
        principal=parsed(question),
        identity=policies.identity,
        boundary=policies.boundary,
        session=policies.session,
        scps=policies.scps,
    )
    # What it says of one repository must not be what it worked out for another.
    targets = [
        Target(arn=arn, policy=policies.repository, registry=policies.registry, rcps=policies.rcps)
        for arn in (f"arn:aws:ecr:ap-south-1:{OWN}:repository/other", resource_of(question))
    ]
    level = Level("asked", (question["action"],), needs_all=True)
    _, row = Matrix([subject], targets, levels=[level]).decisions()
    assert row.repository == targets[1].arn
    return row.levels["asked"].verdict.value


def may_be_a_named_session(question: dict[str, Any]) -> bool:
    """Whether a matrix cannot know if a role's session is one that a policy names."""
    return parsed(question).kind is PrincipalKind.ROLE and ":assumed-role/" in json.dumps(question)


def overrides_what_follows(question: dict[str, Any]) -> bool:
    """Whether a context gives a key that a matrix knows from the principal or the repository."""
    principal = parsed(question)
    known = {*principal.known(), *principal.lacking(), "aws:ResourceAccount", "aws:RequestedRegion"}
    given = {key.lower() for key in question["context"]}
    if given & {key.lower() for key in known}:
        return True
    # An account has no tags.
    on_account = question["action"].lower() in ACTIONS_WITHOUT_RESOURCE
    return on_account and any("resourcetag/" in key for key in given)


def spoken(found: dict[str, Any]) -> tuple[str, list[str]]:
    """What two answers must have in common: keys may be written in any case."""
    return found["decision"], [key.lower() for key in found["missing_context"]]


def is_reasoned(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether the reasons are the statements that deny, or those that grant."""
    given = Counter((each["source"], each["statement"]) for each in found["because"])
    return given == Counter(expected["because"])


def first_difference(answered: Iterable[World]) -> tuple[str | None, Counter[str]]:
    """The first question to which the two answer differently, and how the others were decided."""
    decisions: Counter[str] = Counter()
    for number, world in enumerate(answered):
        policies = compiled(world[0][0])
        asked_last = len(world) - CIRCUMSTANCES
        original = world[asked_last - 1][0]
        in_a_matrix = "repository" in original
        verdict = matrix_verdict(original, policies) if in_a_matrix else "conditional"
        must_be_certain = in_a_matrix and not may_be_a_named_session(original)
        for place, (question, expected) in enumerate(world):
            if place == 0 and number % 4 == 0:
                [found] = ask([question], account=OWN, region=REGION)
            else:
                found = product_answer(question, policies)
            decision = expected["decision"]
            bound_by_matrix = place >= asked_last and not overrides_what_follows(question)
            if (
                spoken(found) != spoken(expected)
                or not is_reasoned(found, expected)
                or (bound_by_matrix and decision not in POSSIBLE[verdict])
                or (
                    place == asked_last - 1
                    and must_be_certain
                    and expected["certain"]
                    and verdict != CERTAIN[decision]
                )
            ):
                shown = {"question": question, "product": found, "pages": expected}
                return json.dumps({**shown, "matrix": verdict}, indent=1), decisions
            decisions[decision] += 1
    return None, decisions


def words(letters: str, longest: int) -> Iterator[str]:
    for length in range(longest + 1):
        yield from map("".join, product(letters, repeat=length))


def first_pattern_that_differs() -> str | None:
    """Every short pattern against every short text, as plain patterns and as ARN segments."""
    texts = list(words("ab", 4))
    for written in words("ab*?", 5):
        pattern, letters = Pattern.of(written), letters_of(written)
        for text in texts:
            if pattern.matches(text) != matches(letters, text):
                return f"{written} against {text}"
    texts = list(words("a:", 4))
    for written in words("a:*?", 5):
        narrow = SegmentPattern(tokens_of(written))
        letters = []
        for segment in written.split(":"):
            letters += [*letters_of_segment(segment), *literal_letters(":")]
        letters.pop()
        for text in texts:
            if narrow.matches(text) != matches(letters, text):
                return f"{written} against {text}, in segments"
    return None
