"""Which stack is deployed before which."""

from __future__ import annotations

import aws_cdk as cdk

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
        for needed in ahead.pop().dependencies:
            if needed is other:
                return True
            if needed not in seen:
                seen.add(needed)
                ahead.append(needed)
    return False
