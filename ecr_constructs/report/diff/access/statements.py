"""Which statements of two versions differ, and whom and what they may be about.

Most of two versions is the same. What is not compared there needs no decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ....model.iam.evaluator import LEVELS, PolicyKind
from ....model.iam.evaluator.requests.request import ANY_RESOURCE, TOKEN, is_account_action
from ....model.iam.evaluator.statements.statement import Statement
from ....model.iam.evaluator.values.context import Context
from ....model.iam.evaluator.values.truth import Truth
from ...access.identities import Attached
from ...check.formats.json_form import plain
from ...template.alternatives import conditions_in

__all__ = ["changed_statements", "concerns"]

_NOTHING_KNOWN: Final = Context(settled=False)
_ACTIONS: Final = tuple(
    dict.fromkeys((*(action.lower() for level in LEVELS for action in level.actions), TOKEN))
)
_ON_ACCOUNT: Final = tuple(action for action in _ACTIONS if is_account_action(action))


def changed_statements(old: Sequence[Attached], new: Sequence[Attached]) -> tuple[Statement, ...]:
    """The statements about ECR that only one of both versions has, whatever their order and Sid."""
    if [(each.document, each.world) for each in old] == [
        (each.document, each.world) for each in new
    ]:
        return ()
    versions = [dict(_units(policies)) for policies in (old, new)]
    first, second = versions
    only = [units for key, units in first.items() if key not in second]
    only += [units for key, units in second.items() if key not in first]
    return tuple(each for statements in only for each in statements if _is_about_ecr(each))


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


def _units(policies: Sequence[Attached]) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """Each statement by what it says; a whole policy where its statements are not in the open."""
    for attached in policies:
        document = attached.document
        statements = attached.policy.statements
        written = _plain_statements(document)
        if written is None:
            yield repr((document, attached.world)), statements
            continue
        for place, statement in enumerate(written):
            said = {key: value for key, value in statement.items() if key != "Sid"}
            # YAML takes any key, and keys of several types have no order.
            key = json.dumps(plain([said, document.get("Version"), attached.world]), sort_keys=True)
            yield key, tuple(each for each in statements if each.index == place)


def _plain_statements(document: Any) -> list[Mapping[str, Any]] | None:
    if not isinstance(document, Mapping) or conditions_in(document):
        return None
    written = document.get("Statement")
    listed: list[Any] = written if isinstance(written, list) else [written]
    return listed if all(isinstance(each, Mapping) for each in listed) else None


def _is_about_ecr(statement: Statement) -> bool:
    return any(statement.actions.covers(action) for action in _ACTIONS)
