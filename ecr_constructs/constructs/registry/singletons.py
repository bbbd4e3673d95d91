"""Settings of which a registry has one, watched over the whole app.

Constructs of this library claim a setting when they are made, so that a second one is refused
there. What others declare (L1s, included templates, other Stages) is looked at once, at synthesis.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar, cast

import aws_cdk as cdk
import jsii
from constructs import IValidation

from ...model.deferred import flatten
from ...model.findings import dangers
from ...model.registry.address import RegistryAddress
from ...model.registry.singletons import (
    IDENTIFIED_BY,
    SINGLETONS,
    Claim,
    check_number,
    check_second,
)
from .._jsii import check_scope, path_of, refuse, show, stack_of, top_level

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

__all__ = ["address_of", "claim", "kept_by_app", "type_of"]

_Kept = TypeVar("_Kept", bound=IValidation)


def address_of(construct: IConstruct) -> RegistryAddress:
    """The registry of the stack of a construct."""
    stack = stack_of(construct)
    return RegistryAddress(account=stack.account, region=stack.region)


def claim(
    construct: Construct, kind: str, *, key: str | None = None, at_most: int | None = None
) -> None:
    """Claim a setting of the registry for a construct that has just been made.

    :param kind: the CloudFormation type, or another name of the setting where it has none.
    :param key: what tells it from others of its type (a prefix). Default: a registry has one.
    :param at_most: how many of the type a registry takes. Default: no limit but that of the key.
    :raises InvalidInputError: naming both, where another construct has it already; or where the
        registry takes no more.
    """
    kept_by_app(construct, Claims).add(
        Claim(
            kind=kind,
            key=key,
            registry=address_of(construct),
            path=path_of(construct),
            stack=path_of(top_level(cdk.Stack.of(construct))),
        ),
        construct,
        at_most=at_most,
    )


def kept_by_app(scope: IConstruct, kind: type[_Kept]) -> _Kept:
    """What the whole app has one of: made when first asked for, and validated at synthesis."""
    check_scope(scope)
    root = scope.node.root
    # Kept by the App itself, so that two Apps of one process know nothing of each other.
    attribute = f"_ecr_constructs_{kind.__name__}"
    kept: _Kept | None = getattr(root, attribute, None)
    if kept is None:
        kept = kind()
        setattr(root, attribute, kept)
        root.node.add_validation(cast("IValidation", kept))
    return kept


@jsii.implements(IValidation)
class Claims:
    """The settings that constructs of this library have claimed in one app."""

    def __init__(self) -> None:
        self._claims: list[Claim] = []
        self._root: IConstruct | None = None

    def add(self, new: Claim, construct: Construct, *, at_most: int | None = None) -> None:
        """Take a claim, or refuse it."""
        self._root = construct.node.root
        for earlier in self._claims:
            findings = check_second(earlier, new)
            refuse(findings, construct)
            show(findings, construct)
        refuse(check_number(new, self._claims, at_most=at_most), construct)
        self._claims.append(new)

    def validate(self) -> list[str]:
        """One message for each pair of which at least one is not of this library."""
        known = list(self._claims)
        messages = []
        for construct, found in self._others():
            for earlier in known:
                findings = check_second(earlier, found)
                messages += [finding.sentence() for finding in dangers(findings)]
                show(findings, construct)
            known.append(found)
        return messages

    def _others(self) -> Iterator[tuple[cdk.CfnResource, Claim]]:
        """Registry resources that no construct of this library has made."""
        own = tuple(f"{entry.path}/" for entry in self._claims)
        for construct in self._root.node.find_all() if self._root is not None else ():
            kind = type_of(construct)
            if kind not in SINGLETONS and kind not in IDENTIFIED_BY:
                continue
            resource = cast("cdk.CfnResource", construct)
            path = path_of(resource)
            if not path.startswith(own):
                yield (
                    resource,
                    Claim(
                        kind=kind,
                        key=_key_of(resource, kind),
                        registry=address_of(resource),
                        path=path,
                        conditional=resource.cfn_options.condition is not None,
                        stack=path_of(top_level(cdk.Stack.of(resource))),
                    ),
                )


def type_of(construct: IConstruct) -> str:
    """The CloudFormation type of a resource of ECR; empty for anything else."""
    if not isinstance(construct, cdk.CfnResource):
        return ""
    # Nearly every resource has a class of its own, whose name says the type without a crossing.
    base = next(base for base in type(construct).__mro__ if base.__module__.startswith("aws_cdk"))
    if base is cdk.CfnResource:
        return construct.cfn_resource_type
    is_ecr = base.__module__ == "aws_cdk.aws_ecr"
    return f"AWS::ECR::{base.__name__.removeprefix('Cfn')}" if is_ecr else ""


def _key_of(resource: cdk.CfnResource, kind: str) -> str | None:
    """What tells a resource from others of its type, as its template will have it."""
    name = IDENTIFIED_BY.get(kind)
    if name is None:
        return None
    properties = resource._cfn_properties  # noqa: SLF001 - protected: what it will write
    # A typed L1 has CDK's names of its properties, an untyped one CloudFormation's.
    given = properties.get(name, properties.get(name[0].lower() + name[1:]))
    return str(flatten(cdk.Stack.of(resource).resolve(given)))
