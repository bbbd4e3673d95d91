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
from ..fleet.declared import fast_repositories, without_witnesses
from .singletons import address_of

if TYPE_CHECKING:
    from constructs import IConstruct

    from ...model.registry.address import RegistryAddress

__all__ = ["show_shut_out"]


def show_shut_out(
    root: IConstruct, registry: RegistryAddress, denies: Sequence[Mapping[str, object]]
) -> None:
    """Warn at each repository of the registry whose policy allows what these statements deny.

    Of a fleet in fast mode it is said at the stack.
    """
    found = root.node.find_all()

    def warn(place: IConstruct, name: object, policy: object) -> None:
        arn = f"arn:aws:ecr:{registry.region}:{registry.account}:repository/{flatten(name)}"
        show(check_taken_back(statements_of(flatten(policy)), denies, resource=arn), place)

    for home, properties in fast_repositories(found):
        if address_of(home) == registry:
            warn(home, properties["RepositoryName"], properties.get("RepositoryPolicyText"))
    for construct in without_witnesses(found):
        if isinstance(construct, ecr.CfnRepository) and address_of(construct) == registry:
            resolve = cdk.Stack.of(construct).resolve
            name, policy = construct.repository_name, construct.repository_policy_text
            warn(construct, resolve(name), resolve(policy))
