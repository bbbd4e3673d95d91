"""Reading the elements of a statement strictly: each either compiles or is a finding.

Pages of the IAM user guide: "Grammar of the IAM JSON policy language" and the page of each
element.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....deferred import is_deferred
from ....findings import Finding, Severity
from ..requests.naming import PrincipalElement
from ..values.arns import arn_fields
from ..values.context import context_values
from ..values.variables import Template
from .conditions import Condition, ConditionTest
from .faults import ELEMENTS, fault
from .operators import Operator
from .statement import ActionElement, PolicyKind, ResourceElement

__all__ = ["Reader"]

# The highest quota of a whole policy document, in characters.
_LONGEST_TEXT = 10_240
_PRINCIPAL_MAPS = ("AWS", "CanonicalUser", "Federated", "Service")


class Reader:
    """Reads the elements of one statement and gathers what is wrong with them."""

    def __init__(self, place: str, kind: PolicyKind, *, variables: bool) -> None:
        self.place = place
        self.kind = kind
        self.variables = variables
        self.findings: list[Finding] = []

    def texts(self, element: str, value: object) -> tuple[str, ...] | None:
        """One text or a list of at least one."""
        entries: Sequence[object] = value if isinstance(value, (list, tuple)) else (value,)
        texts = tuple(entry for entry in entries if isinstance(entry, str))
        if not entries or len(texts) < len(entries):
            self._refuse_element(
                code="policy-element-type",
                element=element,
                message="it is not a text or a list of texts" if entries else "the list is empty",
                given=value,
                allowed="a text, or a list of one or more texts",
                fix=f"write {element} as a text or a list of texts",
            )
            return None
        return texts if self._short_enough(element, texts) else None

    def _short_enough(self, element: str, texts: Sequence[str]) -> bool:
        """Whether each text could stand in a policy at all, so that matching it stays cheap."""
        for text in texts:
            if len(text) > _LONGEST_TEXT:
                self._refuse_element(
                    code="policy-text-long",
                    element=element,
                    message=f"a text of {len(text)} characters is longer than a whole policy",
                    given=text,
                    allowed=f"at most {_LONGEST_TEXT} characters",
                    fix="shorten it",
                    page="reference_iam-quotas",
                )
                return False
        return True

    def actions(self, element: str, value: object) -> ActionElement | None:
        """Action or NotAction: "a service namespace, a colon, and the name of an action"."""
        texts = self.texts(element, value)
        if texts is None:
            return None
        for text in texts:
            service, colon, name = text.partition(":")
            if text != "*" and not is_deferred(text) and not (service and colon and name):
                self._refuse_element(
                    code="policy-action-form",
                    element=element,
                    message="it is not a service, a colon and an action",
                    given=text,
                    allowed="* or service:Action, with * and ? in it",
                    fix="write the service before the action, as in ecr:BatchGetImage",
                    page=f"{ELEMENTS}_action",
                )
                return None
        return ActionElement(texts, inverted=element == "NotAction")

    def resources(self, element: str, value: object) -> ResourceElement | None:
        """Resource or NotResource: ARNs with wildcards, or ``*``."""
        texts = self.texts(element, value)
        if texts is None:
            return None
        for text in texts:
            if text != "*" and not text.startswith(("arn:", "${")) and not is_deferred(text):
                self._refuse_element(
                    code="policy-resource-form",
                    element=element,
                    message="it is neither an ARN nor *",
                    given=text,
                    allowed="* or an ARN, with * and ? in it",
                    fix="write the resource's whole ARN",
                    page=f"{ELEMENTS}_resource",
                )
                return None
            self._note_old_version(element, text)
            template = Template(text, variables=self.variables, wildcards=True, segments=True)
            if template.early:
                self._warn_of_element(
                    code="policy-variable-early",
                    element=element,
                    message="a policy variable stands before the fifth colon, where AWS knows none",
                    given=text,
                    allowed="variables in the resource part of the ARN",
                    fix="write the partition, service, Region and account out, or as *",
                    page="reference_policies_variables",
                )
        return ResourceElement(texts, inverted=element == "NotResource", variables=self.variables)

    def principals(self, element: str, value: object) -> PrincipalElement | None:
        """Principal or NotPrincipal: ``*``, or a map of kinds to one or more principals."""
        inverted = element == "NotPrincipal"
        if value == "*":
            return PrincipalElement(everyone=True, inverted=inverted)
        if not isinstance(value, Mapping) or not value:
            self._refuse_element(
                code="policy-principal-form",
                element=element,
                message="it is neither * nor a map of principals",
                given=value,
                allowed='"*" or {"AWS"|"Service"|"Federated"|"CanonicalUser": ...}',
                fix='write it as {"AWS": "the ARN"} or {"Service": "the service"}',
                page=f"{ELEMENTS}_principal",
            )
            return None
        named: dict[str, tuple[str, ...]] = {}
        for key, entries in value.items():
            if key not in _PRINCIPAL_MAPS:
                self._refuse_element(
                    code="policy-principal-kind",
                    element=element,
                    message="it is a kind of principal that AWS does not know",
                    given=key,
                    allowed=", ".join(_PRINCIPAL_MAPS),
                    fix="use one of these kinds",
                    page=f"{ELEMENTS}_principal",
                )
                return None
            texts = self.texts(f"{element}.{key}", entries)
            if texts is None:
                return None
            named[key] = texts
        if not self._aws_entries_are_whole(element, named.get("AWS", ())):
            return None
        return _principal_element(named, inverted=inverted)

    def _aws_entries_are_whole(self, element: str, entries: Sequence[str]) -> bool:
        for entry in entries:
            if entry != "*" and ("*" in entry or "?" in entry) and not is_deferred(entry):
                self._refuse_element(
                    code="policy-principal-wildcard",
                    element=f"{element}.AWS",
                    message="a wildcard stands for a part of a principal's name or ARN",
                    given=entry,
                    allowed="whole ARNs, account ids, or * alone",
                    fix="name each principal, or use * with a condition on aws:PrincipalArn",
                    page=f"{ELEMENTS}_principal",
                )
                return False
        return True

    def condition(self, value: object) -> Condition | None:
        """The Condition element; ``value`` is known to be there."""
        if not isinstance(value, Mapping):
            self._refuse_condition("Condition", value)
            return None
        tests: list[ConditionTest] = []
        for name, keys in value.items():
            operator = Operator.parse(name) if isinstance(name, str) else None
            if operator is None:
                self._refuse_element(
                    code="policy-operator-unknown",
                    element="Condition",
                    message="it is a condition operator that AWS does not know",
                    given=name,
                    allowed="the operators of the page",
                    fix="correct its name",
                    page=f"{ELEMENTS}_condition_operators",
                )
                return None
            if not operator.exact:
                self._warn_case(name)
            if not isinstance(keys, Mapping):
                self._refuse_condition(f"Condition.{name}", keys)
                return None
            for key, wanted in keys.items():
                test = self._test(operator, str(name), key, wanted)
                if test is None:
                    return None
                tests.append(test)
        return Condition(tuple(tests))

    def _test(
        self, operator: Operator, name: str, key: object, wanted: object
    ) -> ConditionTest | None:
        place = f"Condition.{name}"
        entries: Sequence[object] = wanted if isinstance(wanted, (list, tuple)) else (wanted,)
        plain = [entry for entry in entries if isinstance(entry, (str, bool, int, float))]
        if not isinstance(key, str) or not key or not entries or len(plain) < len(entries):
            self._refuse_condition(f"{place}.{key}", wanted)
            return None
        texts = context_values(plain)
        if not self._short_enough(place, (key, *texts)):
            return None
        valid, sort = (
            (operator.base.valid, operator.base.sort)
            if operator.base is not None
            else (_is_true_or_false, "true or false")
        )
        for text in texts:
            self._note_old_version(f"{place}.{key}", text)
            if valid is not None and not valid(text) and not is_deferred(text):
                self._warn_of_element(
                    code="policy-condition-value",
                    element=f"{place}.{key}",
                    message=f"it is not {sort}, so nothing ever matches it",
                    given=text,
                    allowed=sort,
                    fix="correct the value or the operator",
                    page=f"{ELEMENTS}_condition_operators",
                )
        return ConditionTest(operator, key, texts, self.variables)

    def _note_old_version(self, element: str, text: str) -> None:
        if self.variables or not Template(text, variables=True, wildcards=False).variables:
            return
        self._warn_of_element(
            code="policy-version-variables",
            element=element,
            message="without version 2012-10-17 a policy variable is compared as the text it is",
            given=text,
            allowed='"Version": "2012-10-17"',
            fix="add that version to the policy",
            page="reference_policies_variables",
        )

    def _warn_case(self, name: object) -> None:
        self._warn_of_element(
            code="policy-operator-case",
            element="Condition",
            message="the operator is written in another case than AWS writes it",
            given=name,
            allowed="the spelling of the page",
            fix="write it as the page does",
            page=f"{ELEMENTS}_condition_operators",
        )

    def _refuse_condition(self, place: str, value: object) -> None:
        self._refuse_element(
            code="policy-condition-form",
            element=place,
            message="it is not a map of operators to maps of keys to values",
            given=value,
            allowed='{"operator": {"key": "value" or ["value", ...]}}',
            fix="write the condition in that form",
            page=f"{ELEMENTS}_condition",
        )

    def _refuse_element(
        self, *, code: str, element: str, message: str, given: object, allowed: str, fix: str,
        page: str = "reference_policies_grammar",
    ) -> None:  # fmt: skip
        self.findings.append(
            fault(
                code,
                f"{self.place}.{element}",
                message,
                given=given,
                allowed=allowed,
                fix=fix,
                page=page,
            )
        )

    def _warn_of_element(
        self, *, code: str, element: str, message: str, given: object, allowed: str, fix: str,
        page: str,
    ) -> None:  # fmt: skip
        self.findings.append(
            fault(
                code,
                f"{self.place}.{element}",
                message,
                given=given,
                allowed=allowed,
                fix=fix,
                page=page,
                severity=Severity.WARNING,
            )
        )


def _is_true_or_false(text: str) -> bool:
    return text.lower() in ("true", "false")


def _principal_element(named: Mapping[str, tuple[str, ...]], *, inverted: bool) -> PrincipalElement:
    accounts: set[str] = set()
    arns: set[str] = set()
    unique_ids: set[str] = set()
    for entry in named.get("AWS", ()):
        fields = arn_fields(entry)
        if fields is not None:
            _, _, service, _, account, resource = fields
            if service == "iam" and resource == "root":
                accounts.add(account)
            else:
                arns.add(entry)
        elif entry.isascii() and entry.isdigit():
            accounts.add(entry)
        elif entry != "*":
            unique_ids.add(entry)
    everyone = "*" in named.get("AWS", ())
    return PrincipalElement(
        everyone=everyone,
        everyone_of_aws=everyone,
        accounts=frozenset(accounts),
        arns=frozenset(arns),
        unique_ids=frozenset(unique_ids),
        services=frozenset(entry.lower() for entry in named.get("Service", ())),
        federated=frozenset(named.get("Federated", ())),
        inverted=inverted,
    )
