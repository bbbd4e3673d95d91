"""One request against one set of policies.

The request is concrete: what nobody gave is absent. Where AWS's pages leave a case open, the
answer is the one that warns of access: an Allow that may apply does, a Deny that may apply does
not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..requests.naming import Naming
from ..requests.principals import Principal
from ..requests.request import (
    ANY_RESOURCE,
    TOKEN,
    Request,
    Resource,
    is_account_action,
    request_context,
)
from ..statements.policies import Policy, PolicySet
from ..statements.statement import Statement
from ..values.context import Context
from ..values.truth import Truth
from .answers import Because, Decision, Outcome
from .decide import Judgement, Layers, judge
from .layers import EMPTY, PLAINLY, Layer, layer

__all__ = ["evaluate"]


class _RequestFacts:
    """The parts of statements against one request."""

    def __init__(
        self, principal: Principal, action: str, resource: str, context: Context, *, bounded: bool
    ) -> None:
        self.principal = principal
        self.action = action
        self._resource = resource
        self._context = context
        self._bounded = bounded

    def naming(self, statement: Statement) -> Naming:
        if statement.principals is None:
            return PLAINLY
        return statement.principals.naming(
            self.principal, bounded=self._bounded, settled=self._context.settled
        )

    def resource(self, statement: Statement) -> Truth:
        if statement.resources is None:
            return Truth.YES
        return statement.resources.covers(self._resource, self._context)

    def condition(self, statement: Statement) -> Truth:
        if statement.condition is None:
            return Truth.YES
        return statement.condition.holds(self._context)


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """The decision that AWS would make, with its reasons."""
    principal = request.principal
    action = request.action.lower()
    resource = Resource(ANY_RESOURCE if is_account_action(action) else request.resource)
    context = request_context(
        principal,
        resource,
        request.context,
        region=Resource(request.resource).region,
        settled=True,
    )
    own = principal.account is not None and _owner(request, context) in (None, principal.account)
    asks_own_account = own or (is_account_action(action) and principal.has_identity)
    # An action on the whole account meets the RCPs and the registry policy of that account, not
    # those of another that the question speaks of.
    theirs = own or not asks_own_account
    policies = replace(
        policies,
        identity=policies.identity if principal.takes_policies else (),
        boundary=policies.boundary if principal.takes_boundary else None,
        session=policies.session if principal.takes_session_policy else None,
        scps=policies.scps if principal.under_scps else None,
        rcps=policies.rcps if theirs and not principal.service_linked else None,
        repository=policies.repository if resource.has_policy_for(action) else None,
        registry=policies.registry if theirs and action != TOKEN else None,
    )
    facts = _RequestFacts(
        principal, action, resource.arn, context, bounded=policies.boundary is not None
    )
    layers = Layers(
        identity=layer(policies.identity, facts),
        boundary=layer((policies.boundary,), facts) if policies.boundary else None,
        session=layer(policies.session, facts) if policies.session is not None else None,
        scps=_by_level(policies.scps, facts) if policies.scps is not None else None,
        rcps=_by_level(policies.rcps or (), facts),
        repository=layer((policies.repository,), facts) if policies.repository else EMPTY,
        # "Amazon ECR requires that users have permission to make calls to the
        # ecr:GetAuthorizationToken API through an IAM policy" (ECR user guide: Private repository
        # policies). What a Deny of it in a registry policy does is not said: it is left out, too.
        registry=layer((policies.registry,), facts) if policies.registry else EMPTY,
        identity_assumed=policies.identity_assumed,
        same_account=asks_own_account,
    )
    judgement = judge(principal, layers)
    return _decision(judgement, tuple(_missing(policies, facts, context)))


def _owner(request: Request, context: Context) -> str | None:
    """The account of the resource, from its ARN or else from what was given."""
    account = Resource(request.resource).account
    if account is None:
        given = context.value("aws:resourceaccount")
        if isinstance(given, tuple) and len(given) == 1:
            return given[0]
    return account


def _by_level(levels: tuple[tuple[Policy, ...], ...], facts: _RequestFacts) -> tuple[Layer, ...]:
    return tuple(layer(level, facts) for level in levels)


def _decision(judgement: Judgement, missing: tuple[str, ...]) -> Decision:
    if judgement.denied is Truth.YES:
        denies = tuple(
            Because.of(entry.statement) for entry in judgement.denies if entry.truth is Truth.YES
        )
        return Decision(Outcome.EXPLICIT_DENY, denies, missing)
    if judgement.access is Truth.NO:
        return Decision(Outcome.IMPLICIT_DENY, (), missing, judgement.lacking)
    grants = tuple(Because.of(entry.statement) for entry in judgement.grants)
    return Decision(Outcome.ALLOW, grants, missing)


def _missing(policies: PolicySet, facts: _RequestFacts, context: Context) -> Iterator[str]:
    """The keys that the applicable statements ask for and nobody gave, sorted."""
    first_written: dict[str, str] = {}
    for statement in _statements(policies, facts, context):
        for key in statement.asked_keys():
            name = key.lower()
            if key not in context and not context.lacks(name):
                first_written.setdefault(name, key)
    for name in sorted(first_written):
        yield first_written[name]


def _statements(policies: PolicySet, facts: _RequestFacts, context: Context) -> Iterator[Statement]:
    every: list[Policy] = list(policies.identity)
    every += (policies.boundary,) if policies.boundary else ()
    every += policies.session or ()
    for level in (*(policies.scps or ()), *(policies.rcps or ())):
        every += level
    every += (policies.repository,) if policies.repository else ()
    every += (policies.registry,) if policies.registry else ()
    for policy in every:
        for statement in policy.about(facts.action):
            if statement.principals is not None and facts.naming(statement).any is Truth.NO:
                continue
            # A variable without a value may be what keeps the resource from matching.
            element = statement.resources
            depends = element is not None and element.lacks_a_value(context)
            if depends or facts.resource(statement) is not Truth.NO:
                yield statement
