"""Findings that somebody knows of and has said why they stay.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...model.repository.removal import METADATA_KEY
from ..reading.construct_metadata import ACKNOWLEDGED, reasons_in
from ..template.stack import Resource

__all__ = ["reason_of"]

# What stands before the code. CDK writes "Annotation" where somebody gives the code alone.
_NAMESPACES: Final = ("", "ecr-constructs", "Annotation", "annotation", "Construct-Annotations")
_OF_REMOVAL: Final = (
    "empty-on-delete",
    "key-not-retained",
    "repository-not-retained",
    "retention-removed",
)


def reason_of(resource: Resource, code: str) -> str | None:
    """Why a finding about a resource stays; None where nobody has said so.

    It is said at the construct or any construct above it, the app included; in a template without
    constructs in the metadata of the resource. Who gives ``Removal`` a reason has said it as well.
    """
    for reasons in _said_of(resource):
        for key, reason in reasons.items():
            if _code_in(key) == code:
                return reason
    return _removal_reason(resource) if code in _OF_REMOVAL else None


def _said_of(resource: Resource) -> Iterator[Mapping[str, str]]:
    """What is acknowledged, the nearest first."""
    metadata = _metadata_of(resource)
    if ACKNOWLEDGED in metadata:
        yield reasons_in(metadata[ACKNOWLEDGED])
    known = resource.stack.source.acknowledged
    if not known:
        return
    path = resource.construct_path or ""
    while path:
        if path in known:
            yield known[path]
        path = path.rpartition("/")[0]
    if "" in known:
        yield known[""]


def _code_in(key: str) -> str | None:
    namespace, _, code = key.rpartition("::")
    known = namespace.replace(" ", "-") in _NAMESPACES
    return code.strip().replace(" ", "-") if known else None


def _removal_reason(resource: Resource) -> str | None:
    written = _metadata_of(resource).get(METADATA_KEY)
    reason = written.get("reason") if isinstance(written, Mapping) else None
    return reason if isinstance(reason, str) else None


def _metadata_of(resource: Resource) -> Mapping[str, Any]:
    entry = resource.stack.resources.get(resource.logical_id)
    metadata = entry.get("Metadata") if isinstance(entry, Mapping) else None
    return metadata if isinstance(metadata, Mapping) else {}
