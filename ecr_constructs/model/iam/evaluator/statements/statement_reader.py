"""Reading one statement: which elements a policy of its kind takes, and which it needs.

Pages: "Grammar of the IAM JSON policy language" (IAM user guide), "SCP syntax" and "RCP syntax"
(Organizations user guide), "Private repository policy examples" (ECR user guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from ....findings import Finding, Severity
from ..requests.naming import PrincipalElement
from .elements import Reader
from .faults import ELEMENTS, GRAMMAR, fault
from .statement import ActionElement, Effect, PolicyKind, ResourceElement, Statement

__all__ = ["read_statement"]

_KNOWN = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/"
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"


class _UnreadableError(Exception):
    """The statement is left out; the findings say why."""


def read_statement(
    entry: object,
    *,
    kind: PolicyKind,
    policy: str,
    index: int,
    variables: bool,
    findings: list[Finding],
) -> Statement | None:
    """Compile one statement, or say in ``findings`` why it cannot be."""
    reader = Reader(f"{policy}.Statement[{index}]", kind, variables=variables)
    try:
        return _read(entry, reader, policy, index)
    except _UnreadableError:
        return None
    finally:
        findings.extend(reader.findings)


def _read(entry: object, reader: Reader, policy: str, index: int) -> Statement:
    if not isinstance(entry, Mapping):
        _refuse_statement(
            reader, "", "policy-statement-form", "a statement is not an object", given=entry
        )
    unknown = [key for key in entry if key not in _KNOWN]
    if unknown:
        _refuse_statement(
            reader,
            "",
            "policy-element-unknown",
            "it is no element of a statement",
            given=str(unknown[0]),
            allowed=", ".join(_KNOWN),
        )
    effect = _effect(entry.get("Effect"), reader)
    action_name = _one_of(entry, "Action", "NotAction", reader, needed=True)
    actions = reader.actions(action_name, entry[action_name])
    resources = _resources(entry, reader)
    principals = _principals(entry, reader, effect)
    condition = reader.condition(entry["Condition"]) if "Condition" in entry else None
    if not isinstance(actions, ActionElement) or ("Condition" in entry and condition is None):
        raise _UnreadableError
    sid = _sid(entry.get("Sid"), reader)
    return Statement(
        kind=reader.kind,
        policy=policy,
        index=index,
        sid=sid,
        effect=effect,
        actions=actions,
        resources=resources,
        condition=condition,
        condition_source=entry["Condition"] if condition is not None else None,
        principals=principals,
    )


def _effect(value: object, reader: Reader) -> Effect:
    # "The Effect value is case sensitive."
    if value == "Allow":
        return Effect.ALLOW
    if value != "Deny":
        _refuse_statement(
            reader,
            ".Effect",
            "policy-effect",
            "the statement has no effect",
            given=value,
            allowed="Allow or Deny (case-sensitive)",
            page=f"{ELEMENTS}_effect",
        )
    return Effect.DENY


def _one_of(
    entry: Mapping[object, object], name: str, negation: str, reader: Reader, *, needed: bool
) -> str:
    """The one that is there of an element and its negation; "" where neither is."""
    present = [key for key in (name, negation) if key in entry]
    both = name in entry and negation in entry
    if both or (needed and not present):
        _refuse_statement(
            reader,
            "",
            "policy-element-both" if present else "policy-element-missing",
            f"the statement has both {name} and {negation}"
            if present
            else f"the statement has neither {name} nor {negation}",
            given=", ".join(str(key) for key in entry),
            allowed=f"exactly one of {name} and {negation}",
        )
    return present[0] if present else ""


def _resources(entry: Mapping[object, object], reader: Reader) -> ResourceElement | None:
    attached = reader.kind is PolicyKind.REPOSITORY
    name = _one_of(entry, "Resource", "NotResource", reader, needed=not attached)
    if not name:
        return None
    if attached:
        reader.findings.append(
            fault(
                "policy-resource-needless",
                f"{reader.place}.{name}",
                "a repository policy applies to its repository and takes no resource",
                given=entry[name],
                allowed="no Resource element",
                fix=f"remove {name}",
                page=f"{_ECR}repository-policies.html",
                severity=Severity.WARNING,
            )
        )
    resources = reader.resources(name, entry[name])
    if resources is None:
        raise _UnreadableError
    return resources


def _principals(
    entry: Mapping[object, object], reader: Reader, effect: Effect
) -> PrincipalElement | None:
    kind = reader.kind
    name = _one_of(entry, "Principal", "NotPrincipal", reader, needed=kind.names_principals)
    if not name:
        return None
    if not kind.names_principals:
        _refuse_statement(
            reader,
            f".{name}",
            "policy-principal-misplaced",
            f"a policy of kind {kind.value} names no principal: it is about whom it is attached to",
            given=entry[name],
            allowed=f"no {name} element",
            page=f"{ELEMENTS}_principal",
        )
    if kind is PolicyKind.RCP and (name != "Principal" or entry[name] != "*"):
        _refuse_statement(
            reader,
            f".{name}",
            "rcp-principal",
            "an RCP is about every principal",
            given=entry[name],
            allowed='"Principal": "*"',
            page=f"{_ORGANIZATIONS}orgs_manage_policies_rcps_syntax.html",
        )
    if name == "NotPrincipal" and effect is Effect.ALLOW:
        reader.findings.append(
            fault(
                "policy-not-principal-allow",
                f"{reader.place}.NotPrincipal",
                "it would allow everybody but the listed, and AWS does not support it with Allow",
                given=entry[name],
                allowed="NotPrincipal with Deny",
                fix="name in Principal who may",
                page=f"{ELEMENTS}_notprincipal",
            )
        )
    principals = reader.principals(name, entry[name])
    if principals is None:
        raise _UnreadableError
    return principals


def _sid(value: object, reader: Reader) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        _refuse_statement(
            reader, ".Sid", "policy-sid", "the Sid is not a text", given=value, allowed="a text",
            page=f"{ELEMENTS}_sid",
        )  # fmt: skip
    plain = value.isascii() and value.isalnum()
    if not plain and not reader.kind.names_principals:
        reader.findings.append(
            fault(
                "policy-sid",
                f"{reader.place}.Sid",
                "the Sid has other characters than letters and digits",
                given=value,
                allowed="A-Z, a-z, 0-9",
                fix="remove the other characters",
                page=f"{ELEMENTS}_sid",
            )
        )
    return value


def _refuse_statement(
    reader: Reader,
    element: str,
    code: str,
    message: str,
    *,
    given: object,
    allowed: str = "the form of the grammar",
    page: str = GRAMMAR,
) -> NoReturn:
    reader.findings.append(
        fault(
            code,
            reader.place + element,
            message,
            given=given,
            allowed=allowed,
            fix="correct the statement",
            page=page,
        )
    )
    raise _UnreadableError
