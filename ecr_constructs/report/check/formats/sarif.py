"""The findings as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from ....model.findings import Severity
from ....model.version import VERSION
from ..collector import Checked, Reported
from .json_form import plain
from .places import Places
from .words import given_text

__all__ = ["render_sarif"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.DANGER: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}
_NUMBER: Final = re.compile(r"\[\d+\]")
# Code scanning of GitHub reads the one name alone, and makes it of the line where it is missing:
# findings that are shown at the app's first line would become one.
_FINGERPRINTS: Final = ("ecrConstructs/v1", "primaryLocationLineHash")


def render_sarif(checked: Checked, places: Places) -> str:
    """One run with every finding; what is acknowledged is suppressed."""
    codes = list(dict.fromkeys(each.finding.code for each in checked.findings))
    driver = {
        "name": "ecr-constructs",
        "version": VERSION,
        "semanticVersion": VERSION,
        "rules": [_rule(code, checked.findings) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.finding.code), places)
                    for each in checked.findings],
    }  # fmt: skip
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def _rule(code: str, findings: Sequence[Reported]) -> dict[str, Any]:
    first = next(each.finding for each in findings if each.finding.code == code)
    words = code.replace("-", " ")
    acknowledge = (
        f"Where it may stay: cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment("
        f"id='ecr-constructs::{code}', reason='...'))"
    )
    return {
        "id": code,
        "shortDescription": {"text": f"{words[0].upper()}{words[1:]}"},
        "fullDescription": {"text": f"ECR: {words}. Allowed: {first.allowed}."},
        "helpUri": first.docs,
        "help": {
            "text": f"{first.docs}\n\n{acknowledge}",
            "markdown": f"[What AWS says]({first.docs})\n\n`{acknowledge}`",
        },
        "defaultConfiguration": {"level": _LEVELS[first.severity]},
        "properties": {"tags": ["aws", "ecr"]},
    }


def _result(reported: Reported, rule: int, places: Places) -> dict[str, Any]:
    finding, resource = reported.finding, reported.resource
    place = places.of(resource)
    given = given_text(finding.given)
    told = f" Given: {given}." if given else ""
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {
            "text": f"{finding.property}: {finding.message}.{told} Allowed: {finding.allowed}. "
            f"Fix: {finding.fix}."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": place.uri},
                    "region": {"startLine": place.line},
                },
                "logicalLocations": [
                    {
                        "fullyQualifiedName": resource.construct_path
                        or f"{reported.stack.source.stack}/{resource.logical_id}",
                        "name": resource.logical_id,
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": dict.fromkeys(_FINGERPRINTS, _fingerprint(reported)),
    }
    if reported.acknowledged is not None:
        result["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": reported.acknowledged}
        ]
    return result


def _fingerprint(reported: Reported) -> str:
    """What stays equal while other things are edited: neither a line nor a place in a list."""
    finding, resource = reported.finding, reported.resource
    given = None if isinstance(finding.given, (int, float)) else plain(finding.given)
    parts = [
        finding.code,
        reported.stack.source.stack,
        resource.construct_path or resource.logical_id,
        _NUMBER.sub("[]", finding.property),
        given,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
