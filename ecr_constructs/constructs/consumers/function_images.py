"""Functions that are made of the images of a repository whose policy names others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from constructs import IValidation

from ...model.account.identifiers import AccountMatch, compare_accounts
from ...model.consumers.by_policy.functions import is_let_in
from ...model.deferred import flatten, is_deferred
from ...model.iam.services import function_elsewhere, function_not_let_in
from .._jsii import path_of
from ..roles.task_images import whereabouts_of

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk.aws_ecr import RepositoryBase

    from ..repository.policy import PolicyWriter

__all__ = ["FunctionImages"]


@jsii.implements(IValidation)
class FunctionImages:
    """Checks, at synthesis, that Lambda may pull for each function made of a repository's images.

    CDK asks for the pull without saying for which function. A function of another account, or one
    whose name was not among those that are let in, could not be made, and nothing else would say.
    """

    def __init__(self, repository: RepositoryBase, policy: PolicyWriter) -> None:
        self._repository = repository
        self._policy = policy

    def validate(self) -> list[str]:
        """One message for each function that is not let in."""
        sources = self._policy.lambda_sources()
        home = self._repository.env.account
        region = self._repository.env.region
        found = []
        for function in self._functions():
            stack = cdk.Stack.of(function)
            path = path_of(function).removesuffix("/Resource")
            if not is_deferred(stack.region + region) and stack.region != region:
                elsewhere = function_elsewhere(path, region=stack.region, home=region)
                found.append(elsewhere.sentence())
                continue
            match = compare_accounts(stack.account, home)
            if match is AccountMatch.UNKNOWN:
                continue
            account = home if match is AccountMatch.SAME else stack.account
            name = flatten(stack.resolve(function.function_name))
            likely = name or f"{stack.stack_name}-{stack.get_logical_id(function)}-"
            if not is_let_in(
                sources,
                account=str(flatten(stack.resolve(account))),
                name=str(flatten(stack.resolve(likely))),
                whole=name is not None,
            ):
                finding = function_not_let_in(
                    path, account=stack.account, name=None if name is None else str(name)
                )
                found.append(finding.sentence())
        return found

    def _functions(self) -> Iterator[lambda_.CfnFunction]:
        # Imported here: aws_lambda costs 0.2 s, and whoever has a function has paid it.
        from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415

        for construct in self._repository.node.root.node.find_all():
            if isinstance(construct, lambda_.CfnFunction) and self._is_of_ours(construct):
                yield construct

    def _is_of_ours(self, function: lambda_.CfnFunction) -> bool:
        stack = cdk.Stack.of(function)
        if not self._is_seen_from(stack):
            return False
        code = flatten(stack.resolve(function.code))
        image = code.get("imageUri") if isinstance(code, dict) else None
        if not isinstance(image, str):
            return False
        ours = str(flatten(stack.resolve(self._repository.repository_uri)))
        return image == ours or image.startswith((f"{ours}:", f"{ours}@"))

    def _is_seen_from(self, stack: cdk.Stack) -> bool:
        """Whether the stack can refer to the repository: elsewhere only one with a name can."""
        home = self._repository.stack
        near = stack.environment == home.environment and cdk.Stage.of(stack) is cdk.Stage.of(home)
        return near or not is_deferred(whereabouts_of(self._repository)[2])
