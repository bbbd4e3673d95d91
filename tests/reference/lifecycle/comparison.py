"""Holds the product's answers against those of the literal formulation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.lifecycle import (
    CountType,
    Preview,
    parse,
    parse_images,
    parse_manifests,
    simulate,
)
from tests.reference.lifecycle.cases import Case, as_json
from tests.reference.lifecycle.evaluation import Action, identified_by
from tests.reference.lifecycle.references import CLEANED_UP
from tests.reference.lifecycle.validity import judge

NEVER_MATCHES = "lifecycle-tag-never-matches"
"""Not that ECR refuses the policy, but that the rule does nothing."""


def differences(case: Case, outcomes: Sequence[dict[str, Action]]) -> list[str]:
    """What the product says of a case that the pages do not allow: an outcome of no other kind."""
    rules, findings = parse(case.policy)
    images, broken = parse_images(as_json(case.described))
    manifests, unreadable = parse_manifests(json.dumps(case.manifests or {}))
    dangers = [finding.code for finding in findings if finding.severity is Severity.DANGER]
    if dangers or broken or unreadable:
        return [f"a valid case is refused: {dangers}, {broken}, {unreadable}"]
    preview = simulate(
        rules, images, at=case.now, manifests=None if case.manifests is None else manifests
    )
    document: Any = preview.to_json()
    found = [
        *_of_actions(document, outcomes),
        *_of_form(document, case),
        *_of_reasons(preview, case),
    ]
    found += _of_risks(preview, case, outcomes)
    return found


def _of_risks(preview: Preview, case: Case, outcomes: Sequence[dict[str, Action]]) -> list[str]:
    """What may be lost is all that goes in one order or another of images of one moment."""
    found = []
    at_risk = {
        outcome.image.digest for outcome in (*preview.results, *preview.kept) if outcome.at_risk
    }
    lost = set[str]().union(*outcomes)
    has_families = case.manifests or any("subjectManifestDigest" in it for it in case.described)
    # Where images hang on others, that all of one time go at once is warned of, though it cannot
    # be: it would take every order by itself to know.
    if not lost <= at_risk or (at_risk != lost and not has_families):
        found.append(f"at risk: {sorted(at_risk)}, by the pages: {sorted(lost)}")
    if not has_families and len(preview.results) != max(map(len, outcomes)):
        found.append("of equally old images fewer go than may")
    return found


def _of_actions(document: Any, outcomes: Sequence[dict[str, Action]]) -> list[str]:
    answer: dict[str, Action] = {
        entry["imageDigest"]: (
            entry["action"]["type"],
            entry.get("appliedRulePriority", CLEANED_UP),
        )
        for entry in document["previewResults"]
    }
    if answer in outcomes:
        return []
    nearest = outcomes[0]
    differing = {
        digest: (answer.get(digest), nearest.get(digest))
        for digest in {*answer, *nearest}
        if answer.get(digest) != nearest.get(digest)
    }
    return [f"the product's and one admissible answer: {differing}"]


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


def _of_reasons(preview: Preview, case: Case) -> list[str]:
    """What is said of an image, and not only done to it: the first rule, its place, its list."""
    found: list[str] = []
    seen = identified_by(case.policy, case.described)
    status = {detail["imageDigest"]: detail.get("imageStatus") for detail in case.described}
    results = {outcome.image.digest for outcome in preview.results}
    for outcome in (*preview.results, *preview.kept):
        image, rule, fate = outcome.image, outcome.rule, outcome.fate
        by_itself = fate is None or fate.origin == image.digest
        # An image that is being restored is seen by the rules of both classes.
        if by_itself and status[image.digest] != "ACTIVATING":
            first = next((priority for priority in seen if image.digest in seen[priority]), None)
            if (rule.priority if rule else None) != first:
                found.append(f"{image.digest} is seen first by {first}, said is {rule}")
        if by_itself and rule and rule.count_type is CountType.IMAGE_COUNT_MORE_THAN:
            # Images of the same time may have each other's places.
            times = list(seen[rule.priority or 0].values())
            if times[outcome.place - 1] != seen[rule.priority or 0][image.digest]:
                found.append(f"{image.digest} is not number {outcome.place}")
        holder = fate.held_by if fate else None
        held = holder in results or status.get(holder, "none") not in {None, "ACTIVE"}
        if holder and (held or image.digest not in (case.manifests or {})[holder]):
            found.append(f"{image.digest} is not held by {holder}")
        if rule is None and outcome.action is None and not by_itself:
            found.append(f"{image.digest} stays for the sake of {fate}")
    for part in (preview.results, preview.kept):
        pushes = [outcome.image.pushed_at for outcome in part]
        if pushes != sorted(pushes):
            found.append("not the oldest first")
    return found


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
