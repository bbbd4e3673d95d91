"""The seam to jsii: what is asked of CDK in one place, so that its cost and its types are seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from ..model.errors import EcrConstructsError, InvalidInputError, raise_dangers
from ..model.findings import Finding, Severity
from ..model.repository.options import check_construct

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = [
    "check",
    "check_scope",
    "path_below",
    "path_of",
    "refuse",
    "show",
    "stack_of",
    "target_of",
    "top_level",
]

CONSTRUCT_DOCS = "https://docs.aws.amazon.com/cdk/v2/guide/constructs.html"


def path_of(construct: IConstruct) -> str:
    """The construct path. Two crossings: for messages only."""
    return construct.node.path


def path_below(scope: IConstruct, construct_id: str) -> str:
    """The path that a construct will have once it is made."""
    check_scope(scope)
    return f"{path_of(scope)}/{construct_id}".removeprefix("/")


def check_scope(scope: object, *, option: str = "scope") -> None:
    """Refuse what nothing can be made in, before CDK is asked for its stack or path."""
    raise_dangers(
        check_construct(
            option,
            scope,
            "node",
            noun="a construct",
            fix="give the stack or the construct that this belongs to: self, in its constructor",
            docs=CONSTRUCT_DOCS,
        )
    )


def stack_of(scope: IConstruct) -> cdk.Stack:
    """The stack of what an argument says is a construct."""
    check_scope(scope)
    return cdk.Stack.of(scope)


def check(
    findings: Iterable[Finding],
    scope: IConstruct,
    construct_id: str,
    *,
    error: type[EcrConstructsError] = InvalidInputError,
) -> None:
    """Refuse the arguments of a construct that is about to be made below the scope."""
    check_scope(scope)
    found = tuple(findings)
    if found:
        raise_dangers(found, construct_path=path_below(scope, construct_id), error=error)


def refuse(
    findings: Iterable[Finding],
    construct: IConstruct,
    *,
    error: type[EcrConstructsError] = InvalidInputError,
) -> None:
    """Refuse what is asked of a construct that stands already."""
    found = tuple(findings)
    if found:
        raise_dangers(found, construct_path=path_of(construct), error=error)


def show(findings: Iterable[Finding], construct: IConstruct) -> None:
    """Show warnings and notes at the construct, as ``cdk synth`` prints them."""
    for finding in findings:
        if finding.severity is Severity.WARNING:
            cdk.Annotations.of(construct).add_warning_v2(
                f"ecr_constructs:{finding.code}", finding.sentence()
            )
        elif finding.severity is Severity.NOTE:
            cdk.Annotations.of(construct).add_info(finding.sentence())


def target_of(token: cdk.IResolvable) -> IConstruct | None:
    """The construct that a token refers to; None where it is no reference."""
    # CDK's own test does not narrow the type.
    return cast("cdk.Reference", token).target if cdk.Reference.is_reference(token) else None


def top_level(stack: cdk.Stack) -> cdk.Stack:
    """The stack that CloudFormation deploys: the stack itself, or the one it is nested in."""
    parent = stack.nested_stack_parent
    while parent is not None:
        stack, parent = parent, parent.nested_stack_parent
    return stack
