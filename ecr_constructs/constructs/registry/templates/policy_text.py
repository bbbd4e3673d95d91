"""The repository policy of a creation template: a text, checked as a repository's own policy is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from ....model.deferred import flatten
from ....model.errors import GrantError
from ....model.iam.services import guarded, source_conditions
from ....model.iam.statement import Conditions
from ....model.registry.templates.template import check_policy_text
from ....model.repository.policy.document import check_repository_statement, policy_services
from ..._jsii import refuse, show

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

__all__ = ["policy_text"]


def policy_text(template: Construct, statements: Sequence[iam.PolicyStatement]) -> str | None:
    """The policy of these statements, each once; None without one.

    A service without a condition on its source is limited to this account (the confused deputy).

    :raises GrantError: for a statement that ECR would refuse or ignore, or that lets strangers in.
    """
    stack = cdk.Stack.of(template)
    said: dict[str, object] = {}
    for statement in statements:
        document = _flat(stack, statement)
        findings = check_repository_statement(document, own_account=stack.account)
        refuse(findings, template, error=GrantError)
        show(findings, template)
        _limit_services(statement, document, stack)
        # Two tokens of one principal are two texts until they are resolved.
        said.setdefault(str(_flat(stack, statement)), statement.to_statement_json())
    if not said:
        return None
    text = stack.to_json_string({"Version": "2012-10-17", "Statement": list(said.values())})
    refuse(check_policy_text(str(flatten(stack.resolve(text)))), template)
    return text


def _limit_services(
    statement: iam.PolicyStatement, document: Mapping[str, object], stack: cdk.Stack
) -> None:
    conditions = cast("Conditions", document.get("Condition", {}))
    if document.get("Effect") != "Allow" or guarded(conditions):
        return
    for service in policy_services(document):
        limits = source_conditions(
            service, partition=stack.partition, region=stack.region, account=stack.account
        )
        statement.add_conditions(cast("Mapping[str, object]", limits))


def _flat(stack: cdk.Stack, statement: iam.PolicyStatement) -> dict[str, object]:
    return cast("dict[str, object]", flatten(stack.resolve(statement.to_statement_json())))
