"""What the lifecycle policies of an app can do to the images under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ...model.deferred import is_deferred
from ...model.findings import Finding, dangers
from ...model.lifecycle import LifecycleRule, explain, parse
from ..lifecycle.dependents import Dependents
from ..template.alternatives import Alternatives, in_every_world
from ..template.app import App
from ..template.marks import Marks, marked
from ..template.stack import Resource
from .located import Located

__all__ = ["check_lifecycles"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_TEMPLATE: Final = "AWS::ECR::RepositoryCreationTemplate"
_PROPERTY: Final = "LifecyclePolicy"
_OF_MOVED_TAGS: Final = "lifecycle-untagged-but-pinned"


@dataclass(frozen=True)
class _Policy:
    """The rules of a policy, and what is proven of them whatever repository they are for."""

    rules: tuple[LifecycleRule, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), hash=False)


def check_lifecycles(app: App) -> Iterator[Located]:
    """What is proven of each lifecycle policy, and what it can take of what the app runs.

    What ECR refuses of a policy, and what its text says by mistake, is of another topic.
    """
    policies = _Policies(app.marks)
    dependents = Dependents(app)
    for resource in app.of_kind(_REPOSITORY, _TEMPLATE):
        written = resource.properties.get(_PROPERTY)
        if written is None:
            continue
        of_one = _OfOne(resource, policies, dependents)
        for finding in in_every_world(written, of_one.findings, by=_itself):
            yield Located(finding=finding, resource=resource)


class _OfOne:
    """The rules for one repository or creation template."""

    def __init__(self, resource: Resource, policies: _Policies, dependents: Dependents) -> None:
        self._resource = resource
        self._policies = policies
        self._dependents = dependents

    def findings(self, chosen: Any) -> Iterator[Finding]:
        """What is to be said where conditions chose this policy."""
        text = chosen.get("LifecyclePolicyText") if isinstance(chosen, Mapping) else chosen
        if not isinstance(text, str):
            return
        policy = self._policies.read(text)
        for finding in policy.findings:
            yield replace(finding, property=_PROPERTY)
        if policy.rules and self._resource.kind == _REPOSITORY:
            mode = self._resource.properties.get("ImageTagMutability")
            undecided = isinstance(mode, Alternatives) or (isinstance(mode, str) and marked(mode))
            for finding in self._dependents.lost_by(self._resource, policy.rules):
                if not (undecided and finding.code == _OF_MOVED_TAGS):
                    yield replace(finding, property=_PROPERTY)


class _Policies:
    """The policies of an app by their texts: many repositories have the same."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._known: dict[str, _Policy] = {}

    def read(self, text: str) -> _Policy:
        """The policy of a text; without rules where ECR refuses it or the text is not known."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._read(self._marks.deferred(text))
        return found

    @staticmethod
    def _read(text: str) -> _Policy:
        if is_deferred(text):
            return _Policy()
        rules, findings = parse(text)
        if dangers(findings):
            return _Policy()
        return _Policy(rules, explain(rules, findings=()).findings)


def _itself(finding: Finding) -> str:
    return repr(finding)
