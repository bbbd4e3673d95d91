"""Policy documents of a template, compiled for the evaluator.

What the template does not decide becomes a condition on a key that no request has, such as
``template:IsProd``. So the evaluator finds for itself that the access is conditional, and a
report shows on what it depends. ``access --ask`` may give such a key as context.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ...model.findings import Severity
from ...model.iam.evaluator import Policy, PolicyKind, parse_policy
from ..reading.faults import UnusableInputError, unusable
from ..reading.json_text import parse_json
from ..reading.text import SourceText
from ..template.alternatives import NOTHING, World, branches, worlds
from ..template.marks import Marks, begins_marked, begins_open, opened
from .managed import AwsManagedPolicy
from .open_names import OpenName, perhaps_reached

__all__ = ["TEMPLATE_KEY", "Compiled", "Compiler", "Written"]

TEMPLATE_KEY: Final = "template:"
_ANY_VALUE: Final = "any value"
_MATCHED: Final = ("Action", "NotAction", "Resource", "NotResource")
_LONGEST: Final = 1_000_000
# A text that many use, and conditions inside of statements, multiply what is written.
_MOST_STATEMENTS: Final = 100_000


@dataclass(frozen=True)
class Written:
    """One statement as it is written, with what it depends on."""

    index: int
    statement: Mapping[str, Any] = field(hash=False)
    world: World = ()


@dataclass(frozen=True)
class Compiled:
    """A policy for the evaluator, the statements behind it, and what could not be read."""

    policy: Policy
    written: tuple[Written, ...]
    notes: tuple[str, ...] = ()


class Compiler:
    """Compiles the documents of one app."""

    def __init__(self, marks: Marks, open_names: Sequence[OpenName] = ()) -> None:
        self._marks = marks
        self._open_names = open_names
        self._amount = 0

    def compile(self, document: Any, kind: PolicyKind, *, name: str, world: World = ()) -> Compiled:
        """A document, resolved; ``world`` is what its resource itself depends on."""
        notes: list[str] = []
        written: list[Written] = []
        version = None
        for own, chosen in branches(document):
            found = self._loaded(chosen, name, notes)
            if found is None:
                continue
            version = found.get("Version", version)
            for index, statement in enumerate(_listed(found.get("Statement"))):
                written += _in_each_world(index, statement, (*world, *own))
        return self._compiled(written, kind, name, version, notes)

    def compile_managed(
        self, found: AwsManagedPolicy, kind: PolicyKind, *, name: str, world: World = ()
    ) -> Compiled:
        """A policy of AWS's own."""
        written = [Written(index, statement, world) for index, statement in found.statements]
        return self._compiled(written, kind, name, found.language, [])

    def _loaded(self, document: Any, name: str, notes: list[str]) -> Mapping[str, Any] | None:
        if isinstance(document, str) and len(document) <= _LONGEST:
            try:
                document = parse_json(SourceText(name, document))
            except UnusableInputError as error:
                said = error.findings[0].message
                where = "the policy's text" if said.startswith("is ") else "in the policy's text"
                notes.append(f"{name}: {where} {said}, so it is left out")
                return None
        if document is NOTHING or document is None:
            return None
        if not isinstance(document, Mapping):
            notes.append(f"{name}: the policy is no object, so it is left out")
            return None
        return document

    def _compiled(
        self,
        written: Sequence[Written],
        kind: PolicyKind,
        name: str,
        version: Any,
        notes: list[str],
    ) -> Compiled:
        statements = []
        for entry in written:
            for variant in self._variants(entry):
                self._count(name)
                document: dict[str, Any] = {"Statement": [variant]}
                if version is not None:
                    document["Version"] = str(version)
                parsed = parse_policy(document, kind, name=name)
                statements += [
                    replace(each, index=entry.index) for each in parsed.policy.statements
                ]
                notes += [
                    f"{name}, statement {entry.index}: {finding.message}, so AWS would refuse it"
                    for finding in parsed.findings
                    if finding.severity is Severity.DANGER
                ]
        policy = Policy(name, kind, tuple(statements))
        return Compiled(policy, tuple(written), tuple(dict.fromkeys(notes)))

    def _count(self, name: str) -> None:
        self._amount += 1
        if self._amount > _MOST_STATEMENTS:
            raise unusable(
                str(self._marks.readable(name))[:200],
                f"is one policy too many: there are more than {_MOST_STATEMENTS} statements, those "
                "under a condition counted for each way it may turn out",
                "ask about one stack at a time",
            )

    def _variants(self, entry: Written) -> Iterator[Any]:
        """The statement as it surely reads and, apart, what it may read besides."""
        statement: Any = entry.statement
        if not isinstance(statement, Mapping):
            yield statement
            return
        undecided = {
            f"{TEMPLATE_KEY}{name}": "true" if truth else "false" for name, truth in entry.world
        }
        unknown = self._unknown_in(statement)
        sure, wide = _exactly(statement), _widely(statement)
        if "NotResource" in statement or "NotAction" in statement:
            # Turned around: what surely is left is what no value of the unknown takes away.
            sure, wide = wide, sure
        yield _under(sure, undecided)
        if unknown:
            maybe = {f"{TEMPLATE_KEY}{name}": _ANY_VALUE for name in unknown}
            yield _under(wide, {**undecided, **maybe})
        for text in _texts(statement.get("Resource")):
            for arn, name in perhaps_reached(text, self._open_names):
                key = {f"{TEMPLATE_KEY}{name.label}": text.partition(":repository/")[2]}
                yield _under({**sure, "Resource": arn}, {**undecided, **key})

    def _unknown_in(self, statement: Mapping[str, Any]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for element in ("Action", "NotAction", "Resource", "NotResource"):
            for text in _texts(statement.get(element)):
                found.update(dict.fromkeys(self._marks.names_in(text)))
        return tuple(found)


def _in_each_world(index: int, statement: Any, world: World) -> list[Written]:
    found = [(own, chosen) for own, chosen in worlds(statement) if chosen is not NOTHING]
    first: Any = found[0][1] if found else None
    whole = 1 << len({name for own, _ in found for name, _ in own})
    if len(found) == whole and all(chosen == first for _, chosen in found):
        # The condition makes no difference.
        return [Written(index, _with_account_ids(first), world)]
    return [
        Written(index + offset, _with_account_ids(each), (*world, *own))
        for own, chosen in found
        for offset, each in enumerate(_listed(chosen))
    ]


def _with_account_ids(statement: Any) -> Any:
    """The statement with account ids as texts, which people write as numbers in YAML.

    Whether CloudFormation hands them over as texts is not documented: that they let somebody in
    is the answer that warns.
    """
    if not isinstance(statement, Mapping):
        return statement
    named = {
        element: {kind: _as_texts(entries) for kind, entries in statement[element].items()}
        for element in ("Principal", "NotPrincipal")
        if isinstance(statement.get(element), Mapping)
    }
    return {**statement, **named} if named else statement


def _as_texts(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_as_texts(entry) for entry in entries]
    whole = isinstance(entries, int) and not isinstance(entries, bool)
    return str(entries) if whole else entries


def _exactly(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stand-ins as they are; one alone as an ARN or action that nothing else is."""
    return {
        key: [_alone(key, text) for text in _texts(value)] if _is_matched(key, value) else value
        for key, value in statement.items()
    }


def _widely(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """A wildcard for each part that may be anything."""
    return {
        key: [_wide(key, text) for text in _texts(value)] if _is_matched(key, value) else value
        for key, value in statement.items()
    }


def _is_matched(key: str, value: Any) -> bool:
    """Whether the value is what a request is matched with; another form is refused later."""
    amount = len(value) if isinstance(value, list) else 1
    return key in _MATCHED and 0 < len(_texts(value)) == amount


def _wide(key: str, text: str) -> str:
    # What follows an ARN that may be anything is the end of anything.
    return "*" if key.endswith("Resource") and begins_open(text) else _alone(key, opened(text))


def _alone(key: str, text: str) -> str:
    if key.endswith("Resource"):
        if begins_marked(text):
            return f"arn:::::{text}"
        return text if text.startswith("arn:") or "*" in text or ":" in text else f"arn:::::{text}"
    return text if ":" in text or text == "*" else f"unknown:{text}"


def _under(statement: Mapping[str, Any], keys: Mapping[str, str]) -> Mapping[str, Any]:
    """The statement with a condition on further keys."""
    if not keys:
        return statement
    own = statement.get("Condition", {})
    if not isinstance(own, Mapping):
        return statement
    same = own.get("StringEquals", {})
    if not isinstance(same, Mapping):
        return statement
    return {**statement, "Condition": {**own, "StringEquals": {**same, **keys}}}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _texts(value: Any) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, str)]
