"""The product's lifecycle answers are those of a second, literal formulation of AWS's pages.

Ten thousand random repositories and policies; where a page leaves several answers open (images
pushed at the same moment), the product's must be one of them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.reference.lifecycle import Judgement, acted_on, judge
from tests.reference.lifecycle.cases import Case, answers, case
from tests.reference.lifecycle.comparison import differences, disagreement
from tests.reference.lifecycle.policies import any_policy

CHUNK = 2_500
POLICIES = 3_000


@pytest.mark.parametrize("chunk", range(4))
def test_the_simulator_does_to_every_image_what_the_pages_say(chunk: int) -> None:
    seeds = range(chunk * CHUNK, (chunk + 1) * CHUNK)
    found = {
        seed: said
        for seed, example in ((seed, case(seed)) for seed in seeds)
        if (said := differences(example, answers(example)))
    }
    assert found == {}


def test_the_random_repositories_meet_every_sentence() -> None:
    """Equal answers say something only about what happens in the cases."""
    seen = Counter(kind for seed in range(500) for kind in _happenings(case(seed)))
    rare = {kind: seen[kind] for kind in EVERYTHING if seen[kind] < 5}
    assert rare == {}


EVERYTHING = (
    *("EXPIRE by imageCountMoreThan", "TRANSITION by imageCountMoreThan"),
    *("EXPIRE by sinceImagePushed", "TRANSITION by sinceImagePushed"),
    *("TRANSITION by sinceImagePulled", "EXPIRE by sinceImageTransitioned"),
    *("EXPIRE by no rule", "TRANSITION by no rule", "several answers", "nothing"),
    *("a list holds", "an artifact follows", "a restored image", "an image on its way back"),
)


def _happenings(example: Case) -> Iterator[str]:
    given = (example.policy, example.described, example.now)
    outcomes = answers(example).outcomes
    rules = {rule["rulePriority"]: rule for rule in json.loads(example.policy)["rules"]}
    for action, priority in outcomes[0].values():
        by = rules[priority]["selection"]["countType"] if priority else "no rule"
        yield f"{action} by {by}"
    if not outcomes[0]:
        yield "nothing"
    if any(outcome != outcomes[0] for outcome in outcomes):
        yield "several answers"
    if acted_on(*given).keys() - answers(example).at_once:
        yield "a list holds"
    for detail in example.described:
        if detail.get("subjectManifestDigest") in outcomes[0]:
            yield "an artifact follows"
        if detail.get("imageStatus") == "ACTIVATING" and detail["imageDigest"] in outcomes[0]:
            yield "an image on its way back"
        if "lastActivatedAt" in detail and detail["imageDigest"] in outcomes[0]:
            yield "a restored image"


def test_policies_are_accepted_exactly_when_the_pages_accept_them() -> None:
    texts = [any_policy(random.Random(seed)) for seed in range(POLICIES)]
    found = {text: said for text in texts if (said := disagreement(text))}
    assert found == {}
    # And the policies are of every kind: for each rule some break that rule alone.
    judgements = [judge(text) for text in texts]
    assert sum(not each.refused and not each.undecided for each in judgements) > POLICIES / 10
    alone = Counter(each.refused[0] for each in judgements if _has_one_fault(each))
    assert {fault for fault in FAULTS if not alone[fault]} == set()


def _has_one_fault(judgement: Judgement) -> bool:
    return len(set(judgement.refused)) == 1


FAULTS = (
    "API, LifecyclePolicyRulePriority: minimum value of 1",
    "ARCH: no policies that delete images in archive for less than 90 days",
    "EX: sinceImagePulled must be used with the transition action",
    "EX: sinceImageTransitioned must be used with the expire action",
    "EX: the template names four count types",
    "LP: a maximum limit of four wildcards per string",
    "LP: either tagPatternList or tagPrefixList, but not both",
    "LP: may only be used if the tagStatus is tagged",
    "LP: only one rule selecting a specific storage class may select untagged images",
    "LP: the rules of a storage class must contain a unique set of prefixes",
    "PROP: a unique value for rulePriority",
    "PROP: acceptable options are tagged, untagged, or any",
    "PROP: an error will occur if you specify a count unit",
    "PROP: any must have the highest value for rulePriority",
    "PROP: archive is the only supported value",
    "PROP: expire and transition",
    "PROP: positive integers",
    "PROP: specify a count unit of days",
    "PROP: targetStorageClass is required if type is transition",
    "PROP: the only supported value is archive",
    "PROP: the only supported value is standard",
    "PROP: with tagged, you must also specify tagPrefixList or tagPatternList",
    "QUOTA: 50 rules",
)


def test_the_same_seed_is_the_same_case() -> None:
    assert [case(seed) for seed in range(20)] == [case(seed) for seed in range(20)]
    assert len({case(seed).policy for seed in range(20)}) > 15
