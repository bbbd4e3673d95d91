"""Lifecycle policies from files: the document, what the AWS CLI prints, or a template's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...model.findings import Finding, dangers
from ...model.lifecycle import LifecycleRule, parse
from ..reading.faults import unusable
from ..reading.sources import read_sources
from ..reading.text import read_text
from ..template.alternatives import conditions_in
from ..template.app import App
from ..template.stack import Resource
from .dependents import lost_references

__all__ = ["GivenPolicy", "policy_of_text", "read_policy"]

_NOT_JSON = "lifecycle-not-json"


@dataclass(frozen=True)
class GivenPolicy:
    """The rules that were read, and everything that is wrong with the policy."""

    rules: tuple[LifecycleRule, ...]
    findings: tuple[Finding, ...]
    referred: tuple[Finding, ...] = ()
    """What the rules can take of the images that the same app refers to."""


def read_policy(place: str, *, repository: str | None = None) -> GivenPolicy:
    """The policy in a file, or of a repository of a template or an assembly."""
    if repository is not None:
        return _policy_in_template(place, repository)
    source = read_text(place)
    return policy_of_text(source.text, place=source.name)


def policy_of_text(text: str, *, place: str) -> GivenPolicy:
    """The policy of a text. A text that is no JSON at all cannot be used."""
    rules, findings = parse(_unwrapped(text, place))
    for finding in findings:
        if finding.code == _NOT_JSON:
            where = finding.property.replace("policy", place, 1)
            raise unusable(where, finding.message, finding.fix, code=finding.code)
    return GivenPolicy(rules, findings)


def _unwrapped(text: str, place: str) -> str:
    """The policy inside what ``get-lifecycle-policy`` prints; any other text as it is."""
    if '"Resources"' not in text and '"lifecyclePolicyText"' not in text:
        return text
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(document, dict):
        inner = document.get("lifecyclePolicyText")
        if isinstance(inner, str):
            return inner
        if isinstance(document.get("Resources"), dict):
            raise unusable(place, "is a template, not a policy", "add --repository NAME")
    return text


def _policy_in_template(place: str, repository: str) -> GivenPolicy:
    app = App(read_sources(place).stacks)
    repositories = list(app.of_kind("AWS::ECR::Repository"))
    found = [each for each in repositories if repository in _names(app, each)]
    if not found:
        names = ", ".join(str(app.marks.readable(each.name)) for each in repositories) or "none"
        raise unusable(place, f"has no repository {repository}", f"use one of these: {names}")
    for each in found:
        _refuse_undecided(place, repository, each)
    texts = {_policy_text(each) for each in found}
    if len(texts) > 1:
        raise unusable(
            place, f"has several repositories {repository}", "use a construct path or logical id"
        )
    (text,) = texts
    if text is None:
        raise unusable(
            place,
            f"gives {repository} no lifecycle policy, so nothing expires",
            "use a repository with one",
        )
    given = policy_of_text(str(app.marks.readable(text)), place=f"{place}, {repository}")
    if dangers(given.findings):
        return given
    lost = [finding for each in found for finding in lost_references(app, each, given.rules)]
    return replace(given, referred=tuple(dict.fromkeys(lost)))


def _names(app: App, resource: Resource) -> Iterator[str]:
    yield str(app.marks.readable(resource.name))
    yield resource.logical_id
    if resource.construct_path:
        yield resource.construct_path
        yield resource.construct_path.removesuffix("/Resource")


def _policy_text(resource: Resource) -> str | None:
    text = _written(resource)
    return text if isinstance(text, str) else None


def _written(resource: Resource) -> Any:
    """The text of the policy, or whatever stands in its place."""
    policy = resource.properties.get("LifecyclePolicy")
    if policy is None or not isinstance(policy, Mapping):
        return policy
    return policy.get("LifecyclePolicyText")


def _refuse_undecided(place: str, repository: str, resource: Resource) -> None:
    """Say of a policy that is there and cannot be read why it cannot: images may expire by it."""
    written = _written(resource)
    if written is None or isinstance(written, str):
        return
    conditions = ", ".join(conditions_in(written))
    if conditions:
        raise unusable(
            place,
            f"gives {repository} a lifecycle policy that depends on what the template does not "
            f"decide ({conditions})",
            "give the policy itself as a file, once for each way",
        )
    raise unusable(
        place,
        f"gives {repository} a LifecyclePolicy whose LifecyclePolicyText is no text",
        "write the policy as JSON text",
    )
