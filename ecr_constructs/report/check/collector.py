"""All findings about an app: each once, in the order of its stacks and templates."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...model.findings import Finding, Severity
from ...model.template_words import in_template_words
from ..reading.sources import read_sources
from ..template.app import App
from ..template.marks import Marks
from ..template.stack import Resource, Stack
from .acknowledged import reason_of
from .keys import check_keys
from .lifecycles import check_lifecycles
from .located import Located, Rules
from .pulls import check_pulls
from .registries import ECR_TYPES, check_registries
from .repositories import check_repositories
from .spelling import check_spelling

__all__ = ["SEVERITIES", "Checked", "Reported", "check_app", "check_place", "collected"]

_RULES: Final[tuple[Rules, ...]] = (
    check_registries,
    check_spelling,
    check_repositories,
    check_keys,
    check_lifecycles,
    check_pulls,
)
"""Every topic."""
SEVERITIES: Final = (Severity.DANGER, Severity.WARNING, Severity.NOTE)
"""The most severe first."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A finding as it is reported."""

    finding: Finding
    resource: Resource
    acknowledged: str | None = None
    """The reason for which it stays; None where nobody gave one."""

    @property
    def stack(self) -> Stack:
        """The stack of its resource."""
        return self.resource.stack

    @property
    def environment(self) -> str:
        """Account and Region; ``${AWS::AccountId}`` and the like where nobody knows them."""
        stack = self.stack
        return str(stack.marks.readable(f"{stack.account}/{stack.region}"))


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The findings about everything behind a path."""

    findings: tuple[Reported, ...]
    notes: tuple[str, ...] = ()

    def trips(self, gate: Severity) -> bool:
        """Whether a finding is at or above the gate and nobody acknowledged it."""
        severe = SEVERITIES[: SEVERITIES.index(gate) + 1]
        return any(
            each.finding.severity in severe and each.acknowledged is None for each in self.findings
        )


def check_place(
    place: str | os.PathLike[str], *, account: str | None = None, region: str | None = None
) -> Checked:
    """Every finding about a template, an assembly directory, or ``-`` for standard input.

    ``account`` and ``region`` stand in for what the stacks leave open.
    """
    sources = read_sources(place, account=account, region=region)
    app = App(sources.stacks)
    notes = list(sources.notes)
    if not any(_is_of_ecr(entry) for stack in app.stacks for entry in stack.resources.values()):
        notes.append(f"{place}: no resource of ECR is there")
    return Checked(findings=check_app(app), notes=tuple(notes))


def check_app(app: App) -> tuple[Reported, ...]:
    """Every finding about the stacks of an app, acknowledged ones as such."""
    located = (each for rules in _RULES for each in rules(app))
    return collected(located, app.stacks, reason_of)


def collected(
    located: Iterable[Located],
    stacks: Sequence[Stack],
    reason: Callable[[Resource, str], str | None],
) -> tuple[Reported, ...]:
    """The findings of all rules, each once and in order.

    :param stacks: all stacks that the findings are about, in their order.
    :param reason: why a finding of a code about a resource may stay; None where nobody said it.
    """
    found: dict[tuple[int, str, str], Located] = {}
    for each in located:
        resource = each.resource
        readable = replace(each, finding=_readable(each.finding, resource.stack.marks))
        key = (id(resource.stack.source), resource.logical_id, repr(readable.finding))
        found.setdefault(key, readable)
    order = _Order(stacks)
    return tuple(
        Reported(
            finding=each.finding,
            resource=each.resource,
            acknowledged=reason(each.resource, each.finding.code),
        )
        for each in sorted(found.values(), key=order.place)
    )


class _Order:
    """Where a finding stands among the others."""

    def __init__(self, stacks: Sequence[Stack]) -> None:
        # By the source: topics may each read an app of their own.
        self._stacks = {id(stack.source): place for place, stack in enumerate(stacks)}
        self._resources = [
            {str(name): place for place, name in enumerate(stack.resources)} for stack in stacks
        ]

    def place(self, located: Located) -> tuple[int, int, int, str, str]:
        """Its stack, its resource, its severity, its code; what it says where all that is equal."""
        finding, resource = located.finding, located.resource
        stack = self._stacks[id(resource.stack.source)]
        return (
            stack,
            self._resources[stack].get(resource.logical_id, 0),
            SEVERITIES.index(finding.severity),
            finding.code,
            repr(finding),
        )


def _readable(finding: Finding, marks: Marks) -> Finding:
    """The finding in the words of a template, and without stand-ins that may be left in it."""
    texts = {
        name: marks.readable(getattr(finding, name))
        for name in ("property", "message", "given", "allowed", "fix")
    }
    return in_template_words(replace(finding, **texts))


def _is_of_ecr(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("Type") in ECR_TYPES
