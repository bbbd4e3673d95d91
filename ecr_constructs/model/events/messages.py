"""The one shape in which every event arrives, made by EventBridge itself, without a function.

An input transformer puts values of the event into a template. It cannot cut a string, compute, or
use a value as a key, and a value that the event lacks is an empty string where the template has
quotes; without quotes the message would be no JSON. Therefore every field is a string between
quotes, but for two objects that the selected events always have: ``detail`` and, where scans are
counted, ``severity_counts``.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .selections import ImageEvent, ScanFindings, Selection, selections_of

__all__ = ["Message", "message_for", "rendered", "selection_with_id"]

VERSION: Final = "1"
_VARIABLE = re.compile(r"<([a-z]+)>")
# What stands between quotes in one bite, so that a variable in it is told from one outside.
_TOKEN = re.compile(r'"[^"]*"|<[a-z]+>')
_STEP = re.compile(r"([A-Za-z0-9_-]+)|\[(\d+)\]")
_IMAGE = "$.detail.resources[0].details.awsEcrContainerImage"
_ENVELOPE: Final = {
    "id": "$.id",
    "account": "$.account",
    "region": "$.region",
    "time": "$.time",
    "detail": "$.detail",
}
_OF_ECR = {"name": "$.detail.repository-name", "digest": "$.detail.image-digest"}
_BUILT_ARN = "arn:{partition}:ecr:<region>:<account>:repository/<name>"


@dataclass(frozen=True, kw_only=True)
class Message:
    """An input transformer."""

    paths: Mapping[str, str]
    """The variables, and where the event has their values."""
    template: str
    """The text with the variables in it."""


@dataclass(frozen=True, kw_only=True)
class _Form:
    """How one type of event is brought into the shape."""

    paths: Mapping[str, str]
    repository_arn: str = _BUILT_ARN
    severity: str = ""
    counts: str = "{}"
    scanner: str = ""


_COUNTS = {"counts": "$.detail.finding-severity-counts"}
_SCANNED = {"digest": "$.detail.image-digest", "tag": "$.detail.image-tags[0]", **_COUNTS}
_FORMS: Final[Mapping[str, _Form]] = {
    "BasicScan": _Form(
        paths={"name": "$.detail.repository-name", **_SCANNED},
        counts="<counts>",
        scanner="basic",
    ),
    "EnhancedScan": _Form(
        paths={"arn": "$.detail.repository-name", **_SCANNED},
        repository_arn="<arn>",
        counts="<counts>",
        scanner="enhanced",
    ),
    "EnhancedFinding": _Form(
        paths={
            "registry": f"{_IMAGE}.registry",
            "name": f"{_IMAGE}.repositoryName",
            "digest": f"{_IMAGE}.imageHash",
            "tag": f"{_IMAGE}.imageTags[0]",
            "severity": "$.detail.severity",
        },
        repository_arn="arn:{partition}:ecr:<region>:<registry>:repository/<name>",
        severity="<severity>",
        scanner="enhanced",
    ),
    "ScanningChanged": _Form(
        paths={"arn": "$.detail.repositories[0].repository-arn"}, repository_arn="<arn>"
    ),
}
_PLAIN = _Form(paths={**_OF_ECR, "tag": "$.detail.image-tag"})


def message_for(selection: Selection, *, partition: str) -> Message:
    """The input transformer for one type of event."""
    form = _FORMS.get(selection.id, _PLAIN)
    fields = {
        "version": VERSION,
        "kind": selection.kind,
        "id": "<id>",
        "account": "<account>",
        "region": "<region>",
        "time": "<time>",
        "repository_arn": form.repository_arn.format(partition=partition),
        "digest": "<digest>" if "digest" in form.paths else "",
        "tag": "<tag>" if "tag" in form.paths else "",
        "scanner": form.scanner,
        "severity": form.severity,
    }
    quoted = ",".join(f'"{name}":"{value}"' for name, value in fields.items())
    return Message(
        paths={**_ENVELOPE, **form.paths},
        template=f'{{{quoted},"severity_counts":{form.counts},"detail":<detail>}}',
    )


def selection_with_id(construct_id: str) -> Selection | None:
    """The type of event that a rule of a subscription is for, by the rule's construct id."""
    for event in (*ImageEvent, ScanFindings()):
        for selection in selections_of(event):
            if selection.id == construct_id:
                return selection
    return None


def rendered(message: Message, event: Mapping[str, Any]) -> str:
    """What EventBridge makes of an event by an input transformer."""
    values = {name: _at(path, event) for name, path in message.paths.items()}

    def inside(found: re.Match[str]) -> str:
        value = values[found.group(1)]
        return "" if value is None else str(value)

    def token(found: re.Match[str]) -> str:
        text = found.group()
        if text.startswith('"'):
            return _VARIABLE.sub(inside, text)
        value = values[text[1:-1]]
        return "" if value is None else json.dumps(value)

    return _TOKEN.sub(token, message.template)


def _at(path: str, event: Mapping[str, Any]) -> Any:
    value: Any = event
    for name, index in _STEP.findall(path.removeprefix("$.")):
        if index:
            value = value[int(index)] if _has(value, int(index)) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _has(value: object, index: int) -> bool:
    return isinstance(value, list) and index < len(value)
