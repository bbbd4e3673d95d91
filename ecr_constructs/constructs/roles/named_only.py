"""A role that takes statements for what it was told of, and refuses the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ...model.deferred import flatten
from ...model.errors import TaskDefinitionError
from ...model.iam.actions import TASK_EXECUTION_PULL
from ...model.roles.execution import (
    TAG_CACHED,
    beyond_starting,
    decrypt_statement,
    kinds_of_use,
    more_than_starting,
    narrowed,
    not_named,
)
from .._jsii import path_of, target_of
from .task_images import task_definitions_of

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["NamedOnlyRole"]


class NamedOnlyRole(iam.Role):
    """An ``iam.Role`` to which CDK's constructs can add nothing that was not named first.

    While it is told (:meth:`naming`), each statement that a repository, log group or secret asks
    for is cut down to what ECS needs and written. Afterwards a task definition asks again, for the
    same resources, and gets nothing new; for others it gets an error.
    """

    pull_actions = TASK_EXECUTION_PULL
    _naming = False

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Tell the role of resources: grants made inside are written."""
        self._named: set[str] = set()
        self._naming = True
        try:
            yield
        finally:
            self._naming = False

    def add_to_principal_policy(
        self, statement: iam.PolicyStatement
    ) -> iam.AddToPrincipalPolicyResult:
        """Write a statement that is being named; take one that was; refuse any other.

        :raises TaskDefinitionError: naming the task definition and the option to add to; or what
            starting tasks does not take, and so is not written.
        """
        document = cast("dict[str, object]", statement.to_statement_json())
        keys = self._keys(document)
        if self._naming:
            self._named.update(keys)
            return super().add_to_principal_policy(
                iam.PolicyStatement.from_json(narrowed(document))
            )
        if not keys <= self._named:
            raise self._refusal(document)
        beyond = beyond_starting(_actions(document))
        if beyond:
            path = path_of(self).removesuffix("/Default")
            raise TaskDefinitionError(
                [more_than_starting(beyond, self._names_in(document), role=path)],
                construct_path=path,
            )
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self)

    def decrypt(self, secret: secretsmanager.ISecret | secretsmanager.Secret, region: str) -> None:
        """Let the role decrypt a secret under a customer key, through Secrets Manager alone.

        CDK writes this to the policy of the key, which it cannot do for a key of elsewhere.
        """
        key = secret.encryption_key
        if key is not None:
            statement = decrypt_statement(key.key_arn, service="secretsmanager", region=region)
            super().add_to_principal_policy(iam.PolicyStatement.from_json(statement.to_json()))

    def tag_cached(self, resource_arn: str) -> None:
        """Let the role tag the repositories of a cache, where a creation template tags them.

        It was told of the cache before; which templates there are is known later.
        """
        super().add_to_principal_policy(
            iam.PolicyStatement(actions=[TAG_CACHED], resources=[resource_arn])
        )

    def _keys(self, document: Mapping[str, object]) -> set[str]:
        resources = cdk.Stack.of(self).resolve(document["Resource"])
        listed = resources if isinstance(resources, list) else [resources]
        return {
            f"{kind} {json.dumps(entry, sort_keys=True)}"
            for kind in kinds_of_use(_actions(document))
            for entry in listed
        }

    def _refusal(self, document: Mapping[str, object]) -> TaskDefinitionError:
        path = path_of(self).removesuffix("/Default")
        finding = not_named(
            actions=_actions(document),
            resources=self._names_in(document),
            task_definitions=task_definitions_of(self),
            role=path,
        )
        return TaskDefinitionError([finding], construct_path=path)

    def _names_in(self, document: Mapping[str, object]) -> list[str]:
        asked = document["Resource"]
        listed = cast("list[str]", asked if isinstance(asked, list) else [asked])
        return [self._name_of(entry) for entry in listed]

    def _name_of(self, resource: str) -> str:
        """The construct that an ARN points to, else the ARN as the template has it."""
        for token in cdk.Tokenization.reverse_string(resource).tokens:
            target = target_of(token)
            if target is not None:
                return path_of(target).removesuffix("/Resource")
        return str(flatten(cdk.Stack.of(self).resolve(resource)))


def _actions(document: Mapping[str, object]) -> list[str]:
    actions = document["Action"]
    return (
        [actions]
        if isinstance(actions, str)
        else [str(action) for action in cast("list[object]", actions)]
    )
