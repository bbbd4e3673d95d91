"""What a policy of ECR allows, and another statement of it, or of the registry's, denies again.

"An explicit deny in any of these policies overrides the allow":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..deferred import is_deferred, masked
from ..findings import Finding, Severity
from .callers import condition_entries, condition_values

if TYPE_CHECKING:
    from .evaluator import ContextValue, Principal

__all__ = ["check_taken_back"]

DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
_ANY_REPOSITORY: Final = "arn:aws:ecr:eu-west-1:000000000000:repository/any"
_SOURCE: Final = "aws:sourceaccount"
# The partition is the same on both sides.
_PARTITION: Final = ("${AWS::Partition}", "aws")

_Statement = Mapping[str, object]


def check_taken_back(
    allowing: Iterable[_Statement], denying: Iterable[_Statement], *, resource: str | None = None
) -> tuple[Finding, ...]:
    """Whom the Allow statements let in, and the Deny statements shut out again.

    Only what is certain is said: a Deny on what follows from a principal, or from the account for
    which a service acts. The organization of an account does not.

    :param resource: the ARN of the repository, for statements that do not name any.
    """
    denies = [statement for statement in denying if statement.get("Effect") == "Deny"]
    if not denies:
        return ()
    return tuple(
        finding
        for allow in allowing
        if allow.get("Effect") == "Allow"
        for caller in _callers(allow)
        for deny in denies
        for finding in _check_caller(caller, allow, deny, resource or _ANY_REPOSITORY)
    )


@dataclass(frozen=True, kw_only=True)
class _Caller:
    name: str
    """As the statement names it."""
    source: str | None = None
    """The account for which a service acts."""

    def principal(self) -> Principal | None:
        from .evaluator import Principal  # noqa: PLC0415 - imported when there is a Deny

        return Principal.parse(masked(self.name))

    def context(self, principal: Principal) -> dict[str, ContextValue]:
        """The keys that are the same in every request of the caller."""
        known = {key.lower(): value for key, value in principal.known().items()}
        if principal.is_root:
            # The account stands for each of its roles and users.
            known = {
                key: known[key] for key in ("aws:principalaccount", "aws:principalisawsservice")
            }
        return known | ({} if self.source is None else {_SOURCE: self.source})


def _callers(allow: _Statement) -> Iterator[_Caller]:
    named = allow.get("Principal")
    if not isinstance(named, Mapping):
        return
    for name in condition_values(named.get("AWS")):
        if name != "*":
            yield _Caller(name=name)
    for service in condition_values(named.get("Service")):
        for operator, key, value in condition_entries(allow.get("Condition")):
            if operator == "StringEquals" and key == _SOURCE:
                for account in condition_values(value):
                    if not is_deferred(account):
                        yield _Caller(name=service, source=account)


def _check_caller(
    caller: _Caller, allow: _Statement, deny: _Statement, resource: str
) -> Iterator[Finding]:
    written = json.dumps(deny, default=str).replace(*_PARTITION)
    principal = caller.principal()
    if principal is None or is_deferred(written):
        return
    context = caller.context(principal)
    asked = {key for _, key, _ in condition_entries(deny.get("Condition"))}
    if not asked <= context.keys():
        return
    (first, *_) = (*condition_values(allow.get("Resource")), resource)
    actions = [
        action
        for action in condition_values(allow.get("Action"))
        if _denies(json.loads(written), principal, action, first.replace(*_PARTITION), context)
    ]
    if actions:
        yield _taken_back(caller, actions, deny)


def _denies(
    deny: _Statement,
    principal: Principal,
    action: str,
    resource: str,
    context: Mapping[str, ContextValue],
) -> bool:
    from .evaluator import (  # noqa: PLC0415 - imported when there is a Deny
        Outcome,
        PolicyKind,
        PolicySet,
        Request,
        evaluate,
        parse_policy,
    )

    document = {"Version": "2012-10-17", "Statement": [deny]}
    kind = PolicyKind.REGISTRY if "Resource" in deny else PolicyKind.REPOSITORY
    policy = parse_policy(document, kind, name=kind.value).policy
    request = Request(principal=principal, action=action, resource=resource, context=context)
    policies = (
        PolicySet(registry=policy) if kind is PolicyKind.REGISTRY else PolicySet(repository=policy)
    )
    return evaluate(request, policies).decision is Outcome.EXPLICIT_DENY


def _taken_back(caller: _Caller, actions: list[str], deny: _Statement) -> Finding:
    who = caller.name if caller.source is None else f"{caller.name} for {caller.source}"
    by = f"the statement {deny['Sid']}" if "Sid" in deny else "another statement"
    return Finding(
        code="policy-taken-back",
        property="policy_statements",
        message=f"allow {who} what {by} denies, so it stays denied",
        given=actions,
        allowed="grants to those whom no Deny shuts out",
        fix="name the account in the perimeter that denies, or leave out the grant",
        docs=DOCS,
        severity=Severity.WARNING,
    )
