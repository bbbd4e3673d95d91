"""The recorded events, and what is made of them for tests."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"
PATHS = {path.stem: path for path in RECORDED.glob("*/*.json")}
NAMES = sorted(PATHS)
Event = dict[str, Any]


# The fields of EventBridge's schema aws.ecr@ECRReferrerAction, as CDK's reference has them:
# https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.mixins_preview.aws_ecr.events/ECRReferrerAction.html
REFERRER_FIELDS = {
    "action-type",
    "artifact-media-type",
    "image-digest",
    "image-tag",
    "last-activated-at",
    "manifest-media-type",
    "repository-name",
    "result",
    "target-storage-class",
}


def record(name: str) -> dict[str, Any]:
    """One record: its page, what it is called there, and the event."""
    found: dict[str, Any] = json.loads(PATHS[name].read_text(encoding="utf-8"))
    return found


def event(name: str) -> Event:
    """A recorded event."""
    found: Event = record(name)["event"]
    return found


def changed(given: Event, path: str, value: Any) -> Event:
    """The event with another value at a path (``detail.severity``)."""
    made = copy.deepcopy(given)
    *way, last = path.split(".")
    place: Any = made
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return made


def signature_pushed() -> Event:
    """A signature that is pushed. AWS has no example: made of a referrer's, by the schema."""
    made = event("referrer_restored")
    del made["detail"]["target-storage-class"], made["detail"]["last-activated-at"]
    made["detail"].update(
        {
            "action-type": "PUSH",
            "artifact-media-type": "application/vnd.cncf.notary.signature",
        }
    )
    return made
