"""Many statements, one document: the same one in whatever order they were declared.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryPolicy.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...deferred import flatten, masked
from ...findings import Finding

__all__ = [
    "MAX_POLICY",
    "Contribution",
    "MergedStatement",
    "check_merged",
    "document_of",
    "merge",
]

DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryPolicy.html"
MAX_POLICY: Final = 10_240
_ORDER = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_NAMED = 5
_HASH = 8


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """A statement, and the path of the construct that asks for it."""

    owner: str
    statement: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class MergedStatement:
    """A statement of the document, and everybody who asked for it."""

    owners: tuple[str, ...]
    statement: Mapping[str, object]

    @property
    def size(self) -> int:
        """Bytes in the document; a deferred part counts as one, so never too many."""
        return len(masked(_text(flatten(self.statement))).encode(errors="replace"))


def merge(contributions: Iterable[Contribution]) -> tuple[MergedStatement, ...]:
    """The statements of the document: equal ones once, each with a Sid, in the order of the Sids.

    A Sid that is not given is made of what the statement says, so that it stays as it is when
    others come and go.
    """
    owners: dict[str, set[str]] = {}
    sids: dict[str, set[str]] = {}
    bodies: dict[str, dict[str, object]] = {}
    for entry in contributions:
        body = _normal(entry.statement)
        sid = str(body.pop("Sid", "") or "")
        key = _text(body)
        bodies[key] = body
        owners.setdefault(key, set()).add(entry.owner)
        sids.setdefault(key, set()).update([sid] if sid else ())
    merged = [
        MergedStatement(
            owners=tuple(sorted(owners[key])),
            statement={"Sid": min(sids[key], default=_made_up(body)), **body},
        )
        for key, body in bodies.items()
    ]
    return tuple(sorted(merged, key=_sorted_by))


def document_of(merged: Sequence[MergedStatement]) -> dict[str, object]:
    """The policy document."""
    return {"Version": "2012-10-17", "Statement": [dict(entry.statement) for entry in merged]}


def check_merged(merged: Sequence[MergedStatement]) -> tuple[Finding, ...]:
    """Two statements of one Sid, and a document that is longer than ECR takes."""
    return (*_check_sids(merged), *_check_size(merged))


def _check_sids(merged: Sequence[MergedStatement]) -> list[Finding]:
    by_sid: dict[str, list[MergedStatement]] = {}
    for entry in merged:
        by_sid.setdefault(str(entry.statement["Sid"]), []).append(entry)
    return [
        Finding(
            code="registry-policy-sid-twice",
            property="statement",
            message=(
                "is the Sid of different statements, of "
                + " and of ".join(", ".join(entry.owners) for entry in entries)
            ),
            given=sid,
            allowed="one statement of each Sid in a policy",
            fix="give one of them another Sid, or leave it out: one is made up",
            docs=DOCS,
        )
        for sid, entries in by_sid.items()
        if len(entries) > 1
    ]


def _check_size(merged: Sequence[MergedStatement]) -> list[Finding]:
    size = len(masked(_text(flatten(document_of(merged)))).encode(errors="replace"))
    if size <= MAX_POLICY:
        return []
    shares: dict[str, int] = {}
    for entry in merged:
        who = " and ".join(entry.owners)
        shares[who] = shares.get(who, 0) + entry.size
    largest = sorted(shares.items(), key=_largest_first)[:_NAMED]
    return [
        Finding(
            code="registry-policy-too-long",
            property="statement",
            message=(
                f"the registry policy is {size} bytes long; the largest parts are "
                + ", ".join(f"{who} ({share} bytes)" for who, share in largest)
            ),
            given=size,
            allowed=f"at most {MAX_POLICY} bytes for all statements of a registry",
            fix=(
                "say with one prefix what several statements say, or name an organization "
                "instead of many accounts"
            ),
            docs=DOCS,
        )
    ]


def _largest_first(share: tuple[str, int]) -> tuple[int, str]:
    return -share[1], share[0]


def _sorted_by(entry: MergedStatement) -> tuple[str, str]:
    return str(entry.statement["Sid"]), _text(entry.statement)


def _normal(statement: Mapping[str, object]) -> dict[str, object]:
    """The statement in one of the many forms that mean the same."""
    normal: dict[str, object] = {}
    for element in sorted(statement, key=_place):
        value = statement[element]
        if element == "Condition" and isinstance(value, Mapping):
            normal[element] = {
                operator: {key: _set(entry) for key, entry in sorted(keys.items())}
                if isinstance(keys, Mapping)
                else keys
                for operator, keys in sorted(value.items())
            }
        elif element.endswith("Principal") and isinstance(value, Mapping):
            normal[element] = {kind: _set(entry) for kind, entry in sorted(value.items())}
        else:
            normal[element] = _set(value)
    return normal


def _place(element: str) -> tuple[int, str]:
    return (_ORDER.index(element) if element in _ORDER else len(_ORDER)), element


def _set(value: object) -> object:
    """A list without order and repetition; one entry stands alone, as IAM takes it."""
    if not isinstance(value, (list, tuple)):
        return value
    entries = {_text(entry): entry for entry in value}
    listed = [entries[text] for text in sorted(entries)]
    return listed[0] if len(listed) == 1 else listed


def _made_up(body: Mapping[str, object]) -> str:
    """``AllowReplicateImage1a2b3c4d``: what it does, and its content."""
    actions = body.get("Action", body.get("NotAction", ""))
    first = actions[0] if isinstance(actions, list) and actions else actions
    verb = re.sub(r"[^0-9A-Za-z]", "", str(first).rpartition(":")[2])
    content = hashlib.sha256(_text(body).encode(errors="replace")).hexdigest()[:_HASH]
    return f"{body.get('Effect', '')}{verb}{content}"


def _text(value: object) -> str:
    return json.dumps(
        value, separators=(",", ":"), ensure_ascii=False, sort_keys=False, default=str
    )
