"""What a target of CDK looks like, written so that every type checker takes CDK's own classes."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["RuleTarget"]


class RuleTarget(Protocol):
    """What ``aws_events.IRuleTarget`` asks for.

    CDK's own targets miss that one by the name of a parameter, which no caller uses.
    """

    def bind(self, rule: Any, target_id: Any = None, /) -> object:
        """What CDK writes to the rule.

        :param rule: the rule.
        :param target_id: the id of the target in it. Default: none.
        """
        ...
