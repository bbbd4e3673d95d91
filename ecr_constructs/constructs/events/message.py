"""ImageEventMessage: every event in one shape, made by EventBridge itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events

from ...model.events.messages import message_for, selection_with_id

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_events import IRuleRef

__all__ = ["ImageEventMessage"]


class ImageEventMessage(events.RuleTargetInput):
    """The one shape of every event of an :class:`EventSubscription`, for targets of your own.

    A topic, queue or function that is subscribed gets it by itself. A target of CDK takes it as
    its input (``targets.SfnStateMachine(machine, input=ImageEventMessage())``); without, it gets
    events as AWS sends them. The rule must be one of a subscription: how the shape is made
    depends on the type of event.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
    """

    def __init__(self) -> None:
        """Take the shape that the rule's events are brought into."""
        super().__init__()

    def bind(self, rule: IRuleRef) -> events.RuleTargetInputProperties:
        """The input transformer of a rule; CDK asks for it.

        :param rule: the rule, of a subscription.
        :raises ValueError: for any other rule; jsii makes a RuntimeError of it.
        """
        selection = selection_with_id(rule.node.id)
        if selection is None:
            raise ValueError(
                f"{rule.node.path} is no rule of an EventSubscription, so its events have no "
                "common shape: subscribe with EventSubscription(..., target=...), to a target in "
                "the account and Region of the subscription (CDK makes a rule of its own elsewhere)"
            )
        message = message_for(selection, partition=cdk.Stack.of(rule).partition)
        return events.RuleTargetInputProperties(
            input_paths_map=dict(message.paths), input_template=message.template
        )
