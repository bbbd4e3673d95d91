"""``assert_access``: who can do what, with the deciding statement where it is otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ...model.errors import InvalidInputError
from ...model.findings import Finding
from ...model.iam.evaluator import (
    LEVELS,
    ContextValue,
    Level,
    LevelVerdict,
    PolicyKind,
    Principal,
    Subject,
    Verdict,
    compile_policy,
)
from ..access.build import build_report
from ..access.identities import OF_BOUNDARY
from ..access.model import AccessReport, Cell, PrincipalRow, RepositoryRow
from ..access.printed.words import principal_text, reason_text
from ..reading.source import Sources
from ..reading.sources import read_sources, source_of_template

__all__ = ["AccessQuestion", "failures"]

_UNABLE: Final = (Verdict.NONE, Verdict.DENIED)
_EVERYTHING: Final = compile_policy(
    {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
    PolicyKind.IDENTITY,
    name="what is not in the template",
)
_BY_NAME: Final = {level.name: level for level in LEVELS}
_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam.html"


@dataclass(frozen=True, kw_only=True)
class AccessQuestion:
    """What a test says about a principal."""

    principal: object
    can: Sequence[str]
    cannot: Sequence[str]
    on: Sequence[object]
    context: Mapping[str, ContextValue]


def failures(template: object, question: AccessQuestion) -> tuple[str, ...]:
    """What is otherwise than the test says, one sentence each."""
    for word in (*question.can, *question.cannot):
        _level(word)
    if not question.can and not question.cannot:
        raise _unusable("can", "neither can nor cannot says anything", None, "a level or action")
    report, stack = _report(template)
    principal = _principal(report, question.principal)
    repositories = _repositories(report, question.on, stack)
    words = dict.fromkeys((*question.can, *question.cannot))
    found = _sentences(report, principal, repositories, words, question)
    return (*found, *_not_proven(report, principal, repositories, question))


def _sentences(
    report: AccessReport,
    principal: PrincipalRow,
    repositories: Sequence[RepositoryRow],
    words: Iterable[str],
    question: AccessQuestion,
) -> Iterator[str]:
    levels = [_level(word) for word in words]
    for cell in report.cells_of([principal], repositories, levels=levels, context=question.context):
        for wanted, asked in ((True, question.can), (False, question.cannot)):
            for word in asked:
                found = cell.levels[word]
                allowed = found.verdict is Verdict.ALLOWED
                open_ = found.verdict is Verdict.CONDITIONAL
                if (wanted and not allowed) or (not wanted and (allowed or open_)):
                    yield _sentence(report, _form(cell, word), found)


def _not_proven(
    report: AccessReport,
    principal: PrincipalRow,
    repositories: Sequence[RepositoryRow],
    question: AccessQuestion,
) -> Iterator[str]:
    """What a principal cannot do by the template, and can if what is not in it allows it."""
    unseen = [each for each in principal.unresolved if not each.endswith(OF_BOUNDARY)]
    if not unseen or not question.cannot:
        return
    levels = [_level(word) for word in dict.fromkeys(question.cannot)]
    subject = principal.subject
    more = replace(principal, subject=replace(subject, identity=(*subject.identity, _EVERYTHING)))
    cells = [
        report.cells_of([each], repositories, levels=levels, context=question.context)
        for each in (principal, more)
    ]
    for seen, at_most in zip(*cells, strict=True):
        for level in levels:
            known = seen.levels[level.name].verdict
            most = at_most.levels[level.name].verdict
            if known in _UNABLE and most not in _UNABLE:
                said = _form(seen, level.name).replace("{}", "may perhaps", 1)
                lines = [said, "  these are not in the template, and may allow it:"]
                yield "\n".join([*lines, *(f"    {each}" for each in unseen)])


def _form(cell: Cell, word: str) -> str:
    return f"{principal_text(cell.principal)} {{}} {word} {cell.repository.name}"


def _sentence(report: AccessReport, form: str, found: LevelVerdict) -> str:
    words = {
        Verdict.ALLOWED: "can",
        Verdict.CONDITIONAL: "can only under a condition",
        Verdict.DENIED: "is denied to",
        Verdict.NONE: "cannot",
    }
    reasons = [str(report.marks.readable(reason_text(each))) for each in found.because]
    lines = [form.replace("{}", words[found.verdict], 1)]
    lines += [f"  {reason}" for reason in reasons] or ["  no statement allows all that it takes"]
    return "\n".join(lines)


def _level(word: str) -> Level:
    known = _BY_NAME.get(word)
    if known is not None:
        return known
    service, colon, action = word.partition(":")
    if service == "ecr" and colon and action.isalnum():
        return Level(word, (word,), needs_all=True)
    raise _unusable("can", "is no level of access", word, f"{', '.join(_BY_NAME)}, or ecr:Action")


def _report(template: object) -> tuple[AccessReport, str | None]:
    """The report, and the stack that was meant where one was given."""
    if isinstance(template, (str, os.PathLike)):
        return build_report(read_sources(template)), None
    if isinstance(template, Mapping):
        return build_report(_of_mapping(template)), None
    to_json = getattr(template, "to_json", None)
    if callable(to_json):
        return build_report(_of_mapping(to_json())), None
    return _of_stack(template)


def _of_mapping(template: Mapping[str, Any]) -> Sources:
    if not isinstance(template.get("Resources"), Mapping):
        raise _unusable("template", "has no Resources", None, "a template")
    return Sources((source_of_template(template, stack="template", file="the template"),))


def _of_stack(stack: Any) -> tuple[AccessReport, str | None]:
    """The whole app of a stack, for others may share what it has."""
    top = getattr(stack, "nested_stack_parent", None) or stack
    root = getattr(getattr(top, "node", None), "root", None)
    if root is None or not hasattr(stack, "stack_name"):
        raise _unusable("template", "is no template", type(stack).__name__,
                        "a dict, a Template, a Stack or a path")  # fmt: skip
    assembly = root.synth()
    return build_report(read_sources(assembly.directory)), str(top.stack_name)


def _principal(report: AccessReport, given: object) -> PrincipalRow:
    name = _name_of(given)
    found = [row for row in report.principals if name in _names_of_principal(row)]
    if len(found) > 1:
        exact = [row for row in found if name == row.arn]
        found = exact or found
    if len(found) == 1:
        return found[0]
    if found:
        arns = ", ".join(row.arn for row in found)
        raise _unusable("principal", "names several", name, f"one of {arns}")
    principal = Principal.parse(name)
    if principal is None:
        known = ", ".join(principal_text(row) for row in report.principals)
        raise _unusable("principal", "is not in the template", name, known or "an ARN")
    behind = report.row_of(principal)
    if behind is not None:
        return behind
    accounts = {row.target.arn.split(":")[4] for row in report.repositories}
    elsewhere = principal.has_identity and principal.account not in accounts
    if principal.takes_policies and not elsewhere:
        # Nobody knows what its policies allow, so whatever was asserted would mean nothing.
        known = ", ".join(principal_text(row) for row in report.principals)
        raise _unusable("principal", "is not in the template, nor are its policies", name, known)
    return PrincipalRow(
        arn=name,
        kind=principal.kind.value,
        external=elsewhere,
        construct_path=None,
        unresolved=(),
        subject=Subject(principal=principal, identity_assumed=elsewhere),
    )


def _names_of_principal(row: PrincipalRow) -> set[str]:
    # In a path of stand-ins such as ${AWS::AccountId} the name still is what follows the slash.
    names = {row.arn, row.arn.rpartition("/")[2] if row.kind in ("role", "user", "group") else ""}
    if row.kind == "account" and row.subject.principal.account:
        names.add(row.subject.principal.account)
    return names | _paths(row.construct_path, row.logical_id)


def _repositories(
    report: AccessReport, on: Sequence[object], stack: str | None
) -> list[RepositoryRow]:
    if not on:
        own = [row for row in report.repositories if row.stack == stack]
        found = own or list(report.repositories)
        if not found:
            raise _unusable("on", "has no repository", None, "a template with a repository")
        return found
    found = []
    for given in on:
        name = _name_of(given)
        named = [
            row
            for row in report.repositories
            if name in {row.name, row.arn} | _paths(row.construct_path, row.logical_id)
        ]
        if not named:
            known = ", ".join(row.name for row in report.repositories) or "none"
            raise _unusable("on", "is no repository of the template", name, known)
        found += named
    return found


def _paths(construct_path: str | None, logical_id: str | None) -> set[str]:
    paths = {logical_id} if logical_id else set()
    if construct_path:
        paths |= {construct_path, construct_path.removesuffix("/Resource")}
    return paths


def _name_of(given: object) -> str:
    """A text as it is, a construct by its path."""
    path = getattr(getattr(given, "node", None), "path", None)
    if isinstance(path, str):
        return path
    if isinstance(given, str):
        return given
    raise _unusable("principal", "names nobody", type(given).__name__, "a text or a construct")


def _unusable(option: str, message: str, given: object, allowed: str) -> InvalidInputError:
    finding = Finding(
        code="assert-unusable",
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix="correct the call of assert_access",
        docs=_DOCS,
    )
    return InvalidInputError([finding])
