"""The type of a target of CDK, written so that every type checker takes CDK's own classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from aws_cdk import aws_events as eventbridge

__all__ = ["RuleTarget"]


class RuleTarget(Protocol):
    """What ``aws_events.IRuleTarget`` asks for.

    CDK's own targets miss that one by the name of a parameter, which no caller uses.
    """

    def bind(self, rule: Any, target_id: Any = None, /) -> eventbridge.RuleTargetConfig:
        """What CDK writes to the rule.

        :param rule: the rule.
        :param target_id: the id of the target in it. Default: none.
        """
        ...
