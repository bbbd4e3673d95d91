"""``access --ask``: single questions, of which a template answers what they leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.iam.evaluator import (
    ContextValue,
    PolicySet,
    Principal,
    Subject,
    Target,
    ask,
    policy_set,
)
from ..template.marks import Marks
from .model import ALWAYS, AccessReport

__all__ = ["answer_questions"]


def answer_questions(
    questions: object,
    report: AccessReport | None = None,
    *,
    account: str | None = None,
    region: str | None = None,
) -> list[dict[str, object]]:
    """The answers, in the same order. Raises ``InvalidInputError`` for questions of another form.

    What the report prints as ``${LogicalId}`` may stand so in a question.
    """
    if report is None:
        return ask(questions, account=account, region=region)
    known = _FromReport(report)
    answers = ask(_told(questions, report.marks), account=account, region=region, known=known)
    readable: list[dict[str, object]] = report.marks.readable(answers)
    return readable


class _FromReport:
    """What a report knows of a principal and a repository."""

    def __init__(self, report: AccessReport) -> None:
        self._report = report
        self._targets = {row.target.arn: row.target for row in report.repositories}
        self._names: dict[str, str] = {}
        for row in report.repositories:
            names = (row.target.arn.rpartition(":repository/")[2], row.name, row.construct_path)
            for name in (*names, row.logical_id):
                if name:
                    self._names.setdefault(name, row.target.arn)

    def principal(self, principal: Principal) -> Principal:
        """The principal as the report knows it."""
        row = self._report.row_of(principal)
        return principal if row is None else row.subject.principal

    def policies(self, principal: Principal, resource: str) -> PolicySet:
        """The policies that the two meet."""
        return policy_set(self._subject(principal, resource), self._target(resource))

    def context(self, principal: Principal, resource: str) -> Mapping[str, ContextValue]:
        """What holds for every request, and the tags of both, as in the matrix."""
        tags = self._target(resource).tags or {}
        tagged: dict[str, ContextValue] = {
            f"{family}{key}": value
            for family in ("aws:ResourceTag/", "ecr:ResourceTag/")
            for key, value in tags.items()
        }
        return {**ALWAYS, **tagged, **self._subject(principal, resource).context}

    def resource(self, name: str) -> str | None:
        """The ARN of a repository by its name, construct path or logical id."""
        return self._names.get(name)

    def _target(self, resource: str) -> Target:
        return self._targets.get(resource, Target(arn=resource))

    def _subject(self, principal: Principal, resource: str) -> Subject:
        row = self._report.row_of(principal)
        if row is not None:
            return row.subject
        fields = resource.split(":")
        own = len(fields) > len("1234") and principal.account == fields[4]
        # As in the matrix: another account's policies are not at hand, and its side is assumed.
        return Subject(principal=principal, identity_assumed=not own and principal.has_identity)


def _told(value: Any, marks: Marks) -> Any:
    """The questions with a stand-in for each text that the report prints for one."""
    if isinstance(value, str):
        return marks.told(value)
    if isinstance(value, Mapping):
        return {key: _told(entry, marks) for key, entry in value.items()}
    if isinstance(value, list):
        return [_told(entry, marks) for entry in value]
    return value
