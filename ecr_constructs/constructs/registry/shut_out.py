"""Whom a repository lets in, and the policy of the registry shuts out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr

from ...model.deferred import flatten
from ...model.iam.taken_back import check_taken_back
from ...model.registry.written.policies import statements_of
from .._jsii import show
from .singletons import address_of

if TYPE_CHECKING:
    from constructs import IConstruct

    from ...model.registry.address import RegistryAddress

__all__ = ["show_shut_out"]


def show_shut_out(
    root: IConstruct, registry: RegistryAddress, denies: Sequence[Mapping[str, object]]
) -> None:
    """Warn at each repository of the registry whose policy allows what these statements deny."""
    for construct in root.node.find_all():
        if not isinstance(construct, ecr.CfnRepository) or address_of(construct) != registry:
            continue
        stack = cdk.Stack.of(construct)
        policy = flatten(stack.resolve(construct.repository_policy_text))
        name = flatten(stack.resolve(construct.repository_name))
        arn = f"arn:aws:ecr:{registry.region}:{registry.account}:repository/{name}"
        show(check_taken_back(statements_of(policy), denies, resource=arn), construct)
