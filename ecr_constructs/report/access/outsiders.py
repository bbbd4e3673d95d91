"""Principals that only a repository or registry policy names.

Whom a statement lets in is not always whom it names: "the account's root, if it is that role" is
the role, and "everybody, of that organization" is the organization.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...model.iam.callers import condition_entries, condition_values
from ...model.iam.evaluator import ContextValue, Principal, PrincipalKind, Subject
from ..template.marks import marked

__all__ = ["Outsider", "allowed_principals", "excepted_principals"]

_ORGANIZATION_KEYS: Final = ("aws:principalorgid", "aws:principalorgpaths")
_ANY_ORGANIZATION: Final = "o-*"
_SERVICE_NAMES: Final = ("aws:principalservicename", "aws:principalservicenameslist")
_IS_SERVICE: Final = "aws:principalisawsservice"
_ANY_SERVICE: Final = "*.amazonaws.com"
_NOT: Final = re.compile("not", re.IGNORECASE)
# In lower case: IAM's operators are taken without regard to it.
_EXACT: Final = ("stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase")
_OF_KIND: Final = {
    PrincipalKind.USER: "user",
    PrincipalKind.FEDERATED_USER: "user",
    PrincipalKind.ROLE: "role",
    PrincipalKind.SESSION: "role",
    PrincipalKind.GROUP: "group",
    PrincipalKind.ACCOUNT: "account",
    PrincipalKind.SERVICE: "service",
    PrincipalKind.FEDERATED: "federated",
}


@dataclass(frozen=True, kw_only=True)
class _Member(Principal):
    """Some role or user of an account, which one is not said."""

    def known(self) -> dict[str, ContextValue]:
        """What is true of every one of them."""
        known: dict[str, ContextValue] = {"aws:PrincipalIsAWSService": False}
        if self.account:
            known["aws:PrincipalAccount"] = self.account
        return known

    def lacking(self) -> tuple[str, ...]:
        """What no role or user has."""
        return ("aws:PrincipalServiceName", "aws:PrincipalServiceNamesList")


@dataclass(frozen=True, kw_only=True)
class _Anybody(Principal):
    """Anybody outside: with an AWS account or without, of no organization that is named."""

    def lacking(self) -> tuple[str, ...]:
        """What strangers never have; an ARN they may have, and may choose its name."""
        return tuple(key for key in super().lacking() if key != "aws:PrincipalArn")


@dataclass(frozen=True, kw_only=True)
class Outsider:
    """A principal that a policy names, and how the evaluator is asked about it."""

    text: str
    """As the report prints it."""
    kind: str
    account: str | None
    subject: Subject


def allowed_principals(statement: Mapping[str, Any], account: str) -> Iterator[Outsider]:
    """Whom an Allow statement of a repository policy lets in.

    ``account`` is the repository's own.
    """
    if statement.get("Effect") != "Allow":
        return
    conditions = _Conditions(statement.get("Condition"))
    if "NotPrincipal" in statement:
        yield _public()
        return
    principal = statement.get("Principal")
    kinds = principal if isinstance(principal, Mapping) else {"AWS": principal}
    for kind, names in kinds.items():
        for name in names if isinstance(names, list) else [names]:
            if not isinstance(name, str):
                continue
            if kind == "AWS":
                yield from _of_aws(name, conditions, account)
            elif kind == "Service":
                yield _plain(
                    Principal(kind=PrincipalKind.SERVICE, arn=name), name, identity_assumed=False
                )
            elif kind == "Federated":
                parsed = Principal.parse(name)
                provider = Principal(
                    kind=PrincipalKind.FEDERATED,
                    arn=name,
                    account=parsed.account if parsed else None,
                )
                yield _plain(provider, name, identity_assumed=False)


def excepted_principals(statement: Mapping[str, Any], account: str) -> Iterator[Outsider]:
    """Whom a statement keeps out, or makes an exception for.

    Another statement may let them in, so that a change of this one is what decides.
    """
    if statement.get("Effect") == "Deny":
        yield from allowed_principals({**statement, "Effect": "Allow"}, account)
    turned = _turned(statement)
    if turned != statement:
        yield from allowed_principals({**turned, "Effect": "Allow"}, account)


def _turned(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """The statement about those that it makes an exception for."""
    turned = dict(statement)
    if "NotPrincipal" in turned:
        turned["Principal"] = turned.pop("NotPrincipal")
    conditions = turned.get("Condition")
    if isinstance(conditions, Mapping):
        turned["Condition"] = {
            _NOT.sub("", str(operator)): tests for operator, tests in conditions.items()
        }
    return turned


class _Conditions:
    """What the conditions of a statement say about who calls."""

    def __init__(self, conditions: Any) -> None:
        self._entries = tuple(condition_entries(conditions))

    def values(self, *keys: str) -> tuple[str, ...]:
        """The values that a positive condition on a key compares with."""
        return tuple(
            value
            for operator, key, given in self._entries
            if key in keys and _bare(operator) in _EXACT
            for value in condition_values(given)
        )

    def demands_service(self) -> bool:
        """Whether only a service of AWS may call."""
        return any(
            key == _IS_SERVICE
            and operator.lower() in ("bool", "foranyvalue:bool")
            and [str(value).lower() for value in condition_values(given)] == ["true"]
            for operator, key, given in self._entries
        )

    def demand(self, *keys: str) -> bool:
        """Whether a request that has none of the keys fails.

        With IfExists it passes, and ForAllValues "returns true if there are no keys in the
        request" (IAM user guide: "Set operators for multivalued context keys").
        """
        return any(
            key in keys
            and (
                condition_values(given) == ("false",)
                if _bare(operator) == "null"
                else _bare(operator) in _EXACT and not _is_lenient(operator)
            )
            for operator, key, given in self._entries
        )

    def callers(self) -> tuple[tuple[str, ...], bool]:
        """The ARNs of callers that are named whole, and whether there are others."""
        values = self.values("aws:principalarn")
        whole = tuple(value for value in values if "*" not in value and "?" not in value)
        return whole, len(whole) < len(values) or not values


def _bare(operator: str) -> str:
    return operator.lower().rpartition(":")[2].removesuffix("ifexists")


def _is_lenient(operator: str) -> bool:
    lower = operator.lower()
    return lower.endswith("ifexists") or lower.startswith("forallvalues:")


def _of_aws(name: str, conditions: _Conditions, account: str) -> Iterator[Outsider]:
    whole, others = conditions.callers()
    for arn in whole:
        principal = Principal.parse(arn)
        if principal is not None and (name == "*" or principal.account == _account_of(name)):
            yield _plain(principal, arn, identity_assumed=principal.account != account)
    if name == "*":
        if others:
            yield from _everybody(conditions, account)
        return
    named = _account_of(name)
    if named is None:
        yield _one(name, account)
    elif others:
        yield _of_account(name, named, account)


def _everybody(conditions: _Conditions, account: str) -> Iterator[Outsider]:
    # A service of AWS is in no account and no organization.
    services = conditions.values(*_SERVICE_NAMES)
    if not services and conditions.demands_service():
        services = (_ANY_SERVICE,)
    for service in services:
        yield _plain(
            Principal(kind=PrincipalKind.SERVICE, arn=service), service, identity_assumed=False
        )
    organizations = conditions.values(*_ORGANIZATION_KEYS)
    in_one = conditions.demand(*_ORGANIZATION_KEYS)
    accounts = [value for value in conditions.values("aws:principalaccount") if value != "*"]
    if in_one and not organizations:
        organizations = (_ANY_ORGANIZATION,)
    for organization in organizations:
        yield _organization(_ANY_ORGANIZATION if organization == "*" else organization)
    if in_one:
        return
    for each in accounts:
        yield _of_account(each, each, account)
    if not accounts:
        yield _public()


def _account_of(name: str) -> str | None:
    """The account that a text under ``AWS`` names as a whole."""
    if name.isascii() and name.isdigit():
        return name
    principal = Principal.parse(name)
    return principal.account if principal and principal.kind is PrincipalKind.ACCOUNT else None


def _of_account(name: str, named: str, account: str) -> Outsider:
    arn = name if name.startswith("arn:") else f"arn:aws:iam::{named}:root"
    if named == account:
        principal = Principal(kind=PrincipalKind.ACCOUNT, arn=arn, account=named)
        return Outsider(
            text=arn, kind="account", account=named, subject=Subject(principal=principal)
        )
    # The account may let any of its roles and users in, so it is asked as one of them.
    member = _Member(kind=PrincipalKind.GROUP, arn=arn, account=named)
    return Outsider(
        text=arn,
        kind="account",
        account=named,
        subject=Subject(principal=member, identity_assumed=True),
    )


def _one(name: str, account: str) -> Outsider:
    principal = Principal.parse(name) if name.startswith("arn:") else None
    if principal is None:
        # A unique id, or a value that the template does not say: somebody, and only that one.
        principal = Principal(
            kind=PrincipalKind.USER, arn=name, unique_id=name, account=None if marked(name) else ""
        )
        kind = "user" if name.startswith("AIDA") else "role"
        subject = Subject(principal=principal, identity_assumed=True)
        return Outsider(text=name, kind=kind, account=None, subject=subject)
    return _plain(principal, name, identity_assumed=principal.account != account)


def _plain(principal: Principal, text: str, *, identity_assumed: bool) -> Outsider:
    return Outsider(
        text=text,
        kind=_OF_KIND.get(principal.kind, "role"),
        account=principal.account,
        subject=Subject(principal=principal, identity_assumed=identity_assumed),
    )


def _public() -> Outsider:
    principal = _Anybody(kind=PrincipalKind.ANONYMOUS, arn="*")
    return Outsider(text="*", kind="public", account=None, subject=Subject(principal=principal))


def _organization(path: str) -> Outsider:
    organization = path.partition("/")[0]
    arn = f"arn:aws:organizations:::organization/{organization}"
    context: dict[str, ContextValue] = {}
    if "/" in path:
        # Somebody in the unit itself; "*" takes in what is below it.
        context["aws:PrincipalOrgPaths"] = [path.replace("*", "").replace("?", "x")]
    return Outsider(
        text=path,
        kind="organization",
        account=None,
        subject=Subject(
            principal=Principal(kind=PrincipalKind.ORGANIZATION, arn=arn),
            context=context,
            identity_assumed=True,
        ),
    )
