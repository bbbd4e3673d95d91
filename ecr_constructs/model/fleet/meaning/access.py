"""The repository policy of an entry: what the grants of a ``SecureRepository`` would write.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ...account.identifiers import AccountMatch, compare_accounts
from ...iam.actions import Access
from ...iam.grants import cross_account_statement
from ...iam.services import service_pull, source_conditions
from ...iam.statement import Conditions, Statement
from ..principals import FleetPrincipal, FleetPrincipalKind
from ..values import Accessor, Fleet, FleetOptions
from .place import Place, written

__all__ = ["policy_document", "principals_of", "statements"]

_ROLE_ACCOUNT: Final = 4
_ANYBODY: Final = ("*", "*")


def principals_of(accessors: Iterable[Accessor], fleet: Fleet) -> Iterator[FleetPrincipal]:
    """The principals that a repository policy names; roles of the fleet need no place in it."""
    for accessor in accessors:
        if isinstance(accessor, FleetPrincipal):
            yield accessor
        elif accessor in fleet.principals:
            yield fleet.principals[accessor]


def statements(options: FleetOptions, fleet: Fleet, place: Place) -> list[dict[str, object]]:
    """The statements of the repository policy, in the form that CDK gives them."""
    granted = [
        _Granted.of(_statement(principal, _actions(principal, access), place))
        for access, accessors in ((Access.PULL, options.pull), (Access.PUSH, options.push))
        for principal in principals_of(accessors or (), fleet)
    ]
    return [entry.to_json() for entry in _merged(granted)]


def policy_document(options: FleetOptions, fleet: Fleet, place: Place) -> dict[str, object] | None:
    """The repository policy; None where nobody of another account and no service gets in."""
    found = statements(options, fleet, place)
    return {"Statement": found, "Version": "2012-10-17"} if found else None


def _actions(principal: FleetPrincipal, access: Access) -> tuple[str, ...]:
    if access is Access.PULL and principal.kind is FleetPrincipalKind.SERVICE:
        return service_pull(principal.value)
    return access.actions


def _statement(principal: FleetPrincipal, actions: tuple[str, ...], place: Place) -> Statement:
    value = principal.value
    if principal.kind is FleetPrincipalKind.ACCOUNT:
        return Statement(
            actions=actions, principal={"AWS": f"arn:{place.partition}:iam::{value}:root"}
        )
    if principal.kind is FleetPrincipalKind.ORGANIZATION:
        return Statement(
            actions=actions,
            principal={"AWS": "*"},
            conditions={"StringEquals": {"aws:PrincipalOrgID": value}},
        )
    if principal.kind is FleetPrincipalKind.ORGANIZATIONAL_UNIT:
        return Statement(
            actions=actions,
            principal=dict([_ANYBODY]),
            conditions={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [value]}},
        )
    if principal.kind is FleetPrincipalKind.SERVICE:
        return Statement(
            actions=actions,
            principal={"Service": value},
            conditions=source_conditions(
                value, partition=place.partition, region=place.region, account=place.account
            ),
        )
    return _role_statement(value, actions, place)


def _role_statement(arn: str, actions: tuple[str, ...], place: Place) -> Statement:
    account = arn.split(":")[_ROLE_ACCOUNT]
    if compare_accounts(place.account, account) is AccountMatch.OTHER:
        return cross_account_statement(
            actions, partition=place.partition, account=account, principal_arn=arn
        )
    # In its own account the root would stand for no role, so the role is named.
    return Statement(actions=actions, principal={"AWS": arn})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Granted:
    """A statement as sets, which is how statements are merged."""

    actions: frozenset[str]
    principals: frozenset[tuple[str, str]]
    conditions: Conditions
    conditions_text: str

    @classmethod
    def of(cls, statement: Statement) -> _Granted:
        """The sets of a statement."""
        return cls(
            actions=frozenset(statement.actions),
            principals=frozenset(statement.principal.items()),
            conditions=statement.conditions,
            conditions_text=json.dumps(statement.conditions),
        )

    def merged_with(self, other: _Granted) -> _Granted | None:
        """One statement for both, where they differ in actions or in principals alone."""
        if self.conditions_text != other.conditions_text:
            return None
        if self.principals == other.principals:
            return replace(self, actions=self.actions | other.actions)
        if self.actions == other.actions:
            return replace(self, principals=self.principals | other.principals)
        return None

    def to_json(self) -> dict[str, object]:
        """The statement with the keys in CDK's order."""
        document: dict[str, object] = {"Action": sorted(self.actions)}
        if self.conditions:
            document["Condition"] = {
                operator: {key: _value(value) for key, value in block.items()}
                for operator, block in self.conditions.items()
            }
        document["Effect"] = "Allow"
        document["Principal"] = self._principal()
        return document

    def _principal(self) -> object:
        if _ANYBODY in self.principals:
            return "*"
        kinds: dict[str, list[object]] = {}
        for kind, value in sorted(self.principals):
            kinds.setdefault(kind, []).append(written(value))
        return {
            kind: values[0] if len(values) == 1 else sorted(values, key=_text_of)
            for kind, values in kinds.items()
        }


def _merged(granted: list[_Granted]) -> list[_Granted]:
    """The same in fewer statements, as CDK writes them with ``minimizePolicies``.

    A policy of 10,240 characters takes several times as many accounts so. What is merged with
    what depends on the order; it is CDK's, so that both say the same.
    """
    left = granted
    merged: list[_Granted] = []
    while left:
        first, *others = left
        left = []
        for other in others:
            both = first.merged_with(other)
            if both is None:
                left.append(other)
            else:
                first = both
        merged.append(first)
    return merged if len(merged) == len(granted) else _merged(merged)


def _text_of(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _value(value: object) -> object:
    return written(value) if isinstance(value, str) else value
