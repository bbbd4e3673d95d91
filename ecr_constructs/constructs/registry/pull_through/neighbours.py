"""What the rules, the grants and the creation templates of one app know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_iam as iam
from constructs import IValidation

from ....model.registry.prefix import ROOT, is_inside
from ....model.registry.pull_through.access import TAG_RESOURCE
from ....model.registry.pull_through.frozen import check_cached_repository
from ....model.registry.pull_through.rule import check_nested, check_number
from ..._jsii import path_of, refuse, show
from ...roles.named_only import NamedOnlyRole
from .declared import declared_repositories

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from ....model.registry.address import RegistryAddress

__all__ = ["CacheNeighbours"]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Rule:
    registry: RegistryAddress
    prefix: str
    path: str


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pulls:
    registry: RegistryAddress
    prefix: str
    identity: iam.IGrantable
    resource: str


@jsii.implements(IValidation)
class CacheNeighbours:
    """Kept by the app, so that neither the order of declaration nor the stack matters."""

    def __init__(self) -> None:
        self._root: IConstruct | None = None
        self._rules: list[_Rule] = []
        self._pulls: list[_Pulls] = []
        self._tagging: list[tuple[RegistryAddress, str]] = []

    def add_rule(self, construct: Construct, registry: RegistryAddress, prefix: str) -> None:
        """Hold a rule against the others of its registry."""
        self._root = construct.node.root
        others = [rule for rule in self._rules if rule.registry == registry]
        refuse(check_number(len(others) + 1), construct)
        path = path_of(construct)
        for other in others:
            show(check_nested(other.prefix, prefix, names=(other.path, path)), construct)
        self._rules.append(_Rule(registry=registry, prefix=prefix, path=path))

    def add_pulls(
        self,
        registry: RegistryAddress,
        prefix: str,
        identity: iam.IGrantable,
        resource: str,
    ) -> None:
        """Let somebody who pulls tag as well, if a template tags, now or later."""
        pulls = _Pulls(registry=registry, prefix=prefix, identity=identity, resource=resource)
        self._pulls.append(pulls)
        if any(found == registry and _overlap(prefix, tagging) for found, tagging in self._tagging):
            _let_tag(pulls)

    def add_tagging(self, registry: RegistryAddress, prefix: str) -> None:
        """Let everybody tag who pulls what a template tags.

        "This permission must be granted via an identity-based IAM policy."
        """
        self._tagging.append((registry, prefix))
        for pulls in self._pulls:
            if pulls.registry == registry and _overlap(pulls.prefix, prefix):
                _let_tag(pulls)

    def validate(self) -> list[str]:
        """Warn of repositories whose tags cannot follow; there is no error that is left."""
        if self._root is not None:
            for repository, registry, name, mutable in declared_repositories(self._root):
                for rule in self._rules:
                    if rule.registry == registry:
                        show(
                            check_cached_repository(
                                name, mutable, prefix=rule.prefix, rule=rule.path
                            ),
                            repository,
                        )
        return []


def _overlap(one: str, another: str) -> bool:
    same = one.rstrip("/") == another.rstrip("/")
    return same or ROOT in (one, another) or is_inside(one, another) or is_inside(another, one)


def _let_tag(pulls: _Pulls) -> None:
    if isinstance(pulls.identity, NamedOnlyRole):
        pulls.identity.tag_cached(pulls.resource)
        return
    iam.Grant.add_to_principal(
        grantee=pulls.identity, actions=[TAG_RESOURCE], resource_arns=[pulls.resource]
    )
