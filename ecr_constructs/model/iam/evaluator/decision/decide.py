"""Whether a request is allowed: AWS's evaluation logic, step by step.

Pages: "Policy evaluation logic", "How AWS enforcement code logic evaluates requests to allow or
deny access", "Policy evaluation for requests within a single account", "Cross-account policy
evaluation logic" (IAM user guide); "SCP evaluation", "RCP evaluation" (Organizations user guide);
"Private repository policies" and "Private registry permissions" (ECR user guide).

Every step is a formula of three-valued truths. It never decreases when an Allow becomes surer
and never increases when a Deny does, so an open part can be read both ways at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..requests.principals import Principal, PrincipalKind
from ..statements.statement import PolicyKind
from ..values.truth import Truth, all_of, negate
from .layers import EMPTY, Applied, Layer

__all__ = ["Judgement", "Layers", "judge"]


@dataclass(frozen=True, kw_only=True)
class Layers:
    """What every kind of policy says of one request, as far as the principal can have such."""

    identity: Layer = EMPTY
    boundary: Layer | None = None
    """None where there is no boundary; so for the next two."""
    session: Layer | None = None
    scps: tuple[Layer, ...] | None = None
    rcps: tuple[Layer, ...] = ()
    repository: Layer = EMPTY
    registry: Layer = EMPTY
    identity_assumed: bool
    same_account: bool


@dataclass(frozen=True, eq=False)
class Judgement:
    """The outcome, three-valued, with the statements behind it. Compared by identity."""

    access: Truth
    """Whether the request is allowed."""
    denied: Truth
    """Whether an explicit deny applies."""
    grants: tuple[Applied, ...] = ()
    """The Allow statements that make the access."""
    denies: tuple[Applied, ...] = ()
    lacking: tuple[PolicyKind, ...] = field(default=())
    open_limits: tuple[Applied, ...] = ()
    """The Allow statements by which a boundary, session policy or SCP perhaps lets it pass."""


def judge(principal: Principal, layers: Layers) -> Judgement:
    """Decide a request of a principal from what each kind of policy says of it."""
    # Step 1, deny evaluation: "In all those policies, the enforcement code looks for a Deny
    # statement that applies to the request. This is called an explicit deny."
    denies = _denies(principal, layers)
    denied = max((entry.truth for entry in denies), default=Truth.NO)

    # Step 2, RCPs: RCPFullAWSAccess is attached everywhere and cannot be detached, "so there
    # will always be an Allow statement": what they deny is all that counts.
    # Step 3, SCPs: an Allow "at every level from the root through each OU in the direct path to
    # the account (including the target account itself)".
    scps = Truth.YES
    if layers.scps is not None and principal.under_scps:
        scps = all_of(level.allowed for level in layers.scps)

    granted, grants, lacking = _granted(principal, layers)
    access = min(scps, granted, negate(denied))
    if scps is Truth.NO:
        lacking = (PolicyKind.SCP, *lacking)
    return Judgement(access, denied, grants, denies, lacking, _open_limits(principal, layers))


def _denies(principal: Principal, layers: Layers) -> tuple[Applied, ...]:
    denies: list[Applied] = []
    if layers.scps is not None and principal.under_scps:
        for level in layers.scps:
            denies += level.denies
    # "RCPs don't apply to calls made by service-linked roles." They do apply to services.
    if not principal.service_linked:
        for level in layers.rcps:
            denies += level.denies
    denies += layers.identity.denies
    denies += layers.boundary.denies if layers.boundary else ()
    denies += layers.session.denies if layers.session else ()
    denies += layers.repository.denies
    denies += layers.registry.denies
    return tuple(denies)


def _open_limits(principal: Principal, layers: Layers) -> tuple[Applied, ...]:
    scps = layers.scps if layers.scps is not None and principal.under_scps else ()
    return tuple(
        entry
        for limit in (layers.boundary, layers.session, *scps)
        if limit is not None and limit.allowed is Truth.OPEN
        for entry in limit.allows
    )


@dataclass(frozen=True)
class _Sides:
    """What the resource side and the principal's side say, apart."""

    direct: Truth
    through_issuer: Truth
    through_account: Truth
    identity: Truth
    limits: Truth


def _granted(
    principal: Principal, layers: Layers
) -> tuple[Truth, tuple[Applied, ...], tuple[PolicyKind, ...]]:
    """Steps 4 to 7: resource-based policies, identity, boundary and session policies."""
    repository, registry = layers.repository, layers.registry
    sides = _Sides(
        # The registry policy is a second resource-based policy: "Amazon ECR allows all ECR
        # actions in the policy and enforces the registry policy in all ECR requests". An Allow
        # in either is enough; the page does not say that both must allow.
        direct=max(repository.direct, registry.direct),
        through_issuer=max(repository.through_issuer, registry.through_issuer),
        through_account=max(repository.through_account, registry.through_account),
        identity=_identity(principal, layers),
        limits=_limits(principal, layers),
    )
    named = max(sides.direct, sides.through_issuer, sides.through_account)
    if not principal.has_identity:
        # "AWS service principal: Permissions are granted directly"; anonymous users likewise.
        nobody = (PolicyKind.REPOSITORY,) if named is Truth.NO else ()
        return named, _resource_grants(layers, sides, everything=True), nobody
    if layers.same_account:
        return _within_account(layers, sides)
    # "AWS performs two evaluations: in the trusting account and in the trusted account. The
    # request is allowed only if both evaluations return a decision of Allow."
    grants = (*layers.identity.allows, *_resource_grants(layers, sides, everything=True))
    lacking = _lacking(layers, sides)
    if named is Truth.NO:
        lacking = (*lacking, PolicyKind.REPOSITORY)
    return min(sides.identity, sides.limits, named), grants, lacking


def _identity(principal: Principal, layers: Layers) -> Truth:
    # "By default, all requests are implicitly denied with the exception of the AWS account root
    # user, which has full access."
    if principal.is_root or layers.identity_assumed:
        return Truth.YES
    if principal.kind is PrincipalKind.ORGANIZATION:
        # Anybody in it: there is somebody whose own policies allow.
        return Truth.YES
    return layers.identity.allowed


def _limits(principal: Principal, layers: Layers) -> Truth:
    boundary = layers.boundary.allowed if layers.boundary is not None else Truth.YES
    if layers.session is not None:
        return min(boundary, layers.session.allowed)
    # "If there is no session policy, the code checks whether the principal is a role session.
    # If the principal is a role session, then the request is Allowed. Otherwise, the request is
    # implicitly denied": a federated user without a session policy may do nothing.
    if principal.kind is PrincipalKind.FEDERATED_USER and not layers.identity_assumed:
        return Truth.NO
    return boundary


def _within_account(
    layers: Layers, sides: _Sides
) -> tuple[Truth, tuple[Applied, ...], tuple[PolicyKind, ...]]:
    """One account: the union of both sides, and which limits count for which way of naming.

    "If a resource-based policy grants permission directly to the IAM user or the session
    principal that is making the request, then an implicit deny in an identity-based policy, a
    permissions boundary, or a session policy does not impact the final decision." Permissions
    for a role's ARN "are limited by an implicit deny in a permissions boundary or session
    policy". An account's ARN delegates, so the identity-based policy must allow by itself.
    """
    limited = min(max(sides.identity, sides.through_issuer), sides.limits)
    grants = _resource_grants(layers, sides, everything=False)
    if sides.limits is not Truth.NO:
        grants = (*layers.identity.allows, *grants)
    access = max(sides.direct, limited)
    return access, grants, _lacking(layers, sides) if access is Truth.NO else ()


def _resource_grants(layers: Layers, sides: _Sides, *, everything: bool) -> tuple[Applied, ...]:
    """The resource-based Allow statements that count, not those that only delegate."""
    found = (*layers.repository.allows, *layers.registry.allows)
    if everything:
        return found
    return tuple(
        entry
        for entry in found
        if entry.naming.direct is not Truth.NO
        or (entry.naming.through_issuer is not Truth.NO and sides.limits is not Truth.NO)
    )


def _lacking(layers: Layers, sides: _Sides) -> tuple[PolicyKind, ...]:
    lacking: list[PolicyKind] = []
    if sides.identity is Truth.NO:
        lacking.append(PolicyKind.IDENTITY)
    if layers.boundary is not None and layers.boundary.allowed is Truth.NO:
        lacking.append(PolicyKind.BOUNDARY)
    if layers.session is not None:
        if layers.session.allowed is Truth.NO:
            lacking.append(PolicyKind.SESSION)
    elif sides.limits is Truth.NO and PolicyKind.BOUNDARY not in lacking:
        # A federated user to whom no session policy was passed.
        lacking.append(PolicyKind.SESSION)
    return tuple(lacking)
