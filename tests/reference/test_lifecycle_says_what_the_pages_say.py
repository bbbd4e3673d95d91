"""The literal formulation gives the results that AWS's page prints beside its examples."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.reference.lifecycle import Reading, acted_on, allowed, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def rule(
    priority: int, tags: Any, count: int, days: bool = False, to: str = "expire", **more: str
) -> dict[str, Any]:
    selection: dict[str, Any] = {"tagStatus": tags if isinstance(tags, str) else "tagged"}
    if not isinstance(tags, str):
        selection["tagPatternList"] = tags
    count_type = "sinceImagePushed" if days else "imageCountMoreThan"
    selection |= {"countType": count_type, "countNumber": count} | more
    if selection["countType"] != "imageCountMoreThan":
        selection["countUnit"] = "days"
    action = {"type": to} | ({"targetStorageClass": "archive"} if to == "transition" else {})
    return {"rulePriority": priority, "selection": selection, "action": action}


def policy(*rules: dict[str, Any]) -> str:
    return json.dumps({"rules": rules}, indent=4)


def image(digest: str, days: float, tags: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    dates = {key: ago(value) for key, value in more.items() if isinstance(value, int | float)}
    return {"imageDigest": digest, "imageTags": list(tags), "imagePushedAt": ago(days)} | (
        more | dates
    )


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


BETA_AND_PROD = (
    image("A", 10, ("beta-1", "prod-1")),
    image("B", 9, ("beta-2", "prod-2")),
    image("C", 8, ("beta-3",)),
)
TWO_TAGS = (
    image("A", 12, ("alpha-1",)),
    image("B", 11, ("beta-1",)),
    image("C", 10, ("alpha-2", "beta-2")),
    image("D", 4, ("alpha-3",)),
    image("E", 3, ("beta-3",)),
    image("F", 2, ("alpha-4", "beta-4")),
)
NOT_EXCLUSIVE = (
    image("A", 10, ("alpha-1", "beta-1", "gamma-1")),
    image("B", 9, ("alpha-2", "beta-2")),
    image("C", 8, ("alpha-3", "beta-3", "gamma-2")),
)
FOUR = (
    image("A", 4, ("alpha-1",)),
    image("B", 3, ("beta-1",)),
    image("C", 2),
    image("D", 1, ("alpha-2",)),
)
# EX has D and E of the same day and calls E the newest, so E is the younger by some hours.
ALL_KINDS = (
    image("A", 4, ("alpha-1", "beta-1")),
    image("B", 3),
    image("C", 2, ("alpha-2",)),
    image("D", 1, ("git hash",)),
    image("E", 0.9),
)
ARCHIVE = policy(
    rule(1, "any", 30, days=True, to="transition"),
    rule(2, "any", 365, storageClass="archive", countType="sinceImageTransitioned"),
)


@pytest.mark.parametrize(
    ("text", "images", "printed"),
    [
        (policy(rule(1, ["prod*"], 1), rule(2, ["beta*"], 1)), BETA_AND_PROD, "A1"),
        (policy(rule(1, ["beta*"], 1), rule(2, ["prod*"], 1)), BETA_AND_PROD, "A1 B1"),
        (policy(rule(1, ["alpha*", "beta*"], 5, days=True)), TWO_TAGS, "C1"),
        (policy(rule(1, ["alpha*", "beta*"], 1)), NOT_EXCLUSIVE, "A1 B1"),
        (policy(rule(1, "any", 1)), FOUR, "A1 B1 C1"),
        (
            policy(rule(1, ["alpha*"], 1), rule(2, "untagged", 1, days=True), rule(3, "any", 1)),
            ALL_KINDS,
            "A1 B2 D3",
        ),
    ],
)
def test_the_examples_of_the_page(text: str, images: Any, printed: str) -> None:
    answer = acted_on(text, {"imageDetails": images}, NOW)
    assert " ".join(f"{digest}{priority}" for digest, (_, priority) in sorted(answer.items())) == (
        printed
    )
    assert {action for action, _ in answer.values()} == {"EXPIRE"}


def test_the_archive_example_archives_and_expires() -> None:
    images = [
        image("fresh", 29),
        image("due", 31),
        image("stored", 900, imageStatus="ARCHIVED", lastArchivedAt=364),
        image("over", 900, imageStatus="ARCHIVED", lastArchivedAt=366),
    ]
    assert acted_on(ARCHIVE, images, NOW) == {"due": ("TRANSITION", 1), "over": ("EXPIRE", 2)}


def test_restored_images_are_ordered_and_pulled_by_their_restore() -> None:
    images = [image("restored", 900, lastActivatedAt=1, lastRecordedPullTime=500), image("new", 2)]
    assert acted_on(policy(rule(1, "any", 1)), images, NOW) == {"new": ("EXPIRE", 1)}
    pulled = policy(rule(1, "any", 30, to="transition", countType="sinceImagePulled"))
    assert acted_on(pulled, images, NOW) == {}
    pushed = policy(rule(1, "any", 30, days=True))
    assert acted_on(pushed, images, NOW) == {"restored": ("EXPIRE", 1)}
    assert acted_on(pushed, images, NOW, reading=Reading(restored_age="activated")) == {}


def test_images_of_a_list_wait_for_it_and_artifacts_follow_their_subject() -> None:
    images = [
        image("list", 3, ("v1",)),
        image("child", 40),
        image("signature", 2, ("sig",), subjectManifestDigest="list"),
    ]
    manifests = {"list": ["child"]}
    untagged = policy(rule(1, "untagged", 30, days=True))
    assert acted_on(untagged, images, NOW, manifests) == {}
    assert acted_on(untagged, images, NOW) == {"child": ("EXPIRE", 1)}
    both = policy(rule(1, "untagged", 30, days=True), rule(2, ["v*"], 2, days=True))
    everything = {"child": ("EXPIRE", 1), "list": ("EXPIRE", 2), "signature": ("EXPIRE", 2)}
    assert acted_on(both, images, NOW, manifests) == everything
    later = Reading(list_goes_first="earlier run")
    del everything["child"]
    assert acted_on(both, images, NOW, manifests, later) == everything


def test_images_of_the_same_time_may_go_in_any_order() -> None:
    images = [image("A", 1), image("B", 1), image("C", 1)]
    answer = allowed(policy(rule(1, "any", 1)), images, NOW)
    outcomes = {frozenset(outcome) for outcome in answer.outcomes}
    assert outcomes == {frozenset("AB"), frozenset("AC"), frozenset("BC")}
    assert answer.at_once == frozenset("ABC")


def test_the_pages_own_policies_are_accepted() -> None:
    for text in (ARCHIVE, policy(rule(1, ["*test*1*2*3", "test*1*2*3*"], 1))):
        assert judge(text).refused == judge(text).undecided == ()
    assert judge(policy(rule(1, ["test*1*2*3*4*5*6"], 1))).refused
