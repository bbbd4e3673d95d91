"""The repository policy: statements are checked, and services are limited to one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ...model.deferred import flatten
from ...model.errors import GrantError
from ...model.iam.services import (
    LAMBDA,
    guarded,
    service_wide_already,
    source_conditions,
    source_patterns,
)
from ...model.iam.statement import Conditions
from ...model.iam.taken_back import check_taken_back
from ...model.repository.policy.document import (
    check_policy_size,
    check_repository_statement,
    policy_services,
)
from ...model.repository.policy.findings import texts
from .._jsii import refuse, show

__all__ = ["PolicyWriter"]


class PolicyWriter:
    """Checks the statements of one repository policy as they come."""

    def __init__(self) -> None:
        self._statements: list[Mapping[str, object]] = []
        # The services that act for all of the account, and what others do for what was named.
        self._wide: set[str] = set()
        self._named: dict[str, set[str]] = {}
        self._watching = False

    def admit(self, statement: iam.PolicyStatement, repository: ecr.RepositoryBase) -> bool:
        """Check a statement and limit its services; False where the policy has it already."""
        stack = cdk.Stack.of(repository)
        document = cast("dict[str, object]", flatten(stack.resolve(statement.to_statement_json())))
        findings = check_repository_statement(document, own_account=stack.account)
        refuse(findings, repository, error=GrantError)
        show(findings, repository)
        if document in self._statements or self._is_named_already(document):
            return False
        refuse(check_policy_size([*self._statements, document]), repository, error=GrantError)
        if document.get("Effect") == "Allow":
            self._limit_services(statement, document, repository)
        show(check_taken_back([document], self._statements), repository)
        show(check_taken_back(self._statements, [document]), repository)
        self._statements.append(document)
        return True

    def lambda_sources(self) -> tuple[str, ...]:
        """The ARNs, with wildcards, of the functions that Lambda may pull for."""
        return tuple(
            pattern
            for document in self._statements
            if LAMBDA in policy_services(document)
            for pattern in source_patterns(_conditions(document))
        )

    def _is_named_already(self, document: Mapping[str, object]) -> bool:
        """Whether a construct of CDK asks for a service whose resources were named before."""
        services = policy_services(document)
        if not services or guarded(_conditions(document)):
            return False
        actions = set(texts(document.get("Action")))
        return all(actions <= self._named.get(service, set()) for service in services)

    def _limit_services(
        self,
        statement: iam.PolicyStatement,
        document: dict[str, object],
        repository: ecr.RepositoryBase,
    ) -> None:
        stack = cdk.Stack.of(repository)
        conditions = _conditions(document)
        for service in policy_services(document):
            if not guarded(conditions):
                self._wide.add(service)
                limits = source_conditions(
                    service,
                    partition=stack.partition,
                    region=stack.region,
                    account=stack.account,
                )
                statement.add_conditions(cast("Mapping[str, object]", limits))
                document["Condition"] = flatten(stack.resolve({**conditions, **limits}))
            else:
                named = self._named.setdefault(service, set())
                named.update(texts(document.get("Action")))
                if service in self._wide:
                    patterns = source_patterns(conditions)
                    show([service_wide_already(service, patterns)], repository)
            # What the policy of a repository of elsewhere has is not known.
            if service == LAMBDA and not self._watching and isinstance(repository, ecr.Repository):
                self._watching = True
                # Imported when asked for: few repositories are for functions.
                from ..consumers.function_images import FunctionImages  # noqa: PLC0415

                repository.node.add_validation(FunctionImages(repository, self))


def _conditions(document: Mapping[str, object]) -> Conditions:
    return cast("Conditions", document.get("Condition", {}))
