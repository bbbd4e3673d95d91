"""Single questions as ``access --ask`` takes them: JSON in, JSON out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ....errors import InvalidInputError
from ....findings import Finding, dangers
from ..requests.principals import Principal
from ..requests.request import ANY_RESOURCE, Request, is_account_action
from ..statements.documents import parse_policy
from ..statements.faults import fault
from ..statements.policies import Levels, Policy, PolicySet
from ..statements.statement import PolicyKind
from ..values.arns import arn_fields
from ..values.context import ContextValue
from .evaluate import evaluate

__all__ = ["Known", "ask"]

_FIELDS = (
    "principal",
    "action",
    "repository",
    "context",
    "identity_policies",
    "boundary",
    "session_policy",
    "scps",
    "rcps",
    "repository_policy",
    "registry_policy",
)
_PAGE = "reference_policies_evaluation-logic"


class Known(Protocol):
    """What is known already, from a template say, of what a question leaves out."""

    def principal(self, principal: Principal) -> Principal:
        """The principal with what is known of it: the role behind a session, with its path."""

    def policies(self, principal: Principal, resource: str) -> PolicySet:
        """The policies that the two meet; a question's own take the place of these by kind."""

    def context(self, principal: Principal, resource: str) -> Mapping[str, ContextValue]:
        """What is known of every request of the two; a question's own keys win over these."""

    def resource(self, name: str) -> str | None:
        """The ARN of the repository with this name; None where there is none."""


@dataclass(frozen=True)
class _Place:
    """Where a repository that is only named would stand."""

    account: str | None
    region: str | None
    partition: str
    known: Known | None


def ask(
    questions: object,
    *,
    account: str | None = None,
    region: str | None = None,
    partition: str = "aws",
    known: Known | None = None,
) -> list[dict[str, object]]:
    """The answers to a list of questions, in the same order.

    ``account`` and ``region`` say where a repository stands that a question only names. Raises
    :class:`InvalidInputError` with everything that is wrong with the questions.
    """
    findings: list[Finding] = []
    place = _Place(account, region, partition, known)
    prepared: list[tuple[Request, PolicySet]] = []
    if not isinstance(questions, Sequence) or isinstance(questions, (str, bytes)):
        findings.append(_question_fault("questions", "it is not a list of questions", questions))
    else:
        for number, question in enumerate(questions):
            made = _Question(f"question[{number}]", findings).prepare(question, place)
            if made is not None:
                prepared.append(made)
    if dangers(findings):
        raise InvalidInputError(findings)
    return [evaluate(request, policies).as_json() for request, policies in prepared]


def _question_fault(place: str, message: str, given: object, allowed: str | None = None) -> Finding:
    return fault(
        "question-form",
        place,
        message,
        given=given,
        allowed=allowed or "a list of objects with a principal and an action each",
        fix="correct the question",
        page=_PAGE,
    )


def _joined(
    known: Mapping[str, ContextValue], given: Mapping[str, ContextValue]
) -> dict[str, ContextValue]:
    """What is known, but for the keys that were given, in whatever case."""
    names = {key.lower() for key in given}
    return {**{key: value for key, value in known.items() if key.lower() not in names}, **given}


class _Question:
    """Reads one question."""

    def __init__(self, place: str, findings: list[Finding]) -> None:
        self._place = place
        self._findings = findings

    def prepare(self, question: object, place: _Place) -> tuple[Request, PolicySet] | None:
        """The request and its policies; None where the findings say why not."""
        if not isinstance(question, Mapping):
            self._reject("", "a question is not an object", question)
            return None
        for field in question:
            if field not in _FIELDS:
                self._reject("", "a question has no such field", str(field), ", ".join(_FIELDS))
        principal = self._principal(question.get("principal"))
        action = self._action(question.get("action"))
        resource = self._resource(question.get("repository"), place)
        context = self._context(question.get("context", {}))
        known = PolicySet()
        if place.known is not None and principal is not None and resource is not None:
            principal = place.known.principal(principal)
            known = place.known.policies(principal, resource)
            if action is not None and context is not None:
                on = ANY_RESOURCE if is_account_action(action.lower()) else resource
                context = _joined(place.known.context(principal, on), context)
        policies = self._policies(question, known)
        if principal is None or action is None or resource is None or context is None:
            return None
        request = Request(principal=principal, action=action, resource=resource, context=context)
        return request, policies

    def _action(self, value: object) -> str | None:
        if isinstance(value, str) and ":" in value and "*" not in value and "?" not in value:
            return value
        self._reject("action", "it is not one action", value, "such as ecr:BatchGetImage")
        return None

    def _principal(self, value: object) -> Principal | None:
        principal = Principal.parse(value) if isinstance(value, str) else None
        if principal is None:
            self._reject(
                "principal",
                "it names no principal",
                value,
                "the ARN of a user, role, session or account, an account id, a service or *",
            )
        return principal

    def _resource(self, value: object, place: _Place) -> str | None:
        if value is None:
            return ANY_RESOURCE
        if isinstance(value, str) and (value == ANY_RESOURCE or arn_fields(value) is not None):
            return value
        if not isinstance(value, str) or not value:
            self._reject("repository", "it is neither an ARN nor a name", value, "an ARN or a name")
            return None
        found = place.known.resource(value) if place.known is not None else None
        if found is not None:
            return found
        if place.account is None or place.region is None:
            self._reject(
                "repository",
                "it is a name, and nobody said in which account and Region",
                value,
                "an ARN, or a name beside --account and --region",
            )
            return None
        return f"arn:{place.partition}:ecr:{place.region}:{place.account}:repository/{value}"

    def _context(self, value: object) -> dict[str, ContextValue] | None:
        if not isinstance(value, Mapping):
            self._reject("context", "it is not an object", value, "keys with their values")
            return None
        context: dict[str, ContextValue] = {}
        for key, given in value.items():
            several = isinstance(given, (list, tuple))
            entries = given if isinstance(given, (list, tuple)) else (given,)
            plain = [entry for entry in entries if isinstance(entry, (str, bool, int, float))]
            if not isinstance(key, str) or len(plain) < len(entries):
                self._reject(
                    f"context.{key}", "it is no value of a context key", given, "text or a list"
                )
                return None
            context[key] = plain if several else plain[0]
        return context

    def _policies(self, question: Mapping[object, object], known: PolicySet) -> PolicySet:
        found = known
        if "identity_policies" in question:
            documents = self._listed("identity_policies", question["identity_policies"])
            compiled = self._compiled("identity_policies", documents, PolicyKind.IDENTITY)
            found = replace(found, identity=compiled, identity_assumed=False)
        boundary = self._one(question, "boundary", PolicyKind.BOUNDARY, found.boundary)
        repository = self._one(
            question, "repository_policy", PolicyKind.REPOSITORY, found.repository
        )
        registry = self._one(question, "registry_policy", PolicyKind.REGISTRY, found.registry)
        session = found.session
        if "session_policy" in question:
            given = self._one(question, "session_policy", PolicyKind.SESSION, None)
            session = None if given is None else (given,)
        return replace(
            found,
            boundary=boundary,
            session=session,
            scps=self._levels(question, "scps", PolicyKind.SCP, found.scps),
            rcps=self._levels(question, "rcps", PolicyKind.RCP, found.rcps),
            repository=repository,
            registry=registry,
        )

    def _one(
        self, question: Mapping[object, object], field: str, kind: PolicyKind, known: Policy | None
    ) -> Policy | None:
        """The question's document, if it has one; null says that there is none."""
        if field not in question:
            return known
        document = question[field]
        if document is None:
            return None
        return self._policy(field, document, kind)

    def _levels(
        self, question: Mapping[object, object], field: str, kind: PolicyKind, known: Levels | None
    ) -> Levels | None:
        if field not in question:
            return known
        levels = question[field]
        if levels is None:
            return None
        return tuple(
            self._compiled(f"{field}[{number}]", self._listed(f"{field}[{number}]", level), kind)
            for number, level in enumerate(self._listed(field, levels))
        )

    def _listed(self, field: str, value: object) -> Sequence[object]:
        if isinstance(value, (list, tuple)):
            return value
        self._reject(field, "it is not a list", value, "a list")
        return ()

    def _compiled(
        self, field: str, documents: Sequence[object], kind: PolicyKind
    ) -> tuple[Policy, ...]:
        return tuple(
            self._policy(f"{field}[{number}]", document, kind)
            for number, document in enumerate(documents)
        )

    def _policy(self, field: str, document: object, kind: PolicyKind) -> Policy:
        parsed = parse_policy(document, kind, name=field)
        self._findings.extend(
            replace(finding, property=f"{self._place}.{finding.property}")
            for finding in parsed.findings
        )
        return parsed.policy

    def _reject(self, field: str, message: str, given: object, allowed: str | None = None) -> None:
        place = f"{self._place}.{field}" if field else self._place
        self._findings.append(_question_fault(place, message, given, allowed))
