"""The two sides of a matrix: principals with their policies, repositories with theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..statements.policies import Levels, Policy, PolicySet
from ..values.context import ContextValue
from .principals import Principal

__all__ = ["Subject", "Target", "policy_set"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A principal, the policies on its side, and what is known of it besides."""

    principal: Principal
    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    scps: Levels | None = None
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    """Such as ``aws:PrincipalOrgID`` and ``aws:PrincipalTag/...``."""
    identity_assumed: bool = False
    """Another account's principal, whose identity-based policies are not at hand."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A repository and the policies on its side."""

    arn: str
    policy: Policy | None = None
    registry: Policy | None = None
    rcps: Levels | None = None
    tags: Mapping[str, str] | None = None
    """All of its tags; None where they are not known."""


def policy_set(subject: Subject, target: Target) -> PolicySet:
    """Everything that a request of the subject for the target meets."""
    return PolicySet(
        identity=subject.identity,
        boundary=subject.boundary,
        session=subject.session,
        scps=subject.scps,
        rcps=target.rcps,
        repository=target.policy,
        registry=target.registry,
        identity_assumed=subject.identity_assumed,
    )
