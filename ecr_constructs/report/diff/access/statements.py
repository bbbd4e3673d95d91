"""Which statements of two versions differ, and whom and what they may be about.

Most of two versions is the same. What is not compared there needs no decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ....model.iam.evaluator import LEVELS, PolicyKind
from ....model.iam.evaluator.requests.request import ANY_RESOURCE, TOKEN, is_account_action
from ....model.iam.evaluator.statements.statement import Statement
from ....model.iam.evaluator.values.context import Context
from ....model.iam.evaluator.values.truth import Truth
from ...access.identities import Attached
from ...check.formats.json_form import plain
from ...template.alternatives import branches, conditions_in

__all__ = ["changed_statements", "changed_writing", "concerns"]

_NOTHING_KNOWN: Final = Context(settled=False)
_ACTIONS: Final = tuple(
    dict.fromkeys((*(action.lower() for level in LEVELS for action in level.actions), TOKEN))
)
_ON_ACCOUNT: Final = tuple(action for action in _ACTIONS if is_account_action(action))


def changed_statements(old: Sequence[Attached], new: Sequence[Attached]) -> tuple[Statement, ...]:
    """The statements about ECR that only one of both versions has, whatever their order and Sid."""
    units = _of_one_version(old, new)
    return tuple(each for unit in units for each in unit.statements if _is_about_ecr(each))


def changed_writing(
    old: Sequence[Attached], new: Sequence[Attached]
) -> Iterator[Mapping[str, Any]]:
    """The statements that only one of both versions has, as they are written."""
    for unit in _of_one_version(old, new):
        yield from _statements_in(unit.written)


def concerns(statement: Statement, repository: str) -> bool:
    """Whether a statement may decide about a repository, by its ARN, or about its registry."""
    element = statement.resources
    if element is None or element.everything:
        return True
    if element.covers(repository, _NOTHING_KNOWN) is not Truth.NO:
        return True
    if statement.kind is PolicyKind.REPOSITORY:
        return True
    on_account = any(statement.actions.covers(action) for action in _ON_ACCOUNT)
    return on_account and element.covers(ANY_RESOURCE, _NOTHING_KNOWN) is not Truth.NO


@dataclass(frozen=True)
class _Unit:
    """What is compared: a statement, or a whole policy."""

    statements: tuple[Statement, ...]
    written: Any


def _of_one_version(old: Sequence[Attached], new: Sequence[Attached]) -> list[_Unit]:
    if [(each.document, each.world) for each in old] == [
        (each.document, each.world) for each in new
    ]:
        return []
    first, second = (dict(_units(policies)) for policies in (old, new))
    only = [unit for key, unit in first.items() if key not in second]
    return only + [unit for key, unit in second.items() if key not in first]


def _statements_in(written: Any) -> Iterator[Mapping[str, Any]]:
    """The statements in a part of a policy, those under conditions of the template among them."""
    for _, value in branches(written):
        if isinstance(value, list):
            for entry in value:
                yield from _statements_in(entry)
        elif isinstance(value, Mapping):
            if "Effect" in value:
                yield value
            else:
                yield from _statements_in(value.get("Statement"))


def _units(policies: Sequence[Attached]) -> Iterator[tuple[str, _Unit]]:
    """Each statement by what it says; a whole policy where its statements are not in the open."""
    for attached in policies:
        document = attached.document
        statements = attached.policy.statements
        written = _plain_statements(document)
        if written is None:
            yield repr((document, attached.world)), _Unit(statements, document)
            continue
        for place, statement in enumerate(written):
            said = {key: value for key, value in statement.items() if key != "Sid"}
            # YAML takes any key, and keys of several types have no order.
            key = json.dumps(plain([said, document.get("Version"), attached.world]), sort_keys=True)
            own = tuple(each for each in statements if each.index == place)
            yield key, _Unit(own, statement)


def _plain_statements(document: Any) -> list[Mapping[str, Any]] | None:
    if not isinstance(document, Mapping) or conditions_in(document):
        return None
    written = document.get("Statement")
    listed: list[Any] = written if isinstance(written, list) else [written]
    return listed if all(isinstance(each, Mapping) for each in listed) else None


def _is_about_ecr(statement: Statement) -> bool:
    return any(statement.actions.covers(action) for action in _ACTIONS)
