"""The simulator: a policy and the images of a repository in, ECR's preview out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timezone

from ...collector import collector_at_rest
from ...errors import InvalidInputError
from ...findings import Finding
from ..images.image import Image, ImageStatus, parents_of
from ..policies.policy import number
from ..rules.rule import LifecycleRule
from ..rules.terms import EVALUATION_PAGE, RuleAction, StorageClass
from .evaluation import Decisions, evaluate_class
from .families import Fate, settle
from .preview import Outcome, Preview
from .reasons import Scene

__all__ = ["simulate"]


def simulate(
    policy: Iterable[LifecycleRule],
    images: Iterable[Image],
    *,
    at: datetime | None = None,
    manifests: Mapping[str, Iterable[str]] | None = None,
) -> Preview:
    """What the policy does to these images when ECR next runs it.

    Where the documentation is open the reading is taken that loses more, and the reason of the
    outcome says so.

    :param at: when ECR runs the policy, with a time zone; by default now. It acts within 24 hours.
    :param manifests: for each manifest list the digests it references, which ``describe-images``
        does not tell. Without it no image is held by a list.
    """
    now = datetime.now(timezone.utc) if at is None else at
    if now.tzinfo is None:
        raise InvalidInputError([_no_zone(now)])
    lists = {} if manifests is None else {key: tuple(value) for key, value in manifests.items()}
    with collector_at_rest():
        return _simulate(number(policy), tuple(images), now, lists)


def _simulate(
    rules: Sequence[LifecycleRule],
    described: Sequence[Image],
    now: datetime,
    lists: Mapping[str, tuple[str, ...]],
) -> Preview:
    decisions = _decide(rules, described, now)
    fates: dict[str, Fate] = {}
    wavering = frozenset(described[index].digest for index in decisions.tied)
    families = _has_families(described, lists)
    if families:
        marked = _marked(described, decisions)
        fates = settle(described, marked, lists)
        if decisions.tied:
            wavering = _also_going(described, decisions, marked, fates, lists)
    scene = Scene(
        at=now,
        children=frozenset(parents_of(lists)),
        families=families,
        lists_unknown=_has_unknown_lists(described, lists),
        phrases=Scene.phrases_for(rules),
    )
    return _preview(described, decisions, fates, wavering, scene)


def _also_going(
    images: Sequence[Image],
    decisions: Decisions,
    marked: Mapping[str, RuleAction],
    fates: Mapping[str, Fate],
    lists: Mapping[str, Iterable[str]],
) -> frozenset[str]:
    """What would go besides if every image went that another of its moment could stand for.

    The children of a manifest list and the artifacts of a subject waver with them.
    """
    more = dict(marked)
    for index in decisions.tied:
        rule = decisions.rules[index]
        if rule is not None:
            more[images[index].digest] = rule.action
    going = settle(images, more, lists)
    return frozenset(
        digest
        for digest, fate in going.items()
        if fate.action is not None and (digest not in fates or fates[digest].action is None)
    )


def _preview(
    images: Sequence[Image],
    decisions: Decisions,
    fates: Mapping[str, Fate],
    wavering: Collection[str],
    scene: Scene,
) -> Preview:
    results: list[Outcome] = []
    kept: list[Outcome] = []
    pushed = [image.pushed_at.timestamp() for image in images]
    numbers = {image.digest: index for index, image in enumerate(images)} if fates else {}
    certain = not wavering and not decisions.tied
    for index in sorted(range(len(images)), key=pushed.__getitem__):
        image, rule = images[index], decisions.rules[index]
        action = rule.action if rule is not None and decisions.acts[index] else None
        fate = fates.get(image.digest) if fates else None
        if fate is not None:
            action = fate.action
            rule = None if fate.went_before else decisions.rules[numbers[fate.origin]]
        tied = not certain and (
            image.digest in wavering or (action is not None and index in decisions.tied)
        )
        outcome = Outcome(image, action, rule, scene, decisions.places[index], tied, fate)
        (kept if action is None else results).append(outcome)
    return Preview(tuple(results), tuple(kept))


def _decide(rules: Sequence[LifecycleRule], images: Sequence[Image], now: datetime) -> Decisions:
    """What the first rule that selects an image decides, over both storage classes.

    An image on its way back from the archive is a member of both: AWS says not of which. The
    harder decision is taken, and it fills a place among the images that stay.
    """
    decided = Decisions.none(len(images))
    for storage_class, other in (
        (StorageClass.STANDARD, ImageStatus.ARCHIVED),
        (StorageClass.ARCHIVE, ImageStatus.ACTIVE),
    ):
        of_class = [rule for rule in rules if rule.storage_class is storage_class]
        if of_class:
            members = [index for index, image in enumerate(images) if image.status is not other]
            evaluate_class(of_class, images, members, decided, now)
    return decided


def _marked(images: Sequence[Image], decisions: Decisions) -> dict[str, RuleAction]:
    return {
        image.digest: rule.action
        for image, rule, acts in zip(images, decisions.rules, decisions.acts, strict=True)
        if rule is not None and acts
    }


def _has_families(images: Sequence[Image], lists: Mapping[str, Iterable[str]]) -> bool:
    return bool(lists) or any(image.subject is not None for image in images)


def _has_unknown_lists(images: Sequence[Image], lists: Mapping[str, Iterable[str]]) -> bool:
    return any(
        image.is_index and image.digest not in lists and image.status is not ImageStatus.ARCHIVED
        for image in images
    )


def _no_zone(now: datetime) -> Finding:
    return Finding(
        code="time-without-zone",
        property="at",
        message="says not in which time zone it is",
        given=now.isoformat(),
        allowed="a time with its zone",
        fix="write the zone, as in 2026-01-31T12:00:00+00:00",
        docs=EVALUATION_PAGE,
    )
