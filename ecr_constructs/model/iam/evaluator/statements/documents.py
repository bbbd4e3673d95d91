"""From a policy document to a compiled policy, strictly, with findings.

Page of the IAM user guide: "Grammar of the IAM JSON policy language". AWS refuses a document
with a danger as a whole; what can be read of it is compiled all the same, so that a report can
show it beside the finding. A statement that cannot be read is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

from ....errors import InvalidInputError
from ....findings import Finding, dangers
from .faults import ELEMENTS, fault
from .policies import Policy
from .statement import PolicyKind, Statement
from .statement_reader import read_statement

__all__ = ["ParsedPolicy", "compile_policy", "parse_policy"]

_WITH_VARIABLES = "2012-10-17"
_VERSIONS = ("2008-10-17", _WITH_VARIABLES)
# Far above every quota of a policy, far below what would take memory to read.
_LONGEST_TEXT = 1_000_000
_MOST_STATEMENTS = 10_000


@dataclass(frozen=True)
class ParsedPolicy:
    """A compiled policy, and what is wrong with its document."""

    policy: Policy
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether AWS would take the document, as far as can be told."""
        return not dangers(self.findings)


def parse_policy(document: object, kind: PolicyKind, *, name: str) -> ParsedPolicy:
    """Compile a document, given as JSON text or as the object that JSON text stands for."""
    findings: list[Finding] = []
    if isinstance(document, (str, bytes)):
        document = _loaded(document, name, findings)
    statements: tuple[Statement, ...] = ()
    if isinstance(document, Mapping):
        statements = _statements(document, kind, name, findings)
    elif not findings:
        findings.append(
            fault(
                "policy-not-an-object",
                name,
                "the policy is not a JSON object",
                given=document,
                allowed='{"Version": "2012-10-17", "Statement": [...]}',
                fix="give the policy document itself",
            )
        )
    return ParsedPolicy(Policy(name, kind, statements), tuple(findings))


def compile_policy(document: object, kind: PolicyKind, *, name: str | None = None) -> Policy:
    """Compile a document that AWS would take; raise :class:`InvalidInputError` for another."""
    parsed = parse_policy(document, kind, name=name or kind.value)
    if not parsed.valid:
        raise InvalidInputError(dangers(parsed.findings))
    return parsed.policy


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text[:30]} is no number of JSON")
    return number


def _loaded(text: str | bytes, name: str, findings: list[Finding]) -> object:
    problem = "the policy is not JSON"
    shown: object = text if isinstance(text, str) else "bytes"
    if len(text) > _LONGEST_TEXT:
        problem = f"the policy is longer than {_LONGEST_TEXT} characters"
    else:
        try:
            return json.loads(
                text, object_pairs_hook=_once, parse_constant=_finite, parse_float=_finite
            )
        except _TwiceError as error:
            problem, shown = "a key stands twice in one object", str(error)
        except RecursionError:
            problem = "the policy is nested too deeply to be one"
        except ValueError as error:
            problem = f"the policy is not JSON ({str(error)[:100]})"
    findings.append(
        fault(
            "policy-not-json",
            name,
            problem,
            given=shown,
            allowed="one JSON object, each key once",
            fix="correct the text; `python -m json.tool` shows where it breaks",
        )
    )
    return None


def _statements(
    document: Mapping[object, object], kind: PolicyKind, name: str, findings: list[Finding]
) -> tuple[Statement, ...]:
    elements = ("Version", "Id", "Statement") if kind.names_principals else ("Version", "Statement")
    findings.extend(
        fault(
            "policy-part-unknown",
            name,
            f"a policy of kind {kind.value} has no such element",
            given=str(key),
            allowed=", ".join(elements),
            fix="remove it, or correct its name (names are case-sensitive)",
        )
        for key in document
        if key not in elements
    )
    variables = _knows_variables(document, name, findings)
    entries = document.get("Statement")
    if isinstance(entries, Mapping):
        entries = (entries,)
    if not isinstance(entries, Sequence) or isinstance(entries, (str, bytes)) or not entries:
        findings.append(
            fault(
                "policy-statement-missing",
                f"{name}.Statement",
                "the policy has no statement",
                given=entries,
                allowed="one statement, or a list of one or more",
                fix="add a statement",
                page=f"{ELEMENTS}_statement",
            )
        )
        return ()
    if len(entries) > _MOST_STATEMENTS:
        findings.append(
            fault(
                "policy-statements-many",
                f"{name}.Statement",
                f"the policy has {len(entries)} statements, more than any quota lets in",
                given=len(entries),
                allowed=f"at most {_MOST_STATEMENTS}",
                fix="split the policy",
            )
        )
        return ()
    statements: list[Statement] = []
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        statement = read_statement(
            entry, kind=kind, policy=name, index=index, variables=variables, findings=findings
        )
        if statement is None:
            continue
        statements.append(statement)
        _note_repeated_sid(statement, name, seen, findings)
    return tuple(statements)


def _knows_variables(document: Mapping[object, object], name: str, findings: list[Finding]) -> bool:
    version = document.get("Version")
    # YAML reads an unquoted version as a date.
    if isinstance(version, date):
        version = version.isoformat()
    if version is not None and version not in _VERSIONS:
        findings.append(
            fault(
                "policy-version",
                f"{name}.Version",
                "AWS knows no such version of the policy language",
                given=version,
                allowed=" or ".join(_VERSIONS),
                fix=f"write {_WITH_VARIABLES}: the policy's own date is no version",
                page=f"{ELEMENTS}_version",
            )
        )
    return version == _WITH_VARIABLES


def _note_repeated_sid(
    statement: Statement, name: str, seen: set[str], findings: list[Finding]
) -> None:
    if statement.sid is None:
        return
    if statement.sid in seen:
        findings.append(
            fault(
                "policy-sid-repeated",
                f"{name}.Statement[{statement.index}].Sid",
                "another statement of the policy has the same Sid",
                given=statement.sid,
                allowed="a Sid that is unique in the policy",
                fix="rename or remove it",
                page=f"{ELEMENTS}_sid",
            )
        )
    seen.add(statement.sid)
