"""Which stack is deployed before which."""

from __future__ import annotations

from collections.abc import Iterator

import aws_cdk as cdk

from .._jsii import top_level

__all__ = ["deploy_after"]


def deploy_after(stack: cdk.Stack, first: cdk.Stack, *, reason: str) -> None:
    """Deploy a stack after another one, where the other does not wait for it already.

    Stacks of another Stage have no order that CloudFormation would know.
    """
    if cdk.Stage.of(stack) is not cdk.Stage.of(first) or _waits(first, stack):
        return
    # CDK's older name for it prints a warning on newer versions, which the oldest do not have.
    add = getattr(stack, "add_stack_dependency", None) or stack.add_dependency
    add(first, reason)


def _waits(stack: cdk.Stack, other: cdk.Stack) -> bool:
    ahead, seen = [stack], {stack}
    while ahead:
        for needed in _needed_by(ahead.pop()):
            if needed is other:
                return True
            if needed not in seen:
                seen.add(needed)
                ahead.append(needed)
    return False


def _needed_by(stack: cdk.Stack) -> Iterator[cdk.Stack]:
    yield from stack.dependencies
    # What was said of a construct around the stack becomes a dependency of it at synthesis.
    for scope in stack.node.scopes:
        for needed in scope.node.dependencies:
            if cdk.Stack.is_stack(needed):
                yield top_level(cdk.Stack.of(needed))
