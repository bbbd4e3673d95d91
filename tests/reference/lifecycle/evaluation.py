"""All rules are evaluated at the same time, and then applied in the order of their priority."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.reference.lifecycle.images import Image, described_images
from tests.reference.lifecycle.marking import marked, time_of_ordering, youngest_first
from tests.reference.lifecycle.readings import Reading
from tests.reference.lifecycle.references import Repository
from tests.reference.lifecycle.selection import is_identified

Action = tuple[str, int]
"""What happens to an image (`EXPIRE` or `TRANSITION`), and the priority of the rule that did it."""

Manifests = Mapping[str, Sequence[str]]
"""Of each manifest list its images, by digest."""


def marks_of_rules(
    rules: Sequence[Mapping[str, Any]],
    repository: Repository,
    now: datetime,
    reading: Reading,
) -> dict[str, Action]:
    """What the rules alone do, before manifest lists and artifacts are looked at."""
    images = repository.images
    # In LP: "All rules are evaluated at the same time, regardless of rule priority."
    identified: dict[int, set[str]] = {}
    marks: dict[int, set[str]] = {}
    for rule in rules:
        priority, selection = rule["rulePriority"], rule["selection"]
        seen = [image for image in images if is_identified(selection, image, reading)]
        identified[priority] = {image.digest for image in seen}
        # LP: "Rules [...] can still identify them as if they haven't been expired or archived":
        # the count runs over all that the rule sees, whatever other rules do with them.
        counted = seen
        if not reading.children_fill_places:
            counted = [image for image in seen if not repository.is_held(image.digest)]
        marks[priority] = {image.digest for image in marked(selection, counted, now, reading)}
    # In LP: "After all rules are evaluated, they are then applied based on rule priority."
    done: dict[str, Action] = {}
    taken: dict[str, set[str]] = {"standard": set(), "archive": set()}
    for rule in sorted(rules, key=priority_of):
        priority = rule["rulePriority"]
        of_class = taken[rule["selection"].get("storageClass", "standard")]
        kind = "EXPIRE" if rule["action"]["type"] == "expire" else "TRANSITION"
        # LP: "An image that matches the tagging requirements of a rule cannot be expired or
        # archived by a rule with a lower priority." EX, all images, example B: rule 3 "can't mark
        # images A, B, C, or E because they were identified by higher priority rules". A rule of
        # the other storage class identifies none of these: EX, "Combining archive and expire
        # rules", would else never expire anything.
        for digest in marks[priority] - of_class:
            # Only an image that is being restored can be here twice; of two rules that do the
            # same the one that is applied first has done it.
            if digest not in done or (kind == "EXPIRE" and done[digest][0] == "TRANSITION"):
                done[digest] = (kind, priority)
        of_class |= identified[priority]
    return done


def priority_of(rule: Mapping[str, Any]) -> int:
    """PROP: "applied, lowest to highest"."""
    return int(rule["rulePriority"])


def acted_on(
    policy_text: str,
    described: Any,
    now: datetime,
    manifests: Manifests | None = None,
    reading: Reading | None = None,
) -> dict[str, Action]:
    """Of each image that is acted on: what is done to it, and by the rule of which priority.

    Of images with the same time those stay that `described` has first.
    """
    reading = reading or Reading()
    repository = Repository(described_images(described), manifests or {}, reading)
    return repository.after(
        marks_of_rules(json.loads(policy_text)["rules"], repository, now, reading)
    )


@dataclass(frozen=True)
class Allowed:
    """What may be done to a repository.

    The answers differ only in the order of images with the same time: LP sorts "from youngest to
    oldest" and says nothing of images that are equally old.
    """

    outcomes: tuple[dict[str, Action], ...]
    """What is done in the end, for each order."""
    marks: tuple[dict[str, Action], ...]
    """What the rules do, for each order, before manifest lists and artifacts are looked at."""
    at_once: frozenset[str]
    """What would go if all went that goes in one order or another."""
    unheld: frozenset[str]
    """The same if there were no manifest lists."""


def allowed(
    policy_text: str,
    described: Any,
    now: datetime,
    manifests: Manifests | None = None,
    reading: Reading | None = None,
) -> Allowed:
    """Every outcome, for every order of images with the same time."""
    rules = json.loads(policy_text)["rules"]
    lists, reading = manifests or {}, reading or Reading()
    groups: dict[datetime, list[Image]] = {}
    for image in described_images(described):
        groups.setdefault(time_of_ordering(image), []).append(image)
    outcomes, marks = [], []
    everything: dict[str, Action] = {}
    for orders in itertools.product(*(itertools.permutations(group) for group in groups.values())):
        images = list(itertools.chain.from_iterable(orders))
        repository = Repository(images, lists, reading)
        marks.append(marks_of_rules(rules, repository, now, reading))
        outcomes.append(repository.after(marks[-1]))
        everything |= marks[-1]
    # The same images in whatever order: what is marked is marked.
    at_once = Repository(images, lists, reading).after(everything)
    unheld = Repository(images, {}, reading).after(everything)
    return Allowed(tuple(outcomes), tuple(marks), frozenset(at_once), frozenset(unheld))


def identified_by(policy_text: str, described: Any) -> dict[int, dict[str, datetime]]:
    """Of each rule, by its priority, the images that it identifies and their times, youngest first.

    In the order of the priorities: LP has the rules applied in it.
    """
    images = described_images(described)
    return {
        rule["rulePriority"]: {
            image.digest: time_of_ordering(image)
            for image in youngest_first(images)
            if is_identified(rule["selection"], image, Reading())
        }
        for rule in sorted(json.loads(policy_text)["rules"], key=priority_of)
    }
