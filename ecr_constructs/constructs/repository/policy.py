"""The repository policy: statements are checked, and services are limited to one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ...model.deferred import flatten
from ...model.errors import GrantError
from ...model.iam.services import guarded, source_conditions
from ...model.iam.statement import Conditions
from ...model.repository.policy import (
    check_policy_size,
    check_repository_statement,
    policy_services,
)
from .._jsii import refuse, show

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["PolicyWriter"]


class PolicyWriter:
    """Checks the statements of one repository policy as they come."""

    def __init__(self) -> None:
        self._statements: list[Mapping[str, object]] = []

    def admit(self, statement: iam.PolicyStatement, repository: IConstruct) -> bool:
        """Check a statement and limit its services; False where the policy has it already."""
        stack = cdk.Stack.of(repository)
        document = cast("dict[str, object]", flatten(stack.resolve(statement.to_statement_json())))
        findings = check_repository_statement(document, own_account=stack.account)
        refuse(findings, repository, error=GrantError)
        show(findings, repository)
        if document in self._statements:
            return False
        refuse(check_policy_size([*self._statements, document]), repository, error=GrantError)
        self._statements.append(document)
        self._limit_services(statement, document, stack)
        return True

    def _limit_services(
        self, statement: iam.PolicyStatement, document: Mapping[str, object], stack: cdk.Stack
    ) -> None:
        conditions = cast("Conditions", document.get("Condition", {}))
        if document.get("Effect") != "Allow" or guarded(conditions):
            return
        for service in policy_services(document):
            statement.add_conditions(
                source_conditions(
                    service,
                    partition=stack.partition,
                    region=stack.region,
                    account=stack.account,
                )
            )
