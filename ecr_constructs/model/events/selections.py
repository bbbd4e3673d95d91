"""Which events there are to subscribe to, and which of EventBridge's events each of them is.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html

Of EventBridge's list, ``ECR Artifact Action`` alone is not here: no page has its fields.
https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecr.html
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .severity import FindingSeverity

__all__ = ["ImageEvent", "Named", "ScanFindings", "Selection", "selections_of"]

# Notation signatures, as ECR's managed signing makes them, and the two forms of cosign's that
# refer to their image. The fields of a referrer's event are those of EventBridge's schema:
# https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.mixins_preview.aws_ecr.events/ECRReferrerAction.html
_SIGNATURES: Final = (
    "application/vnd.cncf.notary.signature",
    "application/vnd.dev.cosign.artifact.sig.v1+json",
    "application/vnd.dev.sigstore.bundle.v0.3+json",
)
_ECR, _INSPECTOR = "aws.ecr", "aws.inspector2"
_SOME: Final = [{"numeric": [">", 0]}]
# The counts that Inspector breaks its total down to.
_COUNTED = ("CRITICAL", "HIGH", "MEDIUM")


class ImageEvent(enum.Enum):
    """What happens to the images of a repository. AWS sends events on a best-effort basis.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
    """

    PUSHED = "image-pushed"
    """An image was pushed, each tag of it."""
    DELETED = "image-deleted"
    """An image was deleted, by somebody or by a lifecycle rule."""
    ARCHIVED = "image-archived"
    """An image went to the archive storage class."""
    RESTORED = "image-restored"
    """An image came back from the archive."""
    CACHED = "image-cached"
    """A pull-through cache got an image from its upstream."""
    CACHE_FAILED = "image-cache-failed"
    """A pull-through cache tried to get an image, and could not."""
    REPLICATED = "image-replicated"
    """An image arrived by replication. The event comes in the Region that it arrived in."""
    REPLICATION_FAILED = "image-replication-failed"
    """An image should have arrived by replication, and did not."""
    SIGNED = "image-signed"
    """A signature was pushed that refers to an image, by Notation, by cosign or by ECR's managed
    signing. The digest is that of the signature."""
    SCANNING_CHANGED = "scanning-changed"
    """Enhanced scanning has new repositories, or scans some more often, less often or not at all.
    AWS's page has it for images that come and go, too."""


@dataclass(frozen=True, kw_only=True)
class ScanFindings:
    """Vulnerabilities that a scan found, whichever scanner it was.

    Basic scanning sends one event a scan. Enhanced scanning sends one when the first scan of an
    image is complete, and one for each finding, then and as long as the image is scanned.
    """

    at_least: FindingSeverity = FindingSeverity.HIGH
    """The least severity that is told. Enhanced scanning counts what is less than ``MEDIUM``
    in a total alone, so below ``MEDIUM`` the event of a complete scan is told for any finding.
    Default: ``FindingSeverity.HIGH``."""
    each_finding: bool = True
    """Whether each finding of enhanced scanning is told by itself. Without, a vulnerability that
    becomes known after the first scan is not told at all. Default: it is told."""


class Named(enum.Enum):
    """Where an event says which repository it is about."""

    NAME = "detail.repository-name"
    """The name of the repository."""
    ARN = "detail.repository-name, an ARN"
    """Inspector writes the ARN where ECR writes the name."""
    IMAGE_ARN = "resources"
    """The ARN of the image, and the details of the resource with the name of the repository."""
    LISTED = "detail.repositories"
    """A list of repositories with their names."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """One type of event that EventBridge knows, and which of its events are meant."""

    id: str
    """The construct id of the rule."""
    kind: str
    """What the message calls it."""
    detail_type: str
    """EventBridge's name of the type."""
    detail: Mapping[str, Any]
    """What the details must be, as an event pattern says it."""
    source: str = _ECR
    """The service that sends it."""
    named: Named = Named.NAME
    """Where the repository is named."""


_ACTION, _CACHE, _REPLICATION = (
    "ECR Image Action",
    "ECR Pull Through Cache Action",
    "ECR Replication Action",
)
_SUCCESS: Final = ["SUCCESS"]
_NO_SUCCESS: Final = [{"anything-but": "SUCCESS"}]
_DETAILS: Final[Mapping[ImageEvent, tuple[str, Mapping[str, Any]]]] = MappingProxyType(
    {
        ImageEvent.PUSHED: (_ACTION, {"result": _SUCCESS, "action-type": ["PUSH"]}),
        ImageEvent.DELETED: (_ACTION, {"result": _SUCCESS, "action-type": ["DELETE"]}),
        ImageEvent.ARCHIVED: (
            _ACTION,
            {
                "result": _SUCCESS,
                "action-type": ["UPDATE_STORAGE_CLASS"],
                "target-storage-class": ["ARCHIVE"],
            },
        ),
        ImageEvent.RESTORED: (
            _ACTION,
            {
                "result": _SUCCESS,
                "action-type": ["UPDATE_STORAGE_CLASS"],
                "target-storage-class": ["STANDARD"],
            },
        ),
        ImageEvent.CACHED: (_CACHE, {"sync-status": _SUCCESS}),
        ImageEvent.CACHE_FAILED: (_CACHE, {"sync-status": _NO_SUCCESS}),
        ImageEvent.REPLICATED: (_REPLICATION, {"result": _SUCCESS, "action-type": ["REPLICATE"]}),
        ImageEvent.REPLICATION_FAILED: (
            _REPLICATION,
            {"result": _NO_SUCCESS, "action-type": ["REPLICATE"]},
        ),
        ImageEvent.SIGNED: (
            "ECR Referrer Action",
            {
                "result": _SUCCESS,
                "action-type": ["PUSH"],
                "artifact-media-type": list(_SIGNATURES),
            },
        ),
        ImageEvent.SCANNING_CHANGED: (
            "ECR Scan Resource Change",
            {"action-type": ["SCAN_FREQUENCY_CHANGE"]},
        ),
    }
)


def selections_of(event: ImageEvent | ScanFindings) -> tuple[Selection, ...]:
    """The types of events that EventBridge must be asked for: one rule each."""
    if isinstance(event, ScanFindings):
        return _scans(event)
    detail_type, detail = _DETAILS[event]
    return (
        Selection(
            id="".join(word.capitalize() for word in event.value.split("-")),
            kind=event.value,
            detail_type=detail_type,
            detail=detail,
            named=Named.LISTED if event is ImageEvent.SCANNING_CHANGED else Named.NAME,
        ),
    )


def _scans(findings: ScanFindings) -> tuple[Selection, ...]:
    told = findings.at_least.and_worse()
    counted = told if set(told) <= set(_COUNTED) else ("TOTAL",)
    basic = Selection(
        id="BasicScan",
        kind="image-scanned",
        detail_type="ECR Image Scan",
        detail={"scan-status": ["COMPLETE"], **_any_of(told)},
    )
    enhanced = Selection(
        id="EnhancedScan",
        kind="image-scanned",
        source=_INSPECTOR,
        detail_type="Inspector2 Scan",
        detail={"scan-status": ["INITIAL_SCAN_COMPLETE"], **_any_of(counted)},
        named=Named.ARN,
    )
    finding = Selection(
        id="EnhancedFinding",
        kind="finding",
        source=_INSPECTOR,
        detail_type="Inspector2 Finding",
        detail={"severity": list(told), "status": ["ACTIVE"]},
        named=Named.IMAGE_ARN,
    )
    return (basic, enhanced, finding) if findings.each_finding else (basic, enhanced)


def _any_of(severities: tuple[str, ...]) -> dict[str, Any]:
    """That one of these counts is more than zero; what is not there is zero."""
    counts = [{"finding-severity-counts": {severity: _SOME}} for severity in severities]
    return {"$or": counts} if len(counts) > 1 else dict(counts[0])
