"""The findings as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ....model.findings import Severity
from ....model.version import VERSION
from ..collector import Checked, Reported
from .json_form import plain
from .places import Places
from .words import given_text

__all__ = ["render_sarif", "said_of_limits"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.DANGER: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}
# What code scanning of GitHub takes and shows:
# https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
_MOST_RESULTS: Final = 25_000
_MOST_SHOWN: Final = 5_000
_MOST_MEGABYTES: Final = 10
_MEGABYTE: Final = 1_000_000
_LONGEST_DESCRIPTION: Final = 1024
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


def said_of_limits(text: str, checked: Checked) -> Iterator[str]:
    """What code scanning of GitHub would refuse of the document, or leave out of what it shows."""
    results = len(checked.findings)
    fix = "check a part of the app at a time, or acknowledge what may stay and fix the rest"
    if results > _MOST_RESULTS:
        yield f"GitHub refuses a run of more than {_MOST_RESULTS} results ({results}); {fix}"
    elif results > _MOST_SHOWN:
        yield f"GitHub shows {_MOST_SHOWN} of {results} results, the most severe first"
    most = _MOST_MEGABYTES * _MEGABYTE
    # Most of it repeats: hardly anything is as long when it is packed.
    if len(text) > most and len(gzip.compress(text.encode())) > most:
        yield f"GitHub refuses a document of more than {_MOST_MEGABYTES} MB, packed by gzip; {fix}"


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
        "fullDescription": {"text": _short(f"ECR: {words}. Allowed: {first.allowed}.")},
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


def _short(text: str) -> str:
    """The text as far as it is read; each result has the whole of it."""
    most = _LONGEST_DESCRIPTION
    return text if len(text) <= most else f"{text[: most - 3]}..."


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
