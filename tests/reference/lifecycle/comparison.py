"""Holds the product's answers against those of the literal formulation."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.lifecycle import (
    CountType,
    ImageStatus,
    Outcome,
    Preview,
    parse,
    parse_images,
    parse_manifests,
    simulate,
)
from tests.reference.lifecycle.cases import Case, as_json
from tests.reference.lifecycle.evaluation import Action, Allowed, identified_by
from tests.reference.lifecycle.references import CLEANED_UP
from tests.reference.lifecycle.validity import judge

NEVER_MATCHES = "lifecycle-tag-never-matches"
"""Not that ECR refuses the policy, but that the rule does nothing."""


def differences(case: Case, allowed: Allowed) -> list[str]:
    """What the product says of a case that the pages do not allow."""
    rules, findings = parse(case.policy)
    images, broken = parse_images(as_json(case.described))
    manifests, unreadable = parse_manifests(json.dumps(case.manifests or {}))
    dangers = [finding.code for finding in findings if finding.severity is Severity.DANGER]
    if dangers or broken or unreadable:
        return [f"a valid case is refused: {dangers}, {broken}, {unreadable}"]
    lists = None if case.manifests is None else manifests
    preview = simulate(rules, images, at=case.now, manifests=lists)
    document: Any = preview.to_json()
    answer = _answer(document)
    found = [
        *_of_form(document, case),
        *_of_risks(preview, case, allowed),
        *_of_reasons(preview, case, allowed),
    ]
    if answer not in allowed.outcomes:
        nearest = allowed.outcomes[0]
        found.append(f"{_parting(answer, nearest)} by the product and in one allowed outcome")
    if len(allowed.outcomes) > 1:
        # The pages leave the order open; the product promises that it is not that of the list.
        turned = simulate(rules, images[::-1], at=case.now, manifests=lists)
        if _answer(turned.to_json()) != answer:
            found.append("the order in which images are listed matters")
    return found


def _answer(document: Any) -> dict[str, Action]:
    return {
        entry["imageDigest"]: (
            entry["action"]["type"],
            entry.get("appliedRulePriority", CLEANED_UP),
        )
        for entry in document["previewResults"]
    }


def _parting(
    answer: dict[str, Action], other: dict[str, Action]
) -> dict[str, tuple[Action | None, Action | None]]:
    return {
        digest: (answer.get(digest), other.get(digest))
        for digest in {*answer, *other}
        if answer.get(digest) != other.get(digest)
    }


def _of_risks(preview: Preview, case: Case, allowed: Allowed) -> list[str]:
    """What may be lost, in one order or another of images of one moment."""
    found = []
    at_risk = {
        outcome.image.digest for outcome in (*preview.results, *preview.kept) if outcome.at_risk
    }
    if at_risk != allowed.at_once:
        found.append(f"at risk: {sorted(at_risk)}, by the pages {sorted(allowed.at_once)}")
    always = frozenset[str](allowed.marks[0]).intersection(*allowed.marks)
    wavering = frozenset[str]().union(*allowed.marks) - always
    for outcome in preview.results:
        # Of an image that is being restored the two classes may each have an opinion.
        wavers = outcome.image.digest in wavering
        if outcome.tied != wavers and outcome.image.status is not ImageStatus.ACTIVATING:
            found.append(f"{outcome.image.digest} wavers only by one of the two")
    has_families = case.manifests or any("subjectManifestDigest" in it for it in case.described)
    if not has_families and len(preview.results) != max(map(len, allowed.outcomes)):
        found.append("of equally old images fewer go than may")
    return found


def _of_form(document: Any, case: Case) -> list[str]:
    """API, GetLifecyclePolicyPreview; and every image once, among the results or the kept."""
    results, kept = document["previewResults"], document["kept"]
    found = []
    digests = [entry["imageDigest"] for entry in (*results, *kept)]
    if sorted(digests) != sorted(detail["imageDigest"] for detail in case.described):
        found.append(f"not every image once: {digests}")
    moved = [entry for entry in results if entry["action"]["type"] == "TRANSITION"]
    if any(entry["action"].get("targetStorageClass") != "ARCHIVE" for entry in moved):
        found.append("moved elsewhere than to the archive")
    totals = [{"targetStorageClass": "ARCHIVE", "imageTotalCount": len(moved)}] if moved else []
    expected = {
        "expiringImageTotalCount": len(results) - len(moved),
        "transitioningImageTotalCounts": totals,
    }
    if document["summary"] != expected:
        found.append(f"summary {document['summary']}, counted {expected}")
    return found


def _of_reasons(preview: Preview, case: Case, allowed: Allowed) -> list[str]:
    """What is said of an image, and not only done to it."""
    found: list[str] = []
    seen = identified_by(case.policy, case.described)
    for outcome in (*preview.results, *preview.kept):
        if outcome.fate is not None and outcome.fate.origin != outcome.image.digest:
            found += _of_following(outcome, case)
        else:
            found += _of_rule(outcome, seen)
    gone = {outcome.image.digest for outcome in preview.results}
    for outcome in preview.kept:
        if outcome.fate is not None:
            found += _of_holding(outcome, case, gone, allowed)
    for part in (preview.results, preview.kept):
        pushes = [outcome.image.pushed_at for outcome in part]
        if pushes != sorted(pushes):
            found.append("not the oldest first")
    return found


def _of_rule(outcome: Outcome, seen: dict[int, dict[str, datetime]]) -> list[str]:
    """The first rule that identifies an image is named, and its place among the images counted."""
    digest, rule, found = outcome.image.digest, outcome.rule, []
    first = next((priority for priority in seen if digest in seen[priority]), None)
    named = rule.priority if rule else None
    # An image that is being restored is seen by the rules of both classes.
    if named != first and outcome.image.status is not ImageStatus.ACTIVATING:
        found.append(f"{digest} is seen first by {first}, said is {named}")
    if rule is None or rule.count_type is not CountType.IMAGE_COUNT_MORE_THAN:
        if outcome.place != 0:
            found.append(f"{digest} has place {outcome.place}, and nothing is counted")
        return found
    # Images of the same time may have each other's places.
    times = list(seen[named or 0].values())
    if not outcome.place or times[outcome.place - 1] != seen[named or 0][digest]:
        found.append(f"{digest} is not number {outcome.place}")
    return found


def _of_following(outcome: Outcome, case: Case) -> list[str]:
    """An artifact follows its subject, or one that its subject follows."""
    subjects = {it["imageDigest"]: it.get("subjectManifestDigest") for it in case.described}
    origin = outcome.fate.origin if outcome.fate else None
    passed = subjects[outcome.image.digest]
    while passed is not None and passed != origin:
        passed = subjects.get(passed)
    if passed is None or outcome.action is None:
        return [f"{outcome.image.digest} does not follow {origin}"]
    return []


def _of_holding(outcome: Outcome, case: Case, gone: set[str], allowed: Allowed) -> list[str]:
    """A list that stays holds an image that would go."""
    digest, holder = outcome.image.digest, outcome.fate.held_by if outcome.fate else None
    status = {it["imageDigest"]: it.get("imageStatus", "ACTIVE") for it in case.described}
    if (
        holder is None
        or holder in gone
        or status.get(holder) != "ACTIVE"
        or digest not in (case.manifests or {})[holder]
        or digest not in allowed.unheld
    ):
        return [f"{digest} is not held by {holder}"]
    return []


def disagreement(text: str) -> str | None:
    """Where the product judges a policy otherwise than the pages do."""
    judgement = judge(text)
    _, findings = parse(text)
    codes = {finding.code for finding in findings if finding.severity is Severity.DANGER}
    if judgement.refused and not codes:
        return f"the pages refuse it, the product does not: {judgement.refused}"
    if not judgement.refused and not judgement.undecided and codes - {NEVER_MATCHES}:
        return f"the product refuses it, the pages do not: {sorted(codes)}"
    return None
