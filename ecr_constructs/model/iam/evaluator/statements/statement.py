"""Compiled statements: what each says of a request, part by part.

Pages of the IAM user guide: "IAM JSON policy elements" Action, NotAction, Resource, NotResource.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..requests.naming import PrincipalElement
from ..values.context import Context
from ..values.truth import Truth, negate
from ..values.variables import Template
from ..values.wildcards import Pattern
from .conditions import Condition

__all__ = ["ActionElement", "Effect", "PolicyKind", "ResourceElement", "Statement"]


class PolicyKind(str, enum.Enum):
    """What a policy is attached to: which elements it takes, and how its statements count."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    REPOSITORY = "repository"
    REGISTRY = "registry"

    @property
    def names_principals(self) -> bool:
        """Whether its statements have a Principal element."""
        return self in (PolicyKind.RCP, PolicyKind.REPOSITORY, PolicyKind.REGISTRY)


class Effect(str, enum.Enum):
    """What a statement that applies does."""

    ALLOW = "Allow"
    DENY = "Deny"


class ActionElement:
    """Action or NotAction: "the prefix and the action name are case insensitive"."""

    __slots__ = ("_inverted", "_patterns")

    def __init__(self, patterns: tuple[str, ...], *, inverted: bool) -> None:
        self._patterns = tuple(Pattern.of(text.lower()) for text in patterns)
        self._inverted = inverted

    def covers(self, action: str) -> bool:
        """Whether the element covers an action in lower case."""
        listed = any(pattern.matches(action) for pattern in self._patterns)
        return listed is not self._inverted


class ResourceElement:
    """Resource or NotResource."""

    __slots__ = ("_inverted", "_templates", "depends_on_context", "everything")

    def __init__(self, texts: tuple[str, ...], *, inverted: bool, variables: bool) -> None:
        self._templates = tuple(
            Template(text, variables=variables, wildcards=True, segments=True) for text in texts
        )
        self._inverted = inverted
        self.everything = texts == ("*",) and not inverted
        self.depends_on_context = any(template.variables for template in self._templates)

    def covers(self, resource: str, context: Context) -> Truth:
        """Whether the element covers a resource."""
        best = Truth.NO
        for template in self._templates:
            if best is not Truth.YES:
                best = max(best, template.fits(resource, context, segments=True))
        if self._inverted:
            # "the resource that includes a policy variable with no value will not match any
            # resource": that entry, or the whole element.
            covered, open_still = negate(best), self.lacks_a_value(context)
        else:
            covered = best
            open_still = any(template.doubtful(context) for template in self._templates)
        return min(covered, Truth.OPEN) if open_still else covered

    def lacks_a_value(self, context: Context) -> bool:
        """Whether a variable has no value, or none that anybody knows."""
        return any(template.lacks_a_value(context) for template in self._templates)

    def asked_keys(self) -> Iterator[str]:
        """The context keys of its variables, as written."""
        for template in self._templates:
            yield from (variable.key for variable in template.variables)


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement, compiled. Compared by identity, so that it is cheap as a key of a memo."""

    kind: PolicyKind
    policy: str
    """The name of its policy."""
    index: int
    """Its place in the policy, from 0."""
    sid: str | None
    effect: Effect
    actions: ActionElement
    resources: ResourceElement | None
    """None: the repository that the policy is attached to."""
    condition: Condition | None
    condition_source: Mapping[str, object] | None
    """The Condition block as the policy has it."""
    principals: PrincipalElement | None

    def asked_keys(self) -> Iterator[str]:
        """Every context key that the statement asks for, as written."""
        if self.resources is not None:
            yield from self.resources.asked_keys()
        if self.condition is not None:
            yield from self.condition.asked_keys()
