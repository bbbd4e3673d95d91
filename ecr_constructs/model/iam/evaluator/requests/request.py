"""A request to be decided, and what follows from its resource.

Page of the IAM user guide: "Policy evaluation logic" (processing the request context).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...actions import ACCOUNT_ACTIONS, GET_AUTHORIZATION_TOKEN
from ..values.arns import arn_fields
from ..values.context import Context, ContextValue
from .principals import Principal

__all__ = [
    "ANY_RESOURCE",
    "TOKEN",
    "Request",
    "Resource",
    "is_account_action",
    "request_context",
]

ANY_RESOURCE = "*"
TOKEN = GET_AUTHORIZATION_TOKEN.lower()

_ACCOUNT_ACTIONS = frozenset(action.lower() for action in ACCOUNT_ACTIONS)
# The repository that these make does not exist yet, so it has no policy.
_BEFORE_THE_REPOSITORY = frozenset({"ecr:createrepository"})


def is_account_action(action: str) -> bool:
    """Whether an action (in lower case) knows no repository: AWS asks for it on ``*``."""
    return action in _ACCOUNT_ACTIONS


@dataclass(frozen=True)
class Resource:
    """The resource of a request, with what its ARN says."""

    arn: str
    account: str | None = field(init=False)
    region: str | None = field(init=False)

    def __post_init__(self) -> None:
        fields = arn_fields(self.arn)
        object.__setattr__(self, "account", (fields[4] or None) if fields else None)
        object.__setattr__(self, "region", (fields[3] or None) if fields else None)

    def has_policy_for(self, action: str) -> bool:
        """Whether the policy of the resource itself counts for the action (in lower case)."""
        return self.arn != ANY_RESOURCE and action not in _BEFORE_THE_REPOSITORY


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who asks to do what, where, and what is known of the circumstances.

    A key that ``context`` lacks is absent from the request, unless it follows from the principal
    (``aws:PrincipalArn``, ``aws:username``, ...) or the resource (``aws:ResourceAccount``,
    ``aws:RequestedRegion``). What is given wins over what follows.
    """

    principal: Principal
    action: str
    resource: str = ANY_RESOURCE
    context: Mapping[str, ContextValue] = field(default_factory=dict)


def request_context(
    principal: Principal,
    resource: Resource,
    given: Mapping[str, ContextValue],
    *,
    tags: Mapping[str, str] | None = None,
    region: str | None = None,
    settled: bool,
) -> Context:
    """The context of a request: what was given, over what follows from its parts.

    ``tags``: every tag of the resource, where they are known. ``region`` stands in where the
    resource has none (a token is asked for in the Region that it is used in).
    """
    values: dict[str, ContextValue] = {}
    asked_in = resource.region or region
    # Without a resource, the account that is asked is the principal's own.
    owner = principal.account if resource.arn == ANY_RESOURCE else resource.account
    if owner:
        values["aws:resourceaccount"] = owner
    if asked_in:
        values["aws:requestedregion"] = asked_in
    absent_families: tuple[str, ...] = ()
    if tags is not None:
        absent_families = ("aws:resourcetag/", "ecr:resourcetag/")
        for family in absent_families:
            values.update({f"{family}{key}": value for key, value in tags.items()})
    values.update({key.lower(): value for key, value in principal.known().items()})
    overridden = {key.lower() for key in given}
    merged: dict[str, ContextValue] = {
        key: value for key, value in values.items() if key.lower() not in overridden
    }
    # Keys that differ by case alone, of the caller or of tags, stay two entries: Context joins
    # them.
    merged.update(given)
    return Context(
        merged, absent=principal.lacking(), absent_families=absent_families, settled=settled
    )
